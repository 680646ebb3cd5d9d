"""`viva judge`: judges a run's kept replies again, with the assertions of a suite file, without the bot."""

import getpass
from pathlib import Path
from typing import Annotated
from uuid import NAMESPACE_URL, uuid5

import typer

from vivavoce import wiring
from vivavoce.cli.console import err, out
from vivavoce.cli.files import SuiteFile, read_suite_files
from vivavoce.cli.options import (
    CsvFile,
    DatabaseUrl,
    DataDir,
    HtmlFile,
    JsonFile,
    JunitFile,
    MarkdownFile,
    MaxErrors,
    settings_of,
)
from vivavoce.cli.outcome import Thresholds, outcome
from vivavoce.cli.report import reported
from vivavoce.cli.reports import STDOUT, report_targets, write_reports
from vivavoce.cli.show import show_run
from vivavoce.domain.catalog import SuiteKind
from vivavoce.domain.errors import InputError, NotFound
from vivavoce.domain.run import Run
from vivavoce.domain.validating import settled_case
from vivavoce.engine.core import Engine
from vivavoce.engine.importing import conversation_units
from vivavoce.engine.keeping import keep_suite
from vivavoce.engine.rejudging import KeptCases, facts_of, rejudge
from vivavoce.engine.running import new_run
from vivavoce.formats.conversations import ConversationFile


def judge(
    context: typer.Context,
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="Id of an ended run; see `viva runs`.")],
    suite: Annotated[
        Path, typer.Option("--with", metavar="SUITE", help="The suite file whose assertions judge.")
    ],
    max_errors: MaxErrors = 0,
    junit: JunitFile = None,
    csv: CsvFile = None,
    json: JsonFile = None,
    markdown: MarkdownFile = None,
    html: HtmlFile = None,
    min_pass_rate: Annotated[
        float | None,
        typer.Option("--min-pass-rate", metavar="X", min=0, max=1, help="The run passes from here."),
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Judge a run's kept replies again with a suite, without the bot."""
    targets = report_targets([suite], junit=junit, csv=csv, json=json, markdown=markdown, html=html)
    file, _ = read_conversation_file(suite)
    settings = settings_of(context, data_dir=data_dir, database_url=database_url)
    console = out(to_stderr=STDOUT in targets.values())
    with wiring.open_engine(settings) as engine:
        ended = wiring.run_async(_judge(engine, run_id, file))
        judged = outcome(ended, Thresholds(min_pass_rate, None, max_errors))
        label = f"{file.path} on the replies of {run_id}"
        view = reported(engine.store, ended)
        show_run(console, view, label=label, words=judged.words)
        write_reports(targets, [view])
    raise typer.Exit(int(judged.code))


def read_conversation_file(path: Path) -> tuple[SuiteFile, ConversationFile]:
    """A conversation suite's file; its warnings are told. Raises InputError."""
    (file,) = read_suite_files([path])
    if file.kind is not SuiteKind.CONVERSATION or file.conversations is None:
        raise InputError(f"{path}: this is a batch suite; name a conversation suite")
    for warning in file.warnings:
        err().print(f"{path}: warning: {warning}", style="yellow")
    return file, file.conversations


def kept_cases(engine: Engine, run_id: str) -> KeptCases:
    """The conversations of a kept run. Raises InputError. Blocking."""
    run = engine.store.runs.get(run_id)
    if run is None:
        raise NotFound(f"there is no run {run_id}; `viva runs` shows what is kept")
    return KeptCases(engine.store.runs, run)


async def _judge(engine: Engine, run_id: str, file: SuiteFile) -> Run:
    kept = await engine.call(kept_cases, engine, run_id)
    original, facts = kept.run, await facts_of(engine, kept)
    user = f"u-{uuid5(NAMESPACE_URL, f'os:{getpass.getuser()}')}"
    assert file.conversations is not None, "checked when it was read"
    cases = file.conversations.cases()
    suite = await engine.call(
        keep_suite,
        engine,
        original.bot,
        file.kind,
        file.head,
        str(file.path),
        conversation_units(settled_case(case, facts) for case in cases),
        user=user,
    )
    run = new_run(
        engine, original.bot, suite, version=original.version, user=user, language=original.language
    )
    return await rejudge(engine, kept, suite, run=run)
