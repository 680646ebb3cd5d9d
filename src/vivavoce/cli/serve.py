"""`viva serve`: the testing API and its workers in one process."""

import socket
import sys
from contextlib import ExitStack
from typing import Annotated

import typer

from vivavoce import wiring
from vivavoce.cli import logs
from vivavoce.cli.console import err
from vivavoce.cli.options import DatabaseUrl, DataDir, settings_of
from vivavoce.domain.errors import InputError
from vivavoce.settings import LOOPBACK, Settings

HAND_OVER_S = 0.001


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
    from vivavoce.cli.serving import serve_until_stopped  # uvicorn, which no other command needs

    settings = settings_of(context, host=host, port=port, data_dir=data_dir, database_url=database_url)
    logs.configure(settings.log)
    listener = _listen(settings)
    with ExitStack() as stack:
        stack.enter_context(wiring.only_server(settings))
        engine = stack.enter_context(
            wiring.open_engine(settings, allow=wiring.server_reach(settings), shared=True)
        )
        if settings.host not in LOOPBACK:
            err().print(
                "bots on loopback and private addresses are refused unless VIVA_ALLOW_HOSTS names them"
            )
        # Threads that read and write for runs hand over to the loop that answers sooner than Python's 5 ms.
        sys.setswitchinterval(HAND_OVER_S)
        wiring.run_async(serve_until_stopped(engine, settings, listener))


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
