"""Results of units: written in bulk, added up by the database, read back page by page."""

from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import Any, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, Table, and_, func, insert, literal, select, tuple_, update

from vivavoce.domain.errors import InternalError
from vivavoce.domain.metrics import verdict_of
from vivavoce.domain.run import Counts, Run, RunKind, Tally
from vivavoce.domain.utterance import CaseResult
from vivavoce.domain.verdict import StepResult, Verdict
from vivavoce.engine.ports.units import FinishedUnit
from vivavoce.storage.bulk import BulkInsert
from vivavoce.storage.database import Database
from vivavoce.storage.payloads import encode
from vivavoce.storage.tables import case_results, run_units, step_results, suite_units

decode_step = msgspec.json.Decoder(StepResult).decode
decode_case = msgspec.json.Decoder(CaseResult).decode

_insert_units = BulkInsert(run_units)
_insert_steps = BulkInsert(step_results)
_insert_cases = BulkInsert(case_results)

_MARKED_AT_ONCE = 500  # units in one statement
_READ_AT_ONCE = 500  # results in one page

Result = TypeVar("Result", StepResult, CaseResult)


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
    cases: list[tuple[Any, ...]] = []
    for row in sorted(fresh, key=attrgetter("unit")):  # in the order of the key, which is quickest
        for result in units[row.unit].results:
            if isinstance(result, StepResult):
                steps.append((run, row.unit, repeat, result.index, result.verdict.value, encode(result)))
            else:
                cases.append(_case_row(run, result))
    _insert_steps(connection, steps)
    _insert_cases(connection, cases)
    return sum(row.size for row in fresh)


def _case_row(run: int, result: CaseResult) -> tuple[Any, ...]:
    # Entities and traits of a case in error are not counted.
    entities, traits = (result.entities, result.traits) if result.outcome else ((), ())
    return (
        run,
        result.index,
        verdict_of(result).value,
        result.outcome or "",
        len(entities),
        sum(entity.matched for entity in entities),
        len(traits),
        sum(trait.matched for trait in traits),
        encode(result),
    )


def table_of(kind: RunKind) -> Table:
    return case_results if kind is RunKind.BATCH else step_results


def count(connection: Connection, run: int, kind: RunKind, total: int) -> Counts:
    """By verdict; what has no result counts as not executed."""
    table = table_of(kind)
    number = func.count().label("number")
    query = select(table.c.verdict, number).where(table.c.run == run).group_by(table.c.verdict)
    found = {Verdict(row.verdict): int(row.number) for row in connection.execute(query)}
    counts = Counts(
        passed=found.get(Verdict.PASSED, 0),
        failed=found.get(Verdict.FAILED, 0),
        error=found.get(Verdict.ERROR, 0),
    )
    return msgspec.structs.replace(counts, not_executed=total - counts.total)


def add_up(connection: Connection, run: int) -> Tally:
    """Of the case results that are there: the figures of domain.metrics.tally_of, reading no payload."""
    c = case_results.c

    def number(*conditions: Any) -> Any:
        return func.count().filter(*conditions)

    def total(column: Any) -> Any:
        return func.coalesce(func.sum(column), 0)

    figures = {
        "tp": number(c.outcome == "TP"),
        "tn": number(c.outcome == "TN"),
        "fp": number(c.outcome == "FP"),
        "fn": number(c.outcome == "FN"),
        "trait_success": number(c.traits > 0, c.traits_matched == c.traits),
        "trait_failure": number(c.traits > 0, c.traits_matched < c.traits),
        "total_entities": total(c.entities),
        "matched_entities": total(c.entities_matched),
        "total_traits": total(c.traits),
        "matched_traits": total(c.traits_matched),
        "failed_utterances": number(c.verdict == Verdict.ERROR.value),
        "failed_entities": total(c.entities - c.entities_matched),
    }
    columns = [figure.label(name) for name, figure in figures.items()]
    row = connection.execute(select(*columns).where(c.run == run)).one()
    return Tally(**{name: int(value) for name, value in row._mapping.items()})


def read(
    database: Database,
    run: int,
    table: Table,
    decode: Callable[[bytes], Result],
    *,
    first: int,
    limit: int | None,
) -> Iterator[Result]:
    """Results in order of the key, those of an index from `first` on; no transaction is open between two
    pages."""
    key = [column for column in table.primary_key.columns if column.name != "run"]
    query = select(*key, table.c.payload).where(table.c.run == run).order_by(*key)
    here: ColumnElement[bool] = table.c.idx >= first
    while limit is None or limit > 0:
        size = _READ_AT_ONCE if limit is None else min(limit, _READ_AT_ONCE)
        with database.read() as connection:
            page = connection.execute(query.where(here).limit(size)).all()
        for row in page:
            yield decode(row.payload)
        if len(page) < size:
            return
        here = and_(table.c.idx >= first, tuple_(*key) > tuple_(*page[-1][: len(key)]))
        limit = None if limit is None else limit - len(page)
