"""The server of `viva serve`, from its first request to a clean stop."""

import asyncio
import contextlib
import gc
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from vivavoce import wiring
from vivavoce.cli.console import out
from vivavoce.engine.core import Engine
from vivavoce.settings import Settings

# Longer than clients and proxies keep idle connections (15 to 60 s): else a client may write into one that is
# being closed, and an upload cannot simply be sent again.
KEEP_ALIVE_S = 75


class _Server(uvicorn.Server):
    """uvicorn, with signals left to the command: a stop on SIGTERM is a clean one, exit code 0."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve_until_stopped(engine: Engine, settings: Settings, listener: socket.socket) -> None:
    """Serve on a listening socket until SIGTERM or SIGINT; tells stdout where it listens."""
    app, dispatcher = wiring.build_server(engine, settings)
    server = _Server(
        uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=10,
            timeout_keep_alive=KEEP_ALIVE_S,
        )
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, lambda: setattr(server, "should_exit", True))
    await wiring.forget_abandoned(engine, settings)
    await dispatcher.start()
    gc.collect()
    gc.freeze()  # all this stays: full collections, which hold up every thread, need not look through it
    try:
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        ready = asyncio.create_task(server.ready.wait())
        await asyncio.wait({serving, ready}, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if server.started:
            port = listener.getsockname()[1]
            host = f"[{settings.host}]" if ":" in settings.host else settings.host
            out().print(f"Listening on http://{host}:{port}")
        await serving
    finally:
        with contextlib.suppress(asyncio.CancelledError):
            await dispatcher.aclose()
