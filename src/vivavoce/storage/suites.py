"""Suites, staged and published, and their units."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, bindparam, delete, exists, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.domain.catalog import StoredFile, Suite, SuiteKind
from vivavoce.domain.errors import Conflict, NotFound
from vivavoce.domain.run import RunStatus
from vivavoce.domain.suite import TestCase
from vivavoce.engine.ports.suites import SuitePage
from vivavoce.engine.ports.units import RawChunk, Unit
from vivavoce.engine.prebuilt import PREBUILT_NAMES
from vivavoce.formats.payloads import decode_cases, encode
from vivavoce.storage import revisions
from vivavoce.storage.bulk import BulkInsert
from vivavoce.storage.database import Database, inserting
from vivavoce.storage.files import drop_orphans
from vivavoce.storage.tables import runs, suite_files, suite_intents, suite_tags, suite_units, suites

_decode = msgspec.json.Decoder(Suite).decode
_decode_conversation: msgspec.json.Decoder[tuple[TestCase]] = msgspec.json.Decoder(tuple[TestCase])
_insert_units = BulkInsert(suite_units)
_by_name = select(suites.c.payload).where(  # at each call of the API that names a suite
    suites.c.bot_id == bindparam("bot_id"),
    suites.c.kind == bindparam("kind"),
    suites.c.visible,
    suites.c.name == bindparam("name"),
)
_WRITTEN_AT_ONCE = 10_000  # steps or utterances
_READ_AT_ONCE = 32
_LONGEST_COMMAND = timedelta(days=1)  # that keeps a suite


class SqlSuiteStore:
    """See engine.ports.suites.SuiteStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- making a suite -------------------------------------------------------------------------

    def stage(self, suite: Suite) -> None:
        row = {
            "id": suite.id,
            "bot_id": suite.bot_id,
            "kind": suite.kind.value,
            "name": suite.name,
            "visible": False,
            "revision": suite.revision,
            "last_revision": suite.revision,
            "created_on": suite.created_on,
            "payload": encode(suite),
        }
        try:
            with self._database.write() as connection:
                connection.execute(insert(suites).values(row))
                revisions.keep(connection, suite)
                _link_file(connection, suite)
        except IntegrityError as error:
            raise _taken(suite) from error

    def restage(self, suite: Suite) -> None:
        """Raises NotFound when there is no such staged suite, and Conflict when its new name is taken."""
        staged = update(suites).where(suites.c.id == suite.id, ~suites.c.visible)
        try:
            with self._database.write() as connection:
                row = {"name": suite.name, "payload": encode(suite)}
                if not connection.execute(staged.values(row)).rowcount:
                    raise NotFound(f"there is no staged suite {suite.id}")
                revisions.rewrite(connection, suite, published=False)
                _link_file(connection, suite)
        except IntegrityError as error:
            raise _taken(suite) from error

    def stage_revision(self, suite: Suite) -> Suite:
        statement = (
            update(suites)
            .where(suites.c.id == suite.id)
            .values(last_revision=suites.c.last_revision + 1)
            .returning(suites.c.last_revision)
        )
        with self._database.write() as connection:
            revision = connection.execute(statement).scalar()
            if revision is None:
                raise NotFound(f"there is no suite {suite.id}")
            staged = msgspec.structs.replace(suite, revision=int(revision))
            revisions.keep(connection, staged)
        return staged

    def add_units(self, suite_id: str, revision: int, kind: SuiteKind, units: Iterable[Unit]) -> None:
        """Raises NotFound when the suite was discarded meanwhile.

        In several transactions: `units` may be parsed from a large file on the way, and others want to
        write in between.
        """
        remaining = iter(units)
        while rows := _unit_rows(suite_id, revision, remaining):
            try:
                with self._database.write() as connection:
                    _insert_units(connection, rows)
            except IntegrityError as error:
                if self.by_id(suite_id) is None:
                    raise NotFound(f"there is no suite {suite_id}") from error
                raise Conflict(f"units of {suite_id} were added twice") from error

    def replace_unit(self, suite_id: str, revision: int, unit: Unit) -> None:
        """Raises NotFound."""
        row = {"first": unit.first, "size": unit.size, "payload": encode(unit.cases)}
        statement = update(suite_units).where(*_key(suite_id, revision), suite_units.c.idx == unit.index)
        with self._database.write() as connection:
            if not connection.execute(statement.values(row)).rowcount:
                raise NotFound(f"there is no unit {unit.index} of {suite_id}")

    def publish(self, suite: Suite) -> None:
        """Raises NotFound, and Conflict when the name was changed to one that is taken, when a later revision
        was published already, or when this one was discarded."""
        intents = self.expected_intents(suite)
        try:
            with self._database.write() as connection:
                self.publish_in(connection, suite, intents)
        except IntegrityError as error:
            raise _taken(suite) from error

    def publish_in(self, connection: Connection, suite: Suite, intents: Collection[str]) -> None:
        """`publish` as a part of somebody's transaction; `intents` as `expected_intents` tells them."""
        overtaken = and_(suites.c.visible, suites.c.revision > suite.revision)
        publish = update(suites).where(suites.c.id == suite.id, ~overtaken)
        size = select(func.count(), func.coalesce(func.sum(suite_units.c.size), 0))
        count, total = connection.execute(size.where(*_key(suite.id, suite.revision))).one()
        suite = msgspec.structs.replace(suite, unit_count=count, total=total)
        row = {"name": suite.name, "visible": True, "revision": suite.revision, "payload": encode(suite)}
        if not connection.execute(publish.values(row)).rowcount:
            raise self._not_published(connection, suite)
        if not revisions.rewrite(connection, suite, published=True):
            raise Conflict(f"revision {suite.revision} of the suite {suite.name!r} was discarded meanwhile")
        _link_file(connection, suite)
        connection.execute(delete(suite_tags).where(suite_tags.c.suite_id == suite.id))
        if tags := [{"suite_id": suite.id, "tag": tag} for tag in sorted(set(suite.head.tags))]:
            connection.execute(insert(suite_tags), tags)
        connection.execute(delete(suite_intents).where(suite_intents.c.suite_id == suite.id))
        if rows := [{"suite_id": suite.id, "intent": intent} for intent in sorted(intents)]:
            connection.execute(insert(suite_intents), rows)
        revisions.drop_old(connection, suite.id)

    def _not_published(self, connection: Connection, suite: Suite) -> NotFound | Conflict:
        if connection.scalar(select(suites.c.id).where(suites.c.id == suite.id)) is None:
            return NotFound(f"there is no suite {suite.id}")
        return Conflict(f"the {suite.kind.value} suite {suite.name!r} was updated by another call meanwhile")

    def expected_intents(self, suite: Suite) -> set[str]:
        """The intents that its steps expect, by id; of a batch suite none."""
        if suite.kind is not SuiteKind.CONVERSATION:
            return set()
        return {
            intent
            for unit in self._units(suite.id, suite.revision, suite.kind)
            for case in unit.cases
            if isinstance(case, TestCase)
            for intent in _intents(case)
        }

    def discard(self, suite_id: str, revision: int) -> None:
        """What is seen stays."""
        with self._database.write() as connection:
            row = connection.execute(
                select(suites.c.visible, suites.c.revision).where(suites.c.id == suite_id)
            ).first()
            if row is not None and not row.visible:
                connection.execute(delete(suites).where(suites.c.id == suite_id))
            elif row is not None and row.revision != revision:
                revisions.drop(connection, suite_id, revision)

    def discard_abandoned(self, before: datetime) -> int:
        in_use = exists().where(runs.c.suite_id == suites.c.id, runs.c.status == RunStatus.RUNNING.value)
        unnamed, long_before = suites.c.name == suites.c.id, before - _LONGEST_COMMAND
        old = and_(suites.c.created_on < before, or_(~unnamed, suites.c.created_on < long_before))
        statement = delete(suites).where(~suites.c.visible, old, ~in_use)
        with self._database.write() as connection:
            left = revisions.abandoned(connection, before, _LONGEST_COMMAND)
            for suite_id, revision in left:
                revisions.drop(connection, suite_id, revision)
            return connection.execute(statement).rowcount + len(left)

    # --- looking at suites ----------------------------------------------------------------------

    def get(self, bot_id: str, kind: SuiteKind, name: str) -> Suite | None:
        named = {"bot_id": bot_id, "kind": kind.value, "name": name}
        with self._database.read() as connection:
            payload = connection.scalar(_by_name, named)
        return None if payload is None else _decode(payload)

    def by_id(self, suite_id: str) -> Suite | None:
        with self._database.read() as connection:
            payload = connection.scalar(select(suites.c.payload).where(suites.c.id == suite_id))
        return None if payload is None else _decode(payload)

    def page(
        self, bot_id: str, kind: SuiteKind, *, skip: int, limit: int, tag: str = "", intent: str = ""
    ) -> SuitePage:
        wanted = [*_of(bot_id, kind)]
        if kind is SuiteKind.BATCH:
            wanted.append(suites.c.name.not_in(PREBUILT_NAMES))
        if tag:
            wanted.append(exists().where(suite_tags.c.suite_id == suites.c.id, suite_tags.c.tag == tag))
        if intent:
            expects = exists().where(
                suite_intents.c.suite_id == suites.c.id, suite_intents.c.intent == intent
            )
            wanted.append(expects)
        query = select(suites.c.payload).where(*wanted).order_by(suites.c.name).offset(skip).limit(limit)
        with self._database.read() as connection:
            count = connection.scalar(select(func.count()).select_from(suites).where(*wanted)) or 0
            items = tuple(_decode(payload) for payload in connection.scalars(query))
        return SuitePage(count=count, more=skip + len(items) < count, items=items)

    def revision(self, suite_id: str, revision: int, *, staged: bool = False) -> Suite | None:
        with self._database.read() as connection:
            return revisions.read(connection, suite_id, revision, staged=staged)

    def revisions(self, suite_id: str, *, skip: int, limit: int) -> SuitePage:
        with self._database.read() as connection:
            count, items = revisions.published(connection, suite_id, skip=skip, limit=limit)
        return SuitePage(count=count, more=skip + len(items) < count, items=tuple(items))

    def same_units(self, suite_id: str, one: int, other: int) -> bool:
        with self._database.read() as connection:
            return revisions.same_units(connection, suite_id, one, other)

    def units(self, suite_id: str, revision: int, *, first: int = 0) -> Iterator[Unit]:
        """Raises NotFound when there is no such suite (at the first unit)."""
        yield from self._units(suite_id, revision, self._kind(suite_id), first)

    def _units(self, suite_id: str, revision: int, kind: SuiteKind, first: int = 0) -> Iterator[Unit]:
        for row in self._rows(suite_id, revision, first):
            yield Unit(row.idx, row.first, _cases(kind, row.payload))

    def _rows(self, suite_id: str, revision: int, first: int) -> Iterator[Any]:
        query = select(suite_units.c.idx, suite_units.c.first, suite_units.c.size, suite_units.c.payload)
        query = query.where(*_key(suite_id, revision)).order_by(suite_units.c.idx).limit(_READ_AT_ONCE)
        while True:
            with self._database.read() as connection:
                rows = connection.execute(query.where(suite_units.c.idx >= first)).all()
            yield from rows
            if len(rows) < _READ_AT_ONCE:
                return
            first = rows[-1].idx + 1

    def raw_chunks(self, suite_id: str, revision: int, *, first: int = 0) -> Iterator[RawChunk]:
        for row in self._rows(suite_id, revision, first):
            yield RawChunk(row.idx, row.first, row.size, row.payload)

    def unit(self, suite_id: str, revision: int, index: int) -> Unit:
        """Raises NotFound."""
        query = select(suites.c.kind, suite_units.c.first, suite_units.c.payload)
        query = query.join(suite_units, suite_units.c.suite_id == suites.c.id)
        query = query.where(*_key(suite_id, revision), suite_units.c.idx == index)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise NotFound(f"there is no unit {index} of {suite_id}, revision {revision}")
        return Unit(index, row.first, _cases(SuiteKind(row.kind), row.payload))

    def _kind(self, suite_id: str) -> SuiteKind:
        with self._database.read() as connection:
            kind = connection.scalar(select(suites.c.kind).where(suites.c.id == suite_id))
        if kind is None:
            raise NotFound(f"there is no suite {suite_id}")
        return SuiteKind(kind)

    # --- the end of a suite ---------------------------------------------------------------------

    def remove(self, suite_id: str) -> list[StoredFile]:
        with self._database.write() as connection:
            linked = select(suite_files.c.file_id).where(suite_files.c.suite_id == suite_id)
            reports = select(runs.c.report_file).where(runs.c.suite_id == suite_id)
            file_ids = {*connection.scalars(linked), *connection.scalars(reports)} - {""}
            connection.execute(delete(runs).where(runs.c.suite_id == suite_id))
            connection.execute(delete(suites).where(suites.c.id == suite_id))
            return drop_orphans(connection, file_ids)


def _of(bot_id: str, kind: SuiteKind) -> tuple[Any, ...]:
    return suites.c.bot_id == bot_id, suites.c.kind == kind.value, suites.c.visible


def _key(suite_id: str, revision: int) -> tuple[Any, ...]:
    return suite_units.c.suite_id == suite_id, suite_units.c.revision == revision


def _unit_rows(suite_id: str, revision: int, units: Iterator[Unit]) -> list[tuple[Any, ...]]:
    """The next units, so many that writing them is worth a transaction; none when there are no more."""
    rows: list[tuple[Any, ...]] = []
    size = 0
    for unit in units:
        rows.append((suite_id, revision, unit.index, unit.first, unit.size, encode(unit.cases)))
        size += unit.size
        if size >= _WRITTEN_AT_ONCE:
            break
    return rows


def _cases(kind: SuiteKind, payload: bytes) -> tuple[TestCase] | tuple[BatchCase, ...]:
    return _decode_conversation.decode(payload) if kind is SuiteKind.CONVERSATION else decode_cases(payload)


def _link_file(connection: Connection, suite: Suite) -> None:
    if suite.file_id:
        link = inserting(connection, suite_files).values(suite_id=suite.id, file_id=suite.file_id)
        connection.execute(link.on_conflict_do_nothing())


def _intents(case: TestCase) -> Collection[str]:
    """Ids of the intents that a conversation expects."""
    found = set()
    for step in case.steps:
        for output in step.outputs:
            found.add(output.metadata.intent_id)
            found.update(entry.intent_id or "" for entry in output.assertions.flow.contains)
    return found - {""}


def _taken(suite: Suite) -> Conflict:
    return Conflict(f"the bot already has a {suite.kind.value} suite named {suite.name!r}")
