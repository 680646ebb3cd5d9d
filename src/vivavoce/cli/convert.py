"""`viva convert`: a conversation suite from one file format into another."""

import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from vivavoce.cli.console import err
from vivavoce.cli.files import read_suite_files
from vivavoce.domain.errors import Conflict, InputError
from vivavoce.formats.converting import TARGETS, Target, converted
from vivavoce.formats.places import did_you_mean

STDOUT = Path("-")
_BY_ENDING: Final[dict[str, Target]] = {".yaml": "native", ".yml": "native", ".json": "suite"}


def convert(
    file: Annotated[Path, typer.Argument(metavar="IN", help="A conversation suite of any known format.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write; `-` is stdout.")],
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="FORMAT", help="native, suite or transcript; else by OUT's ending."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite OUT.")] = False,
) -> None:
    """Write a conversation suite in another file format, and say what that cannot carry."""
    format_ = _format(to, target)
    [read] = read_suite_files([file])
    if read.conversations is None:
        raise InputError(f"{file}: a batch suite; only conversation suites are converted")
    if target != STDOUT and target.exists() and not force:
        raise Conflict(f"{target} is there already; --force overwrites it")
    for warning in read.warnings:
        err().print(f"{file}: warning: {warning}", style="yellow")
    text, notes = converted(read.head, list(read.conversations.cases()), format_)
    if read.conversations.native is not None:
        notes.insert(0, "comments are left out; tables and included files are written out case by case")
    for note in notes:
        err().print(f"{target}: {note}", style="yellow")
    if target == STDOUT:
        sys.stdout.write(text)
    else:
        target.write_text(text, encoding="utf-8")


def _format(to: str | None, target: Path) -> Target:
    """What `--to` says, or else the ending of OUT; refused where the two contradict each other."""
    by_ending = _BY_ENDING.get(target.suffix.lower())
    if to is None:
        return by_ending or "native"
    known = _known(to)
    if by_ending is not None and (known == "native") is not (by_ending == "native"):
        language, ending = ("YAML", ".yaml") if known == "native" else ("JSON", ".json")
        hint = f"call it {target.with_suffix(ending).name}, or leave --to out"
        raise InputError(f"{target}: --to {known} writes {language} ({hint})")
    return known


def _known(to: str) -> Target:
    for known in TARGETS:
        if to == known:
            return known
    hint = did_you_mean(to, TARGETS) or f"one of {', '.join(TARGETS)}"
    raise InputError(f"--to {to}: unknown format ({hint})")
