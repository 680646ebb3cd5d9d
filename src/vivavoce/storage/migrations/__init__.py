"""The history of the tables.

A change of `tables.py` is a new file in `versions` with the next number, whose `upgrade` is written by hand
in Alembic's operations, and its number here at the end of `REVISIONS`. Files that were released never change.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from vivavoce.domain.errors import Conflict

REVISIONS = ("0001",)  # oldest first

Begin = Callable[[], AbstractContextManager[Connection]]

_LOCK = 0x76697661  # any number: PostgreSQL's name for "migrating Vivavoce's tables"


def upgrade(read: Begin, write: Begin) -> None:
    """Bring a database to the newest revision; processes that start together take turns.

    Raises Conflict when a newer Vivavoce made the database.
    """
    with read() as connection:
        if current(connection) == REVISIONS[-1]:
            return  # the usual start does not pay for loading Alembic
    with write() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        if current(connection) != REVISIONS[-1]:
            _migrate(connection)


def current(connection: Connection) -> str:
    """The revision of a database; empty: it has no tables yet. Raises Conflict for an unknown one."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""
    if revision and revision not in REVISIONS:
        raise Conflict(
            f"the database was made by a newer Vivavoce (its tables are at {revision}, "
            f"this one knows {REVISIONS[-1]}): install that version or a later one"
        )
    return str(revision)


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
