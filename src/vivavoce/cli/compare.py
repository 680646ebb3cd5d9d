"""`viva compare`: what got better or worse from one run to another, and whether that is more than chance."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from vivavoce import wiring
from vivavoce.cli.baseline import checked_significance, compared, found_for, read_runs
from vivavoce.cli.console import err, out
from vivavoce.cli.options import DatabaseUrl, DataDir, MaxErrors, settings_of
from vivavoce.cli.outcome import EXITS, worst
from vivavoce.cli.report import LAST, last_run, reported
from vivavoce.cli.reports import STDOUT, report_targets, write_whole
from vivavoce.cli.show_comparison import show_comparison
from vivavoce.domain.catalog import SuiteKind
from vivavoce.domain.comparing.judging import Borne
from vivavoce.domain.errors import InputError, NotFound
from vivavoce.domain.run import Run, RunKind, RunStatus
from vivavoce.engine.ports.store import Store
from vivavoce.formats.comparisons import JudgedComparison
from vivavoce.formats.comparisons.json_comparison import json_comparison
from vivavoce.formats.comparisons.markdown import markdown_comparison
from vivavoce.formats.reports.reported import ReportedRun

PAGE = 50
MOST_RUNS = 2
_COMPLETE = (RunStatus.PASSED, RunStatus.FAILED, RunStatus.ERROR)


def compare(
    context: typer.Context,
    runs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[BEFORE] [AFTER]",
            help="Ids of kept runs (`viva runs`), `last`, or JSON reports. One: compared with the run of its "
            "suite before it; none: the last one.",
        ),
    ] = None,
    suite: Annotated[
        str | None, typer.Option("--suite", metavar="NAME", help="Only this suite of a JSON report.")
    ] = None,
    json: Annotated[
        Path | None, typer.Option("--json", metavar="F", help="The comparison as JSON; `-` is stdout.")
    ] = None,
    markdown: Annotated[
        Path | None, typer.Option("--markdown", metavar="F", help="The comparison as Markdown.")
    ] = None,
    max_regressions: Annotated[
        int, typer.Option("--max-regressions", metavar="N", min=0, help="So many cases may newly fail.")
    ] = 0,
    significance: Annotated[
        float | None,
        typer.Option("--significance", metavar="P", help="A worse result only counts below this p-value."),
    ] = None,
    max_errors: MaxErrors = 0,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Compare two runs case by case: what newly fails, what newly passes, and whether that is chance."""
    targets = report_targets(map(Path, runs or ()), json=json, markdown=markdown)
    borne = Borne(max_regressions, checked_significance(significance), max_errors)
    named = runs or [LAST]
    if len(named) > MOST_RUNS:
        raise InputError(f"two runs are compared, {len(named)} are named")
    settings = settings_of(context, data_dir=data_dir, database_url=database_url)
    console = out(to_stderr=STDOUT in targets.values())
    with wiring.open_store_of(settings) as store:
        judged: list[JudgedComparison] = []
        for before, after in _pairs(store, named, suite):
            judged.append(JudgedComparison(compared(before, after), borne))
            show_comparison(console, judged[-1], label=after.run.suite_name)
        if json is not None:
            write_whole(json, json_comparison(judged))
        if markdown is not None:
            write_whole(markdown, markdown_comparison(judged))
    raise typer.Exit(int(worst([EXITS[one.judgement.standing] for one in judged])))


def _pairs(store: Store, named: list[str], suite: str | None) -> Iterator[tuple[ReportedRun, ReportedRun]]:
    """What is compared with what: earlier, later. Raises InputError."""
    if suite is not None and not any(map(_is_report, named)):
        raise InputError(f"--suite {suite} chooses in a JSON report; of kept runs name two ids (`viva runs`)")
    if len(named) == 1:
        if _is_report(named[0]):
            raise InputError(f"{named[0]} is a JSON report: name the run, or the report, to compare it with")
        [after] = _runs(store, named[0])
        yield reported(store, _before(store, after.run)), after
        return
    before, after_runs = (_of_suite(_runs(store, name), name, suite) for name in named)
    if len(before) == len(after_runs) == 1:
        yield before[0], after_runs[0]
        return
    count = 0
    for after in after_runs:
        kind = SuiteKind.BATCH if after.is_batch else SuiteKind.CONVERSATION
        found = found_for(before, kind, [after.run.suite_name])
        if found is None:
            if len(after_runs) > 1:
                err().print(f"{after.run.suite_name}: not in {named[0]}: not compared", style="yellow")
            continue
        count += 1
        yield found, after
    if not count:
        names = ", ".join(sorted({one.run.suite_name for one in before}))
        raise InputError(f"{named[0]} and {named[1]} have no suite in common; {named[0]} has: {names}")


def _of_suite(runs: list[ReportedRun], name: str, suite: str | None) -> list[ReportedRun]:
    """Those of the asked suite. Raises InputError where there is none."""
    if suite is None or not _is_report(name):
        return runs
    if (found := found_for(runs, None, [suite])) is None:
        names = ", ".join(sorted({one.run.suite_name for one in runs})) or "no run"
        raise InputError(f"--suite {suite}: not in {name}, which has: {names}")
    return [found]


def _is_report(name: str) -> bool:
    return name.endswith(".json") or Path(name).is_file()


def _runs(store: Store, name: str) -> list[ReportedRun]:
    """What a name on the command line means. Raises InputError."""
    if _is_report(name):
        if found := read_runs(Path(name)):
            return found
        raise InputError(f"{name}: this report holds no run")
    if name == LAST:
        run = last_run(store)
    elif (kept := store.runs.get(name)) is not None:
        run = kept
    else:
        raise NotFound(f"there is no run {name} and no file of this name; `viva runs` shows what is kept")
    if run.kind is RunKind.VALIDATION or not run.status.ended:
        why = "has not ended" if not run.status.ended else "is an import's trial play"
        raise InputError(f"the run {run.id} {why}: it cannot be compared")
    return [reported(store, run)]


def _before(store: Store, run: Run) -> Run:
    """The newest earlier run of the same suite, bot and version that came to its end. Raises NotFound."""
    skip, passed_by = 0, False
    while True:
        page = store.runs.page(run.suite_id, skip=skip, limit=PAGE)
        for one in page.items:
            alike = (one.bot.id, one.version, one.judged_from) == (run.bot.id, run.version, "")
            if passed_by and alike and one.status in _COMPLETE:
                return one
            passed_by = passed_by or one.id == run.id
        if not page.more:
            raise NotFound(
                f"there is no earlier run of {run.suite_name} with this bot ({run.version}) to compare with: "
                "name two runs (`viva runs` shows them), or a report that --json wrote"
            )
        skip += PAGE
