"""`viva accept`: turns what the bot said into what a suite's file expects, as a diff to look at."""

from pathlib import Path
from typing import Annotated

import typer

from vivavoce import wiring
from vivavoce.cli.changing import show_changes, suite_text
from vivavoce.cli.console import err
from vivavoce.cli.judge import kept_cases
from vivavoce.cli.options import DatabaseUrl, DataDir, settings_of
from vivavoce.domain.errors import InputError
from vivavoce.domain.output import Fact
from vivavoce.engine.accepting import Changes, Choice
from vivavoce.engine.accepting import accept as accept_replies
from vivavoce.engine.core import Engine
from vivavoce.engine.kept_steps import KeptSteps
from vivavoce.engine.rejudging import KeptCases, facts_of

SOME_LEFT = 1


def accept(
    context: typer.Context,
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="Id of an ended run; see `viva runs`.")],
    case: Annotated[
        list[str] | None,
        typer.Option(
            "--case", metavar="PATTERN", help="Only cases of this name; `*` and `?` stand for the rest."
        ),
    ] = None,
    step: Annotated[
        list[int] | None,
        typer.Option(
            "--step", metavar="N", min=1, help="This step of each chosen case, from 1, also where it passed."
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", metavar="F", help="The suite's file. Default: the one that was played."),
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Change the file.")] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Turn a run's actual replies into expectations: of the failed steps, or of those that are named."""
    settings = settings_of(context, data_dir=data_dir, database_url=database_url)
    with wiring.open_engine(settings) as engine:
        kept = kept_cases(engine, run_id)
        choice = Choice(tuple(case or ()), tuple(step or ()))
        changes = wiring.run_async(_accept(engine, kept, file or file_of(kept), choice))
    show_changes(changes, write=write)
    if not changes.files and not changes.left:
        err().print("no step to accept: none that was asked for fails by the file as it stands")
    if changes.left:
        raise typer.Exit(SOME_LEFT)


def file_of(kept: KeptCases) -> Path:
    """The file that a run played: its suite is kept under the file's path. Raises InputError."""
    path = Path(kept.run.suite_name)
    if not path.is_file():
        name = kept.run.suite_name
        raise InputError(
            f"{kept.run.id} played the suite {name!r}, which is no file here: name one by --file"
        )
    return path


async def _accept(engine: Engine, kept: KeptCases, file: Path, choice: Choice) -> Changes:
    facts = await facts_of(engine, kept)
    return await engine.call(_accepted, kept, file, choice, facts)


def _accepted(kept: KeptCases, file: Path, choice: Choice, facts: frozenset[Fact]) -> Changes:
    return accept_replies(KeptSteps(kept, suite_text(file), facts), choice)
