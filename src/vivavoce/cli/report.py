"""`viva report`: renders kept runs."""

from typing import Annotated

import typer

from vivavoce import wiring
from vivavoce.cli.console import out
from vivavoce.cli.options import (
    CsvFile,
    DatabaseUrl,
    DataDir,
    HtmlFile,
    JsonFile,
    JunitFile,
    MarkdownFile,
    settings_of,
)
from vivavoce.cli.outcome import Thresholds, outcome
from vivavoce.cli.reports import STDOUT, report_targets, write_reports
from vivavoce.cli.show import show_run
from vivavoce.domain.errors import NotFound
from vivavoce.domain.run import Run, RunKind
from vivavoce.engine.ports.store import Store
from vivavoce.formats.reports.reported import ReportedRun

LAST = "last"  # stands for a run's id
LOOKED_AT = 50  # newest runs: those before may still be going


def report(
    context: typer.Context,
    run_ids: Annotated[
        list[str], typer.Argument(metavar="RUN...", help="Ids of runs (see `viva runs`), or `last`.")
    ],
    junit: JunitFile = None,
    csv: CsvFile = None,
    json: JsonFile = None,
    markdown: MarkdownFile = None,
    html: HtmlFile = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Show kept runs again, or write their reports."""
    targets = report_targets(junit=junit, csv=csv, json=json, markdown=markdown, html=html)
    settings = settings_of(context, data_dir=data_dir, database_url=database_url)
    console = out(to_stderr=STDOUT in targets.values())
    with wiring.open_store_of(settings) as store:
        found = [known_run(store, run_id) for run_id in run_ids]
        views = [reported(store, one) for one in found]
        for one, view in zip(found, views, strict=True):
            words = outcome(one, Thresholds()).words if one.status.ended else f"running, {one.percentage} %"
            show_run(console, view, label=f"{one.suite_name} ({one.id})", words=words)
        write_reports(targets, views)


def reported(store: Store, one: Run) -> ReportedRun:
    """A run with the way to its results."""
    results = store.runs.case_results if one.kind is RunKind.BATCH else store.runs.step_results
    return ReportedRun(one, lambda: results(one.id), lambda: store.runs.evaluation(one.id))


def known_run(store: Store, run_id: str) -> Run:
    """A kept run by its id, or the `last` one that ended. Raises NotFound."""
    if run_id == LAST:
        return last_run(store)
    found = store.runs.get(run_id)
    if found is None:
        raise NotFound(f"there is no run {run_id}; `viva runs` shows what is kept")
    return found


def last_run(store: Store) -> Run:
    """The newest kept run that has ended. Raises NotFound."""
    found = next((run for run in store.runs.recent(limit=LOOKED_AT) if run.status.ended), None)
    if found is None:
        raise NotFound("there is no run yet; `viva run` plays one")
    return found
