"""The test bots in a thread of the test's own process."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web
from tests.bots.app import Bots


class RunningBots:
    """Where the bots listen, and the state behind them."""

    def __init__(self, url: str, bots: Bots) -> None:
        self.url = url  # http://127.0.0.1:<port>
        self.bots = bots


@contextmanager
def running_bots(latency_s: float = 0.0) -> Iterator[RunningBots]:
    """Serve the bots on a free port until the block ends."""
    bots = Bots(latency_s)
    loop = asyncio.new_event_loop()
    runner = web.AppRunner(bots.application(), access_log=None, shutdown_timeout=0.1)

    async def start() -> str:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        return f"http://{host}:{port}"

    thread = threading.Thread(target=loop.run_forever, name="bots", daemon=True)
    thread.start()
    try:
        yield RunningBots(asyncio.run_coroutine_threadsafe(start(), loop).result(10), bots)
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
