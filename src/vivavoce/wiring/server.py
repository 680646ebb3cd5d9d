"""The server: its reach, its lock, its API."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from vivavoce.connectors.addresses import Allow
from vivavoce.connectors.reach import reach
from vivavoce.dispatch.local import LocalDispatcher
from vivavoce.engine.core import Engine
from vivavoce.server.services import ServerSettings, Services
from vivavoce.settings import Settings
from vivavoce.storage.database import sqlite_file
from vivavoce.storage.lock import SqliteLock
from vivavoce.wiring.keys import make_folder, secret_key

if TYPE_CHECKING:
    from starlette.types import ASGIApp


def server_reach(settings: Settings) -> Allow:
    """Which bot addresses this server may call."""
    return reach(private=settings.private_bots_allowed, hosts=settings.allow_hosts)


@contextmanager
def only_server(settings: Settings) -> Iterator[None]:
    """Refuse a second server on the same SQLite database; a PostgreSQL may be shared. Raises Conflict."""
    if not settings.database_url:
        make_folder(settings.data_dir)
        with SqliteLock(settings.data_dir):
            yield
    elif file := sqlite_file(settings.database_url):
        with SqliteLock(file.parent, f"serve {file.name}"):
            yield
    else:
        yield


def build_server(engine: Engine, settings: Settings) -> "tuple[ASGIApp, LocalDispatcher]":
    """The API and who plays its runs, in this process."""
    from vivavoce.server.app import create_app  # only this command needs FastAPI, which loads slowly

    dispatcher = LocalDispatcher(engine)
    server = ServerSettings(
        secret_key=secret_key(settings),
        public_url=settings.public_url,
        rate_per_minute=settings.rate_per_minute,
        rate_per_hour=settings.rate_per_hour,
    )
    return create_app(Services(engine, dispatcher, server)), dispatcher


async def forget_abandoned(engine: Engine, settings: Settings) -> None:
    """Suites that a killed process left half-imported go; another process may be importing right now only
    where the database is shared."""
    patience = timedelta(hours=1) if settings.database_url else timedelta()
    before = engine.clock.now() - patience
    await engine.call(engine.store.suites.discard_abandoned, before)
