"""`viva convert`: suites and corpora from one file format into another."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from vivavoce.cli.console import err
from vivavoce.cli.convert_batches import batch_source
from vivavoce.cli.files import SuiteFile, read_suite_files
from vivavoce.cli.reports import STDOUT, write_whole
from vivavoce.domain.errors import Conflict, InputError
from vivavoce.formats.converting import TARGETS, Target, converted
from vivavoce.formats.converting_batches import BATCH_TARGETS, BatchTarget, converted_batch, losses
from vivavoce.formats.corpora.values import PARTS, Part
from vivavoce.formats.places import did_you_mean

_CONVERSATIONS: Final[dict[str, Target]] = {".yaml": "native", ".yml": "native", ".json": "suite"}
_BATCHES: Final[dict[str, BatchTarget]] = {
    ".csv": "batch-csv",
    ".json": "batch-json",
    ".yaml": "training",
    ".yml": "training",
}
_LANGUAGES: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "native": ("YAML", (".yaml", ".yml")),
    "suite": ("JSON", (".json",)),
    "transcript": ("JSON", (".json",)),
    "batch-csv": ("CSV", (".csv",)),
    "batch-json": ("JSON", (".json",)),
    "training": ("YAML", (".yaml", ".yml")),
}
"""Of each format, the language it is written in and the endings of such files."""


def convert(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="IN...", help="A suite of any known format, or files of utterances."),
    ],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write; `-` is stdout.")],
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="FORMAT", help=f"{', '.join((*TARGETS, *BATCH_TARGETS))}; else by OUT."),
    ] = None,
    part: Annotated[
        str | None,
        typer.Option("--part", metavar="PART", help="Of a corpus that holds both: training or test."),
    ] = None,
    no_entities: Annotated[
        bool,
        typer.Option("--no-entities", help="Leave expected entities out: for bots that only classify."),
    ] = False,
    encoding: Annotated[
        str | None,
        typer.Option("--encoding", metavar="NAME", help="What IN is written in, where it is not UTF-8."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite OUT.")] = False,
) -> None:
    """Write suites and corpora in another file format, and say what that cannot carry."""
    if to is not None:
        _check_ending(_known(to), target)
    source = batch_source(files, _part(part), encoding, entities=not no_entities)
    if source is not None:
        format_ = _batch_format(to, target, files)
        _check_free(target, force)
        _tell(source.warnings)
        _tell([f"{target}: {loss}" for loss in losses(source, format_)])
        write_whole(target, converted_batch(source, format_))
        return
    if len(files) > 1:
        raise InputError(f"{files[1]}: only files of utterances are joined; name one conversation suite")
    if part is not None:
        raise InputError("--part: only corpora have parts")
    if no_entities:
        raise InputError("--no-entities: a conversation suite is carried as it is")
    [read] = read_suite_files(files, encoding=encoding)
    _convert_conversations(read, target, to, force)


def _convert_conversations(read: SuiteFile, target: Path, to: str | None, force: bool) -> None:
    if read.conversations is None:
        raise InputError(f"{read.path}: no conversation suite")
    format_ = _conversation_format(to, target)
    _check_free(target, force)
    _tell([f"{read.path}: warning: {warning}" for warning in read.warnings])
    text, notes = converted(read.head, list(read.conversations.cases()), format_)
    if read.conversations.native is not None:
        notes.insert(0, "comments are left out; tables and included files are written out case by case")
    _tell([f"{target}: {note}" for note in notes])
    write_whole(target, (text,))


def _check_free(target: Path, force: bool) -> None:
    if target == STDOUT:
        return
    if target.is_dir():
        raise InputError(f"{target}: this is a folder; name a file")
    if not target.parent.is_dir():
        raise InputError(f"{target}: there is no folder {target.parent}")
    if target.exists() and not force:
        raise Conflict(f"{target} is there already; --force overwrites it")


def _tell(lines: Sequence[str]) -> None:
    for line in lines:
        err().print(line, style="yellow")


def _conversation_format(to: str | None, target: Path) -> Target:
    if to is None:
        if target.suffix.lower() == ".csv":
            hint = "call it .json or .yaml"
            raise InputError(f"{target}: a conversation suite cannot be written as CSV ({hint})")
        return _CONVERSATIONS.get(target.suffix.lower(), "native")
    for known in TARGETS:
        if to == known:
            return known
    raise InputError(f"--to {to}: that is of utterances; a conversation suite becomes {_of(TARGETS)}")


def _batch_format(to: str | None, target: Path, files: Sequence[Path]) -> BatchTarget:
    if to is None:
        return _BATCHES.get(target.suffix.lower(), "batch-csv")
    for known in BATCH_TARGETS:
        if to == known:
            return known
    raise InputError(f"--to {to}: {files[0]} holds utterances, which become {_of(BATCH_TARGETS)}")


def _of(formats: Sequence[str]) -> str:
    return f"{', '.join(formats[:-1])} or {formats[-1]}"


def _known(to: str) -> str:
    formats = (*TARGETS, *BATCH_TARGETS)
    if to in formats:
        return to
    hint = did_you_mean(to, formats) or f"one of {', '.join(formats)}"
    raise InputError(f"--to {to}: unknown format ({hint})")


def _check_ending(to: str, target: Path) -> None:
    """Refuses an ending of OUT that promises another language than FORMAT is written in."""
    language, endings = _LANGUAGES[to]
    promised = {ending for _, others in _LANGUAGES.values() for ending in others}
    if target.suffix.lower() in promised.difference(endings):
        hint = f"call it {target.with_suffix(endings[0]).name}, or leave --to out"
        raise InputError(f"{target}: --to {to} writes {language} ({hint})")


def _part(part: str | None) -> Part | None:
    for known in PARTS:
        if part == known:
            return known
    if part is None:
        return None
    raise InputError(f"--part {part}: training or test")
