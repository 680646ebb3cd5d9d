"""`viva serve`: the testing API and its workers in one process."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Annotated

import typer
import uvicorn

from vivavoce import wiring
from vivavoce.cli import logs
from vivavoce.cli.console import err, out
from vivavoce.cli.options import DatabaseUrl, DataDir, settings_of
from vivavoce.domain.errors import InputError
from vivavoce.engine.core import Engine
from vivavoce.settings import LOOPBACK, Settings


def serve(
    context: typer.Context,
    host: Annotated[
        str | None, typer.Option("--host", metavar="H", help="Address to listen on (VIVA_HOST).")
    ] = None,
    port: Annotated[
        int | None, typer.Option("--port", metavar="P", help="Port; 0 picks a free one (VIVA_PORT).")
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Serve the testing API and play its runs, until SIGTERM or SIGINT."""
    settings = settings_of(context, host=host, port=port, data_dir=data_dir, database_url=database_url)
    logs.configure(settings.log)
    listener = _listen(settings)
    with ExitStack() as stack:
        stack.enter_context(wiring.only_server(settings))
        engine = stack.enter_context(wiring.open_engine(settings, allow=wiring.server_reach(settings)))
        if settings.host not in LOOPBACK:
            err().print(
                "bots on loopback and private addresses are refused unless VIVA_ALLOW_HOSTS names them"
            )
        wiring.run_async(_serve(engine, settings, listener))


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise InputError(
            f"cannot listen on {settings.host}:{settings.port}: {error.strerror}; choose another --port"
        ) from error
    return listener


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


async def _serve(engine: Engine, settings: Settings, listener: socket.socket) -> None:
    app, dispatcher = wiring.build_server(engine, settings)
    server = _Server(
        uvicorn.Config(app, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=10)
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, lambda: setattr(server, "should_exit", True))
    await wiring.forget_abandoned(engine, settings)
    await dispatcher.start()
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
