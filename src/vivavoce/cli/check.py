"""`viva check`: reads files and says what is wrong with them; plays nothing."""

from pathlib import Path
from typing import Annotated

import typer

from vivavoce import wiring
from vivavoce.cli.console import err, out
from vivavoce.cli.files import read_suite_files
from vivavoce.cli.leaks import warn_of_leaks
from vivavoce.cli.options import settings_of
from vivavoce.cli.unknown_names import unknown_names
from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.domain.batch.vocabulary import Vocabulary
from vivavoce.domain.catalog import SuiteKind
from vivavoce.domain.errors import Malformed, Problem
from vivavoce.domain.numbers import counted


def check(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Suite files of any known format.")],
    bot: Annotated[
        Path | None,
        typer.Option("--bot", metavar="BOTFILE", help="Also name what this bot does not have."),
    ] = None,
) -> None:
    """Read suite files and say what is wrong with them."""
    read = read_suite_files(files)
    settings = settings_of(context)
    training, vocabulary = _known(bot) if bot else (None, None)
    problems: list[Problem] = []
    for file in read:
        for warning in file.warnings:
            err().print(f"{file.path}: warning: {warning}", style="yellow")
        if file.conversations is not None:
            for warning in wiring.grading_warnings(settings, file.conversations.cases()):
                err().print(f"{file.path}: warning: {warning}", style="yellow")
        if vocabulary is not None:
            problems += unknown_names(file, vocabulary)
        if file.kind is SuiteKind.CONVERSATION:
            size = f"{counted(file.case_count, 'case')}, {counted(file.total, 'step')}"
        else:
            size = counted(file.total, "utterance")
        out().print(f"{file.path}: {file.kind.value} suite, {size}")
    if training is not None:
        warn_of_leaks(training, read)
    if problems:
        raise Malformed(problems)


def _known(file: Path) -> tuple[list[BatchCase] | None, Vocabulary | None]:
    """The bot's training utterances, and the names it knows; None, and a word about it, without such."""
    bot = wiring.read_bot(file)
    connectors = wiring.BotConnectors.for_commands()
    training = connectors.training(bot, "inDevelopment")
    if training is None:
        err().print(
            f"{file}: names no training data, so that names are not checked (add `training: FILE`)",
            style="yellow",
        )
        return None, None
    return list(training), connectors.vocabulary(bot, "inDevelopment")
