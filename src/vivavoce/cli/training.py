"""`viva training`: what is wrong with the utterances that a bot learns from, and how well they teach it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from vivavoce import wiring
from vivavoce.cli.bots import checked_version
from vivavoce.cli.console import err, out
from vivavoce.cli.files import read_suite_files
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
from vivavoce.cli.outcome import Exit, Thresholds, outcome
from vivavoce.cli.report import known_run
from vivavoce.cli.reports import STDOUT, report_targets, write_reports, write_whole
from vivavoce.cli.show import show_run
from vivavoce.cli.show_training import show_apart, show_checked, show_folds
from vivavoce.domain.batch.utterance import CaseResult
from vivavoce.domain.catalog import SuiteKind
from vivavoce.domain.errors import InputError
from vivavoce.domain.run import RunKind
from vivavoce.domain.training.folds import Folds, deal
from vivavoce.domain.training.intents import MIN_UTTERANCES
from vivavoce.domain.training.leaks import Apart, Known, accuracy_apart
from vivavoce.domain.training.spread import FoldFigures
from vivavoce.domain.training.values import stratum
from vivavoce.engine.checking_training import LIKE, check_training
from vivavoce.engine.cross_validating import CrossValidation, cross_validate, cross_validation_run
from vivavoce.engine.ports.store import Store
from vivavoce.formats.reports.reported import ReportedRun
from vivavoce.formats.training_reports.json_training import training_report

app = typer.Typer(no_args_is_help=True, help="What a bot learns from.")

TrainingOf = Annotated[
    Path,
    typer.Option("--bot", metavar="FILE", help="A bot file, or a file of training utterances by intent."),
]
Like = Annotated[
    float,
    typer.Option(
        "--similarity", metavar="X", min=0.5, max=1, help="How alike near-duplicates are, from 0.5 to 1."
    ),
]
WhichVersion = Annotated[str, typer.Option("--version", help="published or inDevelopment.")]


@app.command("check")
def check(
    context: typer.Context,
    bot: TrainingOf,
    suites: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[SUITE...]", help="Batch suites that may hold training utterances."),
    ] = None,
    min_utterances: Annotated[
        int, typer.Option("--min-utterances", metavar="N", min=1, help="Fewer are too few for an intent.")
    ] = MIN_UTTERANCES,
    similarity: Like = LIKE,
    run: Annotated[
        list[str] | None,
        typer.Option("--run", metavar="RUN", help="Also a kept run's accuracy without trained utterances."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 for warnings, too.")] = False,
    json: Annotated[
        Path | None, typer.Option("--json", metavar="F", help="All of it as JSON; `-` is stdout.")
    ] = None,
    version: WhichVersion = "inDevelopment",
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Say what is wrong with a bot's training utterances, and which test utterances are among them."""
    report_targets([*(suites or ()), bot], json=json)
    taught = wiring.read_taught(bot, checked_version(version))
    files = read_suite_files(suites or [])
    for file in files:
        if file.kind is not SuiteKind.BATCH:
            raise InputError(f"{file.path} is a conversation suite; only batch suites are compared")
    runs: dict[str, Apart] = {}
    if run:
        known = Known(taught.training.cases)
        with wiring.open_store_of(
            settings_of(context, data_dir=data_dir, database_url=database_url)
        ) as store:
            runs = {run_id: accuracy_apart(known, _results(store, run_id)) for run_id in run}
    checked = check_training(
        taught.training,
        wiring.similarity(),
        {str(file.path): file.batch_cases() for file in files},
        like=similarity,
        min_utterances=min_utterances,
    )
    console = out(to_stderr=json == STDOUT)
    show_checked(console, checked)
    for run_id, apart in runs.items():
        show_apart(console, run_id, apart)
    if json is not None:
        write_whole(json, training_report(checked, runs))
    if checked.count("error") or (strict and checked.count("warning")):
        raise typer.Exit(Exit.FAILED)


@app.command("cross-validate")
def cross_validate_(
    bot: TrainingOf,
    folds: Annotated[
        int, typer.Option("--folds", metavar="K", min=2, max=100, help="Parts, each tested once.")
    ] = 5,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Another seed, other folds.")] = 0,
    similarity: Like = LIKE,
    apart: Annotated[
        bool, typer.Option("--apart", help="Deal out near-duplicates, too; the figures flatter then.")
    ] = False,
    min_f1: Annotated[
        float | None, typer.Option("--min-f1", metavar="X", min=0, max=1, help="Exit with 1 below this F1.")
    ] = None,
    junit: JunitFile = None,
    csv: CsvFile = None,
    json: JsonFile = None,
    markdown: MarkdownFile = None,
    html: HtmlFile = None,
    version: WhichVersion = "inDevelopment",
) -> None:
    """Learn a part of the training utterances, test the rest, in turns; nothing is kept."""
    targets = report_targets([bot], junit=junit, csv=csv, json=json, markdown=markdown, html=html)
    chosen = checked_version(version)
    taught = wiring.read_taught(bot, chosen)
    dealt = _dealt(taught, folds, seed, None if apart else similarity)
    clock = wiring.SystemClock()
    began = clock.now()
    done = cross_validate(taught.learner(), taught.training.cases, dealt, clock, _told)
    console = out(to_stderr=STDOUT in targets.values())
    run = cross_validation_run(
        done,
        id=wiring.new_id("tr"),
        bot=taught.bot,
        version=chosen,
        name=f"cross-validation of {bot.name}",
        notes=_notes(taught, done, apart=apart),
        thresholds=taught.thresholds,
        started_on=began,
        ended_on=clock.now(),
    )
    judged = outcome(run, Thresholds(min_f1=min_f1))
    words = judged.words if min_f1 is not None else "cross-validated"
    reported = ReportedRun(run, lambda: done.results)
    show_run(console, reported, label=str(bot), words=words)
    show_folds(console, done, dealt, measured=_measured(taught), apart=apart)
    write_reports(targets, [reported])
    if min_f1 is not None and judged.code is not Exit.PASSED:
        raise typer.Exit(judged.code)


def _results(store: Store, run_id: str) -> Iterable[CaseResult]:
    found = known_run(store, run_id)
    if found.kind is not RunKind.BATCH:
        raise InputError(f"{run_id} is no batch run")
    return store.runs.case_results(run_id)


def _dealt(taught: wiring.Taught, folds: int, seed: int, like: float | None) -> Folds:
    """The folds. `like`: how alike utterances of an intent are that stay together; None: none do."""
    cases = taught.training.cases
    if like is None:
        return deal(cases, folds, seed=seed)
    texts, labels = [case.utterance for case in cases], [stratum(case) for case in cases]
    return deal(cases, folds, groups=wiring.similarity().groups(texts, labels, like), seed=seed)


def _told(figures: FoldFigures) -> None:
    if err().is_terminal:
        err().print(f"fold {figures.fold}: {figures.tested:,} utterances tested", style="dim")


def _measured(taught: wiring.Taught) -> str:
    if taught.own:
        return f"measures the training set of {taught.bot.name!r} with its own NLU"
    not_the_bot = f", not the bot {taught.bot.name!r}" if taught.bot.connector else ""
    return f"measures the training set with our reference classifier{not_the_bot}"


def _notes(taught: wiring.Taught, done: CrossValidation, *, apart: bool) -> str:
    """What the figures are, for reports that show a run."""
    together = "dealt out like others" if apart else "kept in one fold"
    return (
        f"cross-validation over {len(done.folds)} folds; {_measured(taught)}; near-duplicates of an intent "
        f"are {together}; accuracy over the folds: {done.accuracy}; macro F1: {done.macro_f1}"
    )
