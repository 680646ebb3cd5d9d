"""Results of units: written in bulk, added up by the database, read back page by page."""

from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, Table, func, select, update

from vivavoce.domain.errors import InternalError
from vivavoce.domain.metrics import verdict_of
from vivavoce.domain.run import Counts, RunKind, Tally
from vivavoce.domain.utterance import CaseResult
from vivavoce.domain.verdict import StepResult, Verdict
from vivavoce.engine.ports import FinishedUnit
from vivavoce.storage.bulk import BulkInsert
from vivavoce.storage.database import Database
from vivavoce.storage.payloads import encode
from vivavoce.storage.tables import case_results, run_units, step_results

decode_step = msgspec.json.Decoder(StepResult).decode
decode_case = msgspec.json.Decoder(CaseResult).decode

_insert_steps = BulkInsert(step_results)
_insert_cases = BulkInsert(case_results)

_MARKED_AT_ONCE = 500  # units in one statement
_READ_AT_ONCE = 500  # results in one page

Result = TypeVar("Result", StepResult, CaseResult)


def write(connection: Connection, run: int, units: Sequence[FinishedUnit]) -> int:
    """Keep the results of those units that are not finished yet; returns their steps or cases.

    The caller holds the run's row, so that no two transactions take the same unit.
    """
    size = 0
    for start in range(0, len(units), _MARKED_AT_ONCE):
        some = {unit.index: unit for unit in units[start : start + _MARKED_AT_ONCE]}
        fresh = connection.execute(
            update(run_units)
            .where(run_units.c.run == run, run_units.c.unit.in_(some), ~run_units.c.finished)
            .values(finished=True)
            .returning(run_units.c.unit, run_units.c.size)
        ).all()
        if len(fresh) < len(some):
            _require_planned(connection, run, some)
        size += sum(row.size for row in fresh)
        steps: list[tuple[Any, ...]] = []
        cases: list[tuple[Any, ...]] = []
        for row in sorted(fresh, key=attrgetter("unit")):  # in the order of the key, which is quickest
            for result in some[row.unit].results:
                if isinstance(result, StepResult):
                    steps.append(_step_row(run, result))
                else:
                    cases.append(_case_row(run, result))
        _insert_steps(connection, steps)
        _insert_cases(connection, cases)
    return size


def _require_planned(connection: Connection, run: int, units: dict[int, FinishedUnit]) -> None:
    planned = select(run_units.c.unit).where(run_units.c.run == run, run_units.c.unit.in_(units))
    if strangers := set(units) - set(connection.scalars(planned)):
        raise InternalError(f"the run has no unit {min(strangers)}")


def _step_row(run: int, result: StepResult) -> tuple[Any, ...]:
    return run, result.index, result.verdict.value, encode(result)


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
    """Results in order of index; no transaction is open between two pages."""
    query = select(table.c.payload).where(table.c.run == run).order_by(table.c.idx)
    while limit is None or limit > 0:
        size = _READ_AT_ONCE if limit is None else min(limit, _READ_AT_ONCE)
        with database.read() as connection:
            page = [
                decode(payload)
                for payload in connection.scalars(query.where(table.c.idx >= first).limit(size))
            ]
        yield from page
        if len(page) < size:
            return
        first = page[-1].index + 1
        limit = None if limit is None else limit - len(page)
