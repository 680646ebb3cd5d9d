"""`viva check`: reads files and says what is wrong with them; plays nothing."""

from pathlib import Path
from typing import Annotated

import typer

from vivavoce import wiring
from vivavoce.cli.console import err, out
from vivavoce.cli.files import SuiteFile, read_suite_files
from vivavoce.cli.leaks import warn_of_leaks
from vivavoce.cli.options import settings_of
from vivavoce.domain.catalog import SuiteKind
from vivavoce.domain.errors import Malformed, Problem
from vivavoce.domain.utterance import BatchCase

NO_INTENT = ("", "none")


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
    training = _training(bot) if bot else None
    known = None if training is None else _intents(training)
    problems: list[Problem] = []
    for file in read:
        for warning in file.warnings:
            err().print(f"{file.path}: warning: {warning}", style="yellow")
        if file.conversations is not None:
            for warning in wiring.grading_warnings(settings, file.conversations.cases()):
                err().print(f"{file.path}: warning: {warning}", style="yellow")
        if known is not None:
            problems += _unknown_intents(file, known)
        if file.kind is SuiteKind.CONVERSATION:
            size = f"{_number(file.case_count, 'case')}, {_number(file.total, 'step')}"
        else:
            size = _number(file.total, "utterance")
        out().print(f"{file.path}: {file.kind.value} suite, {size}")
    if training is not None:
        warn_of_leaks(training, read)
    if problems:
        raise Malformed(problems)


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _training(file: Path) -> list[BatchCase] | None:
    """The bot's training utterances; None, and a word about it, without such."""
    bot = wiring.read_bot(file)
    training = wiring.BotConnectors.for_commands().training(bot, "inDevelopment")
    if training is None:
        err().print(
            f"{file}: names no training data, so intents are not checked (add `training: FILE`)",
            style="yellow",
        )
        return None
    return list(training)


def _intents(training: list[BatchCase]) -> set[str]:
    """The names that training data hold, without case."""
    return {intent.strip().casefold() for case in training for intent in case.intents}


def _unknown_intents(file: SuiteFile, known: set[str]) -> list[Problem]:
    if file.kind is not SuiteKind.BATCH:
        return []
    found: dict[str, int] = {}
    for case in file.batch_cases():
        for intent in case.intents:
            name = intent.strip().casefold()
            if name not in known and name not in NO_INTENT and "~" not in name:
                found.setdefault(intent, case.line)
    return [
        Problem(f"the bot has no intent {intent!r}", f"{file.path}, line {line}" if line else str(file.path))
        for intent, line in found.items()
    ]
