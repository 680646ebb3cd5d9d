"""The connection to a database, and how transactions begin on it."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, make_url, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from vivavoce.domain.errors import InputError, InternalError, Malformed
from vivavoce.storage import migrations

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

_BUSY_S = 30.0  # how long a writer waits for its turn
_CONNECTIONS = 8
_OLDEST_SQLITE = (3, 35, 0)  # RETURNING


def default_url(data_dir: Path) -> str:
    """The database in a data folder."""
    return URL.create("sqlite", database=str(data_dir / "vivavoce.db")).render_as_string(hide_password=False)


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite database; None for other databases, for one in memory, and for no URL at all."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return None  # whoever opens it says so
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


class Database:
    """Reads and writes as transactions; errors of the driver come out as InternalError.

    `read` and `write` may be used from any thread. A broken rule (a name taken twice, an unknown parent)
    comes out as SQLAlchemy's IntegrityError, for the caller to say what it means.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writing_engine = engine.execution_options(writes=True)
        # SQLite has one writer. Threads of this process queue here, which is fair and costs nothing; its own
        # lock, for which it polls, is left to the other processes.
        self._turn: AbstractContextManager[Any] = threading.Lock() if self.is_sqlite else nullcontext()
        self._held = _Held()

    @property
    def is_sqlite(self) -> bool:
        return self._engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        if (held := self._held.connection) is not None:
            with _driver_errors():
                yield held
            return
        with _driver_errors(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def together(self) -> Iterator[None]:
        """This thread's reads share one connection: taking one costs as much as a look-up."""
        with self.read() as connection:
            before, self._held.connection = self._held.connection, connection
            try:
                yield
            finally:
                self._held.connection = before

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with _driver_errors(), self._turn, self._writing_engine.begin() as connection:
            yield connection

    def ping(self) -> None:
        with self.read() as connection:
            connection.execute(text("SELECT count(*) FROM seals"))

    def close(self) -> None:
        self._engine.dispose()


class _Held(threading.local):
    """The connection that a thread reads through for a while."""

    connection: Connection | None = None


def inserting(connection: Connection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """An INSERT that can say ON CONFLICT; both databases spell it alike, SQLAlchemy does not."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)


def open_database(url: str) -> Database:
    """Connect, and bring the tables up to date. Raises InputError when that cannot be done."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise Malformed("the database URL cannot be read") from error
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    shown = parsed.render_as_string(hide_password=True)
    if parsed.drivername not in ("sqlite", "postgresql+psycopg"):
        raise Malformed(f"no such kind of database: {shown} (sqlite or postgresql+psycopg)")
    if parsed.drivername == "sqlite" and (parsed.database or ":memory:") == ":memory:":
        raise Malformed("SQLite needs a file: a database in memory is not shared between threads")
    try:
        engine = _sqlite(parsed) if parsed.drivername == "sqlite" else _postgresql(parsed)
        database = Database(engine)
        try:
            migrations.upgrade(database.read, database.write)
        except BaseException:
            database.close()
            raise
    except (InternalError, NoSuchModuleError, sqlite3.Error, OSError) as error:
        raise InputError(f"the database {shown} cannot be opened: {error}") from error
    return database


def _postgresql(url: URL) -> Engine:
    return create_engine(url, pool_size=_CONNECTIONS, max_overflow=_CONNECTIONS, pool_pre_ping=True)


def _sqlite(url: URL) -> Engine:
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise InputError(f"SQLite {sqlite3.sqlite_version} is too old: 3.35 is needed")
    path = Path(url.database or "")
    path.parent.mkdir(parents=True, exist_ok=True)
    _use_write_ahead_log(path)
    engine = create_engine(
        url, pool_size=_CONNECTIONS, max_overflow=_CONNECTIONS, connect_args={"timeout": _BUSY_S}
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _use_write_ahead_log(path: Path) -> None:
    """The mode is a property of the file. Changing it fails at once while others use the file (the busy
    time does not hold for it), so that processes that start together have to try again."""
    deadline = time.monotonic() + _BUSY_S
    while True:
        connection = sqlite3.connect(path, timeout=_BUSY_S)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        finally:
            connection.close()


def _prepare(connection: sqlite3.Connection, record: object) -> None:
    connection.isolation_level = None  # transactions begin where `_begin` says, not where the driver guesses
    connection.execute("PRAGMA foreign_keys = ON")
    # With the write-ahead log a commit is handed to the system before it is reported, so that it survives
    # the death of the process; only a power cut can take the newest ones, and never the file's consistency.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA cache_size = -4000")  # KiB


def _begin(connection: Connection) -> None:
    """A transaction that will write takes the lock at its start: one that first reads and then wants to
    write cannot wait for another writer and would fail."""
    if connection.get_execution_options().get("writes", False):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:  # this one locks nothing and cannot fail; past SQLAlchemy it costs a tenth
        connection.connection.cursor().execute("BEGIN")


@contextmanager
def _driver_errors() -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise
    except DBAPIError as error:  # its own text holds the statement and the values
        raise InternalError(f"the database failed: {error.orig}") from error
    except PoolTimeout as error:
        raise InternalError("the database is too busy: no connection came free") from error
