"""Results of units: written in bulk, added up by the database, read back page by page."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import attrgetter
from typing import Any, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, func, insert, literal, select, tuple_, update

from vivavoce.domain.batch.utterance import CaseResult
from vivavoce.domain.errors import InternalError
from vivavoce.domain.run import Counts, Run, RunKind, Tally
from vivavoce.domain.verdict import StepResult, Verdict
from vivavoce.engine.ports.units import FinishedUnit, JudgedChunk
from vivavoce.formats.payloads import encode, unpack_results
from vivavoce.storage.bulk import BulkInsert
from vivavoce.storage.database import Database
from vivavoce.storage.tables import case_chunks, run_units, step_results, suite_units


class _Sums(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the results of a chunk add up to."""

    counts: Counts
    tally: Tally


_decode_step = msgspec.json.Decoder(StepResult).decode
_decode_sums = msgspec.json.Decoder(_Sums).decode

_insert_units = BulkInsert(run_units)
_insert_steps = BulkInsert(step_results)
_insert_chunks = BulkInsert(case_chunks)

_MARKED_AT_ONCE = 500  # units in one statement
_READ_AT_ONCE = 500  # results in one page
_CHUNKS_AT_ONCE = 4

Added = TypeVar("Added", Counts, Tally)


def plan(connection: Connection, seq: int, run: Run, units: Sequence[int] | None) -> None:
    """Plan the units of the run's suite that are named (None: all), each so often as the run repeats it."""
    of_suite = (suite_units.c.suite_id == run.suite_id, suite_units.c.revision == run.revision)
    if units is None:
        names = [column.name for column in run_units.columns]
        for repeat in range(run.repeats):
            row = (literal(seq), literal(repeat), suite_units.c.idx, suite_units.c.size, literal(False))
            connection.execute(insert(run_units).from_select(names, select(*row).where(*of_suite)))
        return
    sizes: dict[int, int] = {
        row.idx: row.size
        for row in connection.execute(select(suite_units.c.idx, suite_units.c.size).where(*of_suite))
    }
    if strangers := set(units) - sizes.keys():
        raise InternalError(f"the suite {run.suite_name!r} has no unit {min(strangers)}")
    for repeat in range(run.repeats):
        _insert_units(connection, [(seq, repeat, unit, sizes[unit], False) for unit in sorted(units)])


def write(connection: Connection, run: int, units: Sequence[FinishedUnit]) -> int:
    """Keep the results of those units that are not finished yet; returns their steps or cases.

    The caller holds the run's row, so that no two transactions take the same unit.
    """
    size = 0
    by_repeat: dict[int, list[FinishedUnit]] = {}
    for unit in units:
        by_repeat.setdefault(unit.repeat, []).append(unit)
    for repeat, its_units in by_repeat.items():
        for start in range(0, len(its_units), _MARKED_AT_ONCE):
            some = {unit.index: unit for unit in its_units[start : start + _MARKED_AT_ONCE]}
            size += _write(connection, run, repeat, some)
    return size


def _write(connection: Connection, run: int, repeat: int, units: dict[int, FinishedUnit]) -> int:
    here = (run_units.c.run == run, run_units.c.repeat == repeat, run_units.c.unit.in_(units))
    fresh = connection.execute(
        update(run_units)
        .where(*here, ~run_units.c.finished)
        .values(finished=True)
        .returning(run_units.c.unit, run_units.c.size)
    ).all()
    if len(fresh) < len(units):
        planned = connection.scalars(select(run_units.c.unit).where(*here))
        if strangers := set(units) - set(planned):
            raise InternalError(f"the run has no unit {min(strangers)} to play as repeat {repeat}")
    steps: list[tuple[Any, ...]] = []
    chunks: list[tuple[Any, ...]] = []
    for row in sorted(fresh, key=attrgetter("unit")):  # in the order of the key, which is quickest
        results = units[row.unit].results
        if isinstance(results, JudgedChunk):
            sums = encode(_Sums(results.counts, results.tally))
            chunks.append((run, row.unit, results.first, results.last, sums, results.packed))
            continue
        for result in results:
            steps.append((run, row.unit, repeat, result.index, result.verdict.value, encode(result)))
    _insert_steps(connection, steps)
    _insert_chunks(connection, chunks)
    return sum(row.size for row in fresh)


def count(connection: Connection, run: int, kind: RunKind, total: int) -> Counts:
    """By verdict; what has no result counts as not executed."""
    found = _count_cases(connection, run) if kind is RunKind.BATCH else _count_steps(connection, run)
    return msgspec.structs.replace(found, not_executed=found.not_executed + total - found.total)


def _count_steps(connection: Connection, run: int) -> Counts:
    number = func.count().label("number")
    verdict = step_results.c.verdict
    query = select(verdict, number).where(step_results.c.run == run).group_by(verdict)
    found = {row.verdict: int(row.number) for row in connection.execute(query)}
    return Counts(
        passed=found.get(Verdict.PASSED.value, 0),
        failed=found.get(Verdict.FAILED.value, 0),
        error=found.get(Verdict.ERROR.value, 0),
    )


def _count_cases(connection: Connection, run: int) -> Counts:
    return _added(Counts(), (sums.counts for sums in _sums(connection, run)))


def add_up(connection: Connection, run: int) -> Tally:
    """Of the case results that are there: the figures of domain.metrics.tally_of, reading no result."""
    return _added(Tally(), (sums.tally for sums in _sums(connection, run)))


def _sums(connection: Connection, run: int) -> Iterator[_Sums]:
    for row in connection.execute(select(case_chunks.c.sums).where(case_chunks.c.run == run)):
        yield _decode_sums(row.sums)


def _added(nothing: Added, parts: Iterable[Added]) -> Added:
    """The parts' sum, field by field."""
    total = dict.fromkeys(nothing.__struct_fields__, 0)
    for part in parts:
        for name in total:
            total[name] += getattr(part, name)
    return type(nothing)(**total)


def read_steps(database: Database, run: int, *, first: int, limit: int | None) -> Iterator[StepResult]:
    """Results in order of the key, those of an index from `first` on; no transaction is open between two
    pages."""
    c = step_results.c
    key = (c.unit, c.repeat, c.idx)
    query = select(*key, c.payload).where(c.run == run).order_by(*key)
    here: ColumnElement[bool] = c.idx >= first
    while limit is None or limit > 0:
        size = _READ_AT_ONCE if limit is None else min(limit, _READ_AT_ONCE)
        with database.read() as connection:
            page = connection.execute(query.where(here).limit(size)).all()
        for row in page:
            yield _decode_step(row.payload)
        if len(page) < size:
            return
        here = and_(c.idx >= first, tuple_(*key) > tuple_(*page[-1][: len(key)]))
        limit = None if limit is None else limit - len(page)


def read_chunk(connection: Connection, run: int, unit: int) -> bytes | None:
    c = case_chunks.c
    packed: bytes | None = connection.scalar(select(c.payload).where(c.run == run, c.unit == unit))
    return packed


def _read_chunks(database: Database, run: int, *, first: int) -> Iterator[bytes]:
    """Packed results, in order of units, from that with a result of an index from `first` on; no transaction
    is open between two pages."""
    c = case_chunks.c
    query = select(c.unit, c.payload).where(c.run == run, c.last >= first).order_by(c.unit)
    after = -1
    while True:
        with database.read() as connection:
            page = connection.execute(query.where(c.unit > after).limit(_CHUNKS_AT_ONCE)).all()
        for row in page:
            yield row.payload
        if len(page) < _CHUNKS_AT_ONCE:
            return
        after = page[-1].unit


def read_cases(database: Database, run: int, *, first: int, limit: int | None) -> Iterator[CaseResult]:
    """Results in order of index, from `first` on."""
    chunks = map(unpack_results, _read_chunks(database, run, first=first))
    wanted = (result for chunk in chunks for result in chunk if result.index >= first)
    return wanted if limit is None else islice(wanted, limit)
