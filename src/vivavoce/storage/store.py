"""All that is kept, behind one value."""

from contextlib import AbstractContextManager

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from vivavoce.engine.ports.runs import RunStore
from vivavoce.engine.ports.store import AppStore, BotStore, FileStore, RateStore, Store
from vivavoce.engine.ports.suites import SuiteStore
from vivavoce.storage.apps import SqlAppStore
from vivavoce.storage.bots import SqlBotStore
from vivavoce.storage.database import Database, open_database
from vivavoce.storage.files import SqlFileStore
from vivavoce.storage.rates import SqlRateStore
from vivavoce.storage.runs import SqlRunStore
from vivavoce.storage.sealing import Seal
from vivavoce.storage.suites import SqlSuiteStore
from vivavoce.storage.tables import seals

_CHECK = "check"


def open_store(url: str, *, secret_key: bytes) -> Store:
    """Open the database at an SQLAlchemy URL; it is created or brought up to date where it has to be.

    Raises InputError: the database cannot be opened, a newer Vivavoce made it (Conflict), or the secret key
    is not the one its secrets were sealed with (WrongKey).
    """
    database = open_database(url)
    seal = Seal(secret_key)
    try:
        _check(database, seal)
    except BaseException:
        database.close()
        raise
    return SqlStore(database, seal)


class SqlStore:
    """See engine.ports.store.Store."""

    def __init__(self, database: Database, seal: Seal) -> None:
        self._database = database
        self.bots: BotStore = SqlBotStore(database)
        self.apps: AppStore = SqlAppStore(database, seal)
        self.files: FileStore = SqlFileStore(database)
        self.suites: SuiteStore = SqlSuiteStore(database)
        self.runs: RunStore = SqlRunStore(database)
        self.rates: RateStore = SqlRateStore(database)

    def together(self) -> AbstractContextManager[None]:
        return self._database.together()

    def ping(self) -> None:
        self._database.ping()

    def close(self) -> None:
        self._database.close()


def _check(database: Database, seal: Seal) -> None:
    """The first one to open a database leaves a sealed text; whoever follows must be able to open it, so
    that no two keys are ever mixed in one database."""
    query = select(seals.c.sealed).where(seals.c.name == _CHECK)
    with database.read() as connection:
        sealed = connection.scalar(query)
    if sealed is None:
        try:
            with database.write() as connection:
                sealed = seal.close(_CHECK, about=_CHECK)
                connection.execute(insert(seals).values(name=_CHECK, sealed=sealed))
            return
        except IntegrityError:  # another process was first
            with database.read() as connection:
                sealed = connection.scalar(query)
    seal.open(sealed or b"", about=_CHECK)
