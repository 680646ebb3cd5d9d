"""Report files: which were asked for, and how they are written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from vivavoce.cli.console import to_stdout
from vivavoce.domain.errors import InputError, VivaError
from vivavoce.formats.reports.renderers import RENDERERS
from vivavoce.formats.reports.reported import ReportedRun

STDOUT = Path("-")


def report_targets(read: Iterable[Path] = (), **asked: Path | None) -> dict[str, Path]:
    """The reports that were asked for, by kind, each with its file.

    Refuses (InputError), before anything is played, what could not be written afterwards, or only over
    another report or one of the files that are `read`."""
    targets = {kind: path for kind, path in asked.items() if path is not None}
    if sum(path == STDOUT for path in targets.values()) > 1:
        raise InputError("only one report can go to stdout (`-`)")
    taken: dict[Path, str] = {path.resolve(): "would be written over: it is read" for path in read}
    for kind, path in targets.items():
        if path == STDOUT:
            continue
        if path.is_dir():
            raise InputError(f"--{kind} {path}: this is a folder; name a file")
        if not path.parent.is_dir():
            raise InputError(f"--{kind} {path}: there is no folder {path.parent}")
        if why := taken.get(path.resolve()):
            raise InputError(f"--{kind} {path}: {why}; name another file")
        taken[path.resolve()] = f"is the file of --{kind}, too"
    return targets


def write_reports(
    targets: dict[str, Path], runs: Sequence[ReportedRun], first: Mapping[str, str] | None = None
) -> None:
    """Render each report, with what comes before it, by its name; a file appears whole or not at all.

    One that cannot be written costs no other. Raises VivaError, naming those."""
    refused: list[str] = []
    for kind, path in targets.items():
        try:
            write_whole(path, chain([(first or {}).get(kind, "")], RENDERERS[kind](runs)))
        except Unwritten as error:
            refused.append(f"--{kind} {error.message}")
    if refused:
        raise Unwritten("\n".join(refused))


class Unwritten(VivaError):
    """A file cannot be written."""


def write_whole(path: Path, chunks: Iterable[str]) -> None:
    """Write a file that appears whole or not at all; `-` is stdout. Raises Unwritten."""
    if path == STDOUT:
        to_stdout(chunks)
        return
    with whole_file(path) as out:
        out.writelines(chunk.encode() for chunk in chunks)


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write that appears whole, at the end, or not at all; devices and pipes are written as they
    are. Raises Unwritten."""
    plain = path.is_file() or not path.exists()
    draft = path.with_name(path.name + ".part") if plain else path
    try:
        with draft.open("wb") as out:
            yield out
        if plain:
            draft.replace(path)
    except BaseException as error:
        if plain:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise Unwritten(f"{path}: cannot be written: {error.strerror or error}") from error
        raise
