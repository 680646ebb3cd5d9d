"""Report files: which were asked for, and how they are written."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path

from vivavoce.domain.errors import InputError
from vivavoce.formats.reports import ReportedRun
from vivavoce.formats.reports.renderers import RENDERERS

STDOUT = Path("-")


def report_targets(**asked: Path | None) -> dict[str, Path]:
    """The reports that were asked for, by kind, each with its file; checked as `check_targets` does."""
    targets = {kind: path for kind, path in asked.items() if path is not None}
    check_targets(targets)
    return targets


def check_targets(targets: dict[str, Path]) -> None:
    """Refuse, before anything is played, what could not be written afterwards."""
    if sum(path == STDOUT for path in targets.values()) > 1:
        raise InputError("only one report can go to stdout (`-`)")
    for kind, path in targets.items():
        if path == STDOUT:
            continue
        if path.is_dir():
            raise InputError(f"--{kind} {path}: this is a folder; name a file")
        if not path.parent.is_dir():
            raise InputError(f"--{kind} {path}: there is no folder {path.parent}")


def write_reports(
    targets: dict[str, Path], runs: Sequence[ReportedRun], first: Mapping[str, str] | None = None
) -> None:
    """Render each report, with what comes before it, by its name; a file appears whole or not at all."""
    for kind, path in targets.items():
        write_whole(path, chain([(first or {}).get(kind, "")], RENDERERS[kind](runs)))


def write_whole(path: Path, chunks: Iterable[str]) -> None:
    """Write a file that appears whole or not at all; `-` is stdout."""
    if path == STDOUT:
        sys.stdout.writelines(chunks)
        return
    draft = path.with_name(path.name + ".part")
    with draft.open("w", encoding="utf-8", newline="") as out:
        out.writelines(chunks)
    draft.replace(path)
