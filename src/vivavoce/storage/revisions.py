"""The history of suites: each revision as it is, or is to be, with its units."""

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, and_, delete, exists, func, insert, not_, select, update
from sqlalchemy.sql.elements import ColumnElement

from vivavoce.domain.catalog import Suite, SuiteKind
from vivavoce.domain.run import RunStatus
from vivavoce.formats.payloads import encode
from vivavoce.storage.tables import runs, suite_revisions, suite_units, suites

_decode = msgspec.json.Decoder(Suite).decode
_row = suite_revisions.c


def keep(connection: Connection, suite: Suite) -> None:
    """Keep a staged revision."""
    row = {
        "suite_id": suite.id,
        "revision": suite.revision,
        "published": False,
        "created_on": suite.modified_on,
        "payload": encode(suite),
    }
    connection.execute(insert(suite_revisions).values(row))


def rewrite(connection: Connection, suite: Suite, *, published: bool) -> bool:
    """Put a kept revision's suite in its place; False: it was discarded."""
    statement = update(suite_revisions).where(_of(suite.id, suite.revision))
    return connection.execute(statement.values(published=published, payload=encode(suite))).rowcount > 0


def read(connection: Connection, suite_id: str, revision: int, *, staged: bool) -> Suite | None:
    row = connection.execute(select(_row.published, _row.payload).where(_of(suite_id, revision))).first()
    return _decode(row.payload) if row and (row.published or staged) else None


def published(connection: Connection, suite_id: str, *, skip: int, limit: int) -> tuple[int, list[Suite]]:
    """How many there are, and some of them, newest first."""
    wanted = and_(_row.suite_id == suite_id, _row.published)
    count = connection.scalar(select(func.count()).select_from(suite_revisions).where(wanted)) or 0
    query = select(_row.payload).where(wanted).order_by(_row.revision.desc()).offset(skip).limit(limit)
    return count, [_decode(payload) for payload in connection.scalars(query)]


def same_units(connection: Connection, suite_id: str, one: int, other: int) -> bool:
    """Compared in the database: the units of a large suite stay there."""
    mine, theirs = suite_units.alias(), suite_units.alias()
    of_one = and_(mine.c.suite_id == suite_id, mine.c.revision == one)
    twin = and_(
        theirs.c.suite_id == suite_id,
        theirs.c.revision == other,
        theirs.c.idx == mine.c.idx,
        theirs.c.payload == mine.c.payload,
    )
    strange = select(mine.c.idx).where(of_one, ~exists().where(twin)).limit(1)
    count = select(func.count()).select_from(suite_units).where(suite_units.c.suite_id == suite_id)
    sizes = [connection.scalar(count.where(suite_units.c.revision == number)) for number in (one, other)]
    return sizes[0] == sizes[1] and connection.execute(strange).first() is None


def drop(connection: Connection, suite_id: str, revision: int) -> None:
    connection.execute(delete(suite_revisions).where(_of(suite_id, revision)))
    units = and_(suite_units.c.suite_id == suite_id, suite_units.c.revision == revision)
    connection.execute(delete(suite_units).where(units))


def drop_old(connection: Connection, suite_id: str) -> None:
    """Forget revisions before the one that is seen, unless a run refers to them or they are the history of a
    conversation suite."""
    query = select(suites.c.revision, suites.c.kind).where(suites.c.id == suite_id, suites.c.visible)
    seen = connection.execute(query).first()
    if seen is None:
        return
    in_use = select(runs.c.revision).where(runs.c.suite_id == suite_id)
    old = and_(_row.suite_id == suite_id, _row.revision < seen.revision, _row.revision.not_in(in_use))
    if seen.kind == SuiteKind.CONVERSATION.value:
        old = and_(old, not_(_row.published))
    for revision in connection.scalars(select(_row.revision).where(old)).all():
        drop(connection, suite_id, revision)


def abandoned(connection: Connection, before: datetime, command: timedelta) -> list[tuple[str, int]]:
    """(suite_id, revision) of staged revisions of suites that are seen, begun before a time, which no running
    run refers to; without a file a command keeps them, which may take so long."""
    in_use = exists().where(
        runs.c.suite_id == _row.suite_id,
        runs.c.revision == _row.revision,
        runs.c.status == RunStatus.RUNNING.value,
    )
    query = (
        select(_row.suite_id, _row.revision, _row.created_on, _row.payload)
        .join(suites, suites.c.id == _row.suite_id)
        .where(suites.c.visible, not_(_row.published), _row.created_on < before, ~in_use)
    )
    found = connection.execute(query).all()
    return [
        (row.suite_id, row.revision)
        for row in found
        if _decode(row.payload).file_id or row.created_on < before - command
    ]


def _of(suite_id: str, revision: int) -> ColumnElement[bool]:
    return and_(_row.suite_id == suite_id, _row.revision == revision)
