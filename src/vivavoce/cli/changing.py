"""Changes of suite files as the commands show and write them."""

import difflib
from collections.abc import Iterator
from pathlib import Path

from vivavoce.cli.console import err, out
from vivavoce.cli.files import included_files
from vivavoce.cli.reports import write_whole
from vivavoce.domain.errors import InputError
from vivavoce.engine.accepting import Changes
from vivavoce.engine.suite_text import SuiteText


def suite_text(path: Path) -> SuiteText:
    """A conversation suite's file, with those that it includes. Raises InputError."""
    try:
        return SuiteText(path.read_bytes(), str(path), included_files)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None


def show_changes(changes: Changes, *, write: bool) -> None:
    """Print the changes as a diff on stdout, what is to be said of them on stderr; write them if asked."""
    console = err()
    for note in changes.notes:
        console.print(note, style="yellow")
    for reason in changes.left:
        console.print(f"left as it is: {reason}", style="yellow")
    for name, (old, new) in changes.files.items():
        for line in _diff(name, old, new):
            out().print(line)
        if write:
            write_whole(Path(name), [new])
    if changes.files:
        files = " and ".join(changes.files)
        done = f"wrote {files}" if write else f"nothing is written yet: --write changes {files}"
        console.print(f"{changes.steps} {'step' if changes.steps == 1 else 'steps'}; {done}")


def _diff(name: str, old: str, new: str) -> Iterator[str]:
    """A unified diff that `patch` and `git apply` take, in the folder where the command was given."""
    path = Path(name).absolute()
    here = Path.cwd()
    shown = path.relative_to(here if path.is_relative_to(here) else path.anchor).as_posix()
    for line in difflib.unified_diff(
        old.splitlines(keepends=True), new.splitlines(keepends=True), f"a/{shown}", f"b/{shown}"
    ):
        yield line.removesuffix("\n").removesuffix("\r")
        if not line.endswith("\n"):
            yield "\\ No newline at end of file"
