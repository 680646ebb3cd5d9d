"""The engine with its database, blobs and threads."""

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from vivavoce.connectors.addresses import Allow
from vivavoce.domain.bot import Bot
from vivavoce.domain.secrecy import ALLOWED, references
from vivavoce.engine.core import Engine, Sizes
from vivavoce.engine.ports.store import Store
from vivavoce.settings import Settings
from vivavoce.storage.blobs import open_blobs
from vivavoce.storage.database import default_url
from vivavoce.storage.store import open_store
from vivavoce.wiring.connecting import BotConnectors
from vivavoce.wiring.grading import graders
from vivavoce.wiring.judging import LargeRuns
from vivavoce.wiring.keys import make_folder, secret_key
from vivavoce.wiring.machine import SystemClock, new_id

THREADS = 4  # SQLite has one writer; more threads only wait


def throwaway(settings: Settings, folder: Path) -> Settings:
    """The same settings, with everything kept in a folder that will be deleted."""
    return replace(settings, data_dir=folder, database_url="", blob_url="")


@contextmanager
def open_store_of(settings: Settings) -> Iterator[Store]:
    """The store alone, for commands that play nothing."""
    make_folder(settings.data_dir)
    store = open_store(
        settings.database_url or default_url(settings.data_dir), secret_key=secret_key(settings)
    )
    try:
        yield store
    finally:
        store.close()


@contextmanager
def open_engine(settings: Settings, *, allow: Allow | None = None, shared: bool = False) -> Iterator[Engine]:
    """The engine with its database, blobs and threads. `shared`: its suites come from others than whoever set
    the environment."""
    with (
        open_store_of(settings) as store,
        ThreadPoolExecutor(THREADS, "viva-store") as threads,
        closing(LargeRuns()) as judges,
    ):
        yield Engine(
            store=store,
            blobs=open_blobs(settings.blob_url or settings.data_dir / "blobs"),
            connectors=BotConnectors(environment=os.environ, allow=allow),
            clock=SystemClock(),
            new_id=new_id,
            threads=threads,
            sizes=Sizes(settings.max_conversation_file, settings.max_batch_file),
            graders=graders(settings),
            judges=judges,
            suite_secrets=partial(suite_secrets, os.environ, shared=shared),
        )


def suite_secrets(environment: Mapping[str, str], bot: Bot, *, shared: bool) -> dict[str, str]:
    """The variables that a bot's suites may read. Where suites are shared, only those that the bot's own file
    names: nobody may send another bot's token to a bot of theirs."""
    names = {name for name in environment if ALLOWED.fullmatch(name)}
    if shared:
        names &= {name for _, name in references([bot.connector, *bot.versions.values()])}
    return {name: environment[name].rstrip("\r\n") for name in names}
