"""Ends a run: its verdict, a batch run's report, an import's suite. Safe to begin again after a kill."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from vivavoce.domain.catalog import Suite
from vivavoce.domain.errors import Conflict
from vivavoce.domain.evaluation.values import Evaluation
from vivavoce.domain.metrics import run_verdict
from vivavoce.domain.output import Fact
from vivavoce.domain.run import LogEntry, Run, RunKind, RunStatus
from vivavoce.domain.suite import TestCase
from vivavoce.domain.validating import Note, capture_case
from vivavoce.domain.verdict import StepResult, Verdict
from vivavoce.engine.core import Engine
from vivavoce.engine.gathering import Gathering
from vivavoce.engine.ports.suites import SuiteStore
from vivavoce.engine.ports.units import FinishedUnit, Unit
from vivavoce.engine.repeating import add_up_repeats
from vivavoce.engine.storing import store_file
from vivavoce.formats.reports.batch_csv import head_lines


async def finish_run(
    engine: Engine,
    run: Run,
    ending: RunStatus | None,
    details: str = "",
    broken_off: Sequence[FinishedUnit] = (),
    gathered: Gathering | None = None,
) -> Run:
    """End a run that was played through (`ending` None: its results decide), or that something ended, with
    what that left of the units in flight. `gathered`: of a batch run that was played through."""
    if run.kind is RunKind.VALIDATION:
        return await engine.call(_finish_validation, engine, run, ending, details)
    if run.kind is RunKind.BATCH:
        return await engine.call(_finish_batch, engine, run, ending, details, broken_off, gathered)
    return await engine.call(_finish, engine, run, ending, details, broken_off)


def _finish(
    engine: Engine,
    run: Run,
    ending: RunStatus | None,
    details: str = "",
    broken_off: Sequence[FinishedUnit] = (),
    report_file: str = "",
    evaluation: Evaluation | None = None,
) -> Run:
    runs = engine.store.runs
    repeated = add_up_repeats(engine.store, run, broken_off) if run.repeats > 1 else None
    if ending is None:
        ending = run_verdict(repeated.cases if repeated else runs.counts(run.id))
    if ending is RunStatus.CANCELLED:
        details = "cancelled"
    return runs.finish(
        run.id,
        ending,
        now=engine.clock.now(),
        error_details=details,
        report_file=report_file,
        broken_off=broken_off,
        repeated=repeated,
        evaluation=evaluation,
    )


def _finish_batch(
    engine: Engine,
    run: Run,
    ending: RunStatus | None,
    details: str,
    broken_off: Sequence[FinishedUnit],
    gathered: Gathering | None,
) -> Run:
    """A run that was played through gets its CSV report and its evaluation before it is seen to be over."""
    if ending is not None or gathered is None:
        return _finish(engine, run, ending, details, broken_off)
    evaluation = gathered.evaluation()
    head = head_lines(replace(run, ended_on=engine.clock.now()), evaluation.tally)
    with tempfile.TemporaryDirectory(prefix="viva-report-") as folder:
        path = Path(folder) / "report.csv"
        with path.open("wb") as out:
            out.writelines(line.encode("utf-8", "replace") for line in head)
            gathered.write_lines(out)
        file = store_file(engine, path, name=f"{run.suite_name}.csv", key_suffix=".csv")
    return _finish(engine, run, None, report_file=file.id, evaluation=evaluation)


# --- validation ---------------------------------------------------------------------------------


def _finish_validation(engine: Engine, run: Run, ending: RunStatus | None, details: str) -> Run:
    """Put what the trial play captured into the suite and show it; or forget the suite and say why."""
    store = engine.store
    suite = store.suites.revision(run.suite_id, run.revision, staged=True)
    if suite is None:  # killed after the suite was forgotten, before the import was seen to have failed
        reasons = [entry.message for entry in run.logs if entry.level == "error"]
        details = details or (reasons[-1] if reasons else "its suite is gone")
        return _finish(engine, run, ending or RunStatus.ERROR, details)
    if ending is None and (reason := _unreachable(engine, run)):
        ending, details = RunStatus.ERROR, f"the bot could not be reached: {reason}"
    if ending is not None:
        _log(engine, run, [("error", details or ending.value, 0)])
        store.suites.discard(run.suite_id, run.revision)
        return _finish(engine, run, ending, details)
    facts = engine.connectors.connector(run.bot, run.version).facts
    results = (result for result in store.runs.step_results(run.id) if result.repeat == 0)
    for unit in store.suites.units(run.suite_id, run.revision):
        _capture_unit(engine, run, unit, [next(results) for _ in range(unit.size)], facts)
    head = replace(suite.head, metadata_available=True)
    now = engine.clock.now()
    captured = replace(suite, head=head, modified_on=now)
    # Whether steps held does not matter: what does not hold is imported as written, and fails when run.
    if (seen := _unchanged(store.suites, captured)) is not None:
        ended = store.runs.finish(run.id, RunStatus.PASSED, now=now, revision=seen.revision)
        store.suites.discard(run.suite_id, run.revision)
        return ended
    try:
        return store.runs.finish(run.id, RunStatus.PASSED, now=now, publish=captured)
    except Conflict as overtaken:
        _log(engine, run, [("error", overtaken.message, 0)])
        store.suites.discard(run.suite_id, run.revision)
        return _finish(engine, run, RunStatus.ERROR, overtaken.message)


def _unchanged(suites: SuiteStore, captured: Suite) -> Suite | None:
    """The suite as it is seen, where an update leaves it so: then that makes no revision."""
    seen = suites.get(captured.bot_id, captured.kind, captured.name)
    if seen is None or seen.id != captured.id or seen.head != captured.head:
        return None
    return seen if suites.same_units(seen.id, seen.revision, captured.revision) else None


def _capture_unit(
    engine: Engine, run: Run, unit: Unit, results: list[StepResult], facts: frozenset[Fact]
) -> None:
    case = unit.cases[0]
    assert isinstance(case, TestCase), "validation plays conversations"
    captured, notes = capture_case(case, results, facts)
    if captured != case:
        replaced = Unit(unit.index, unit.first, (captured,))
        engine.store.suites.replace_unit(run.suite_id, run.revision, replaced)
    _log(engine, run, notes)


def _log(engine: Engine, run: Run, notes: Sequence[Note]) -> None:
    """Add to the import's log what an earlier try to end it has not added already."""
    known = {(entry.level, entry.message, entry.step) for entry in run.logs}
    now = engine.clock.now()
    if entries := [LogEntry(now, *note) for note in notes if note not in known]:
        engine.store.runs.log(run.id, entries, now=now)


def _unreachable(engine: Engine, run: Run) -> str:
    """Why no case got an answer to its first turn; empty when one did."""
    reason, case_first = "", 0
    units = engine.store.suites.units(run.suite_id, run.revision)
    results = (result for result in engine.store.runs.step_results(run.id) if result.repeat == 0)
    for unit in units:
        first, *_ = [next(results) for _ in range(unit.size)]
        if first.verdict is not Verdict.ERROR:
            return ""
        reason = reason or first.error
        case_first += unit.size
    return reason
