"""The test bots as a process: `python -m tests.bots.server --port 0 [--latency S] [--fast]`.

Prints its port as the first line, and stops on SIGTERM and SIGINT.
"""

import argparse
import asyncio
import signal
import sys

from aiohttp import web
from tests.bots.app import Bots
from tests.bots.fast import FastBot


async def serve(port: int, latency_s: float, fast: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    if fast:
        server = await loop.create_server(lambda: FastBot(latency_s), "127.0.0.1", port)
        announce(server.sockets[0].getsockname()[1])
        await stop.wait()
        server.close()
        return
    runner = web.AppRunner(Bots(latency_s).application(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    announce(runner.addresses[0][1])
    await stop.wait()
    await runner.cleanup()


def announce(port: int) -> None:
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description="Small real bots for tests and benches.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before every answer")
    parser.add_argument("--fast", action="store_true", help="only an echo bot, as fast as Python allows")
    options = parser.parse_args()
    if options.fast:
        import uvloop

        uvloop.run(serve(options.port, options.latency, True))
    else:
        asyncio.run(serve(options.port, options.latency, False))


if __name__ == "__main__":
    main()
