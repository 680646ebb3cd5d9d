"""Where the commands write: results to stdout, everything else to stderr."""

import os
import sys
from collections.abc import Iterable, Sequence
from typing import IO, Any

import msgspec
from rich.cells import cell_len, set_cell_size
from rich.console import Console

PLAIN_WIDTH = 100
"""Columns of what is laid out for a reader, where nothing says how many there are."""


def out(*, to_stderr: bool = False) -> Console:
    """The console for results; `to_stderr` when a report takes stdout. Never breaks long lines in pipes."""
    return _console(to_stderr)


def err() -> Console:
    """The console for progress, warnings and errors."""
    return _console(True)


class _Patient(Console):
    """A console whose reader may leave (`| head`): what was asked for is still done, with its exit code."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        _nobody_reads(self.file)


def to_stdout(pieces: Iterable[str]) -> None:
    """Write to stdout as far as somebody reads it."""
    try:
        sys.stdout.writelines(pieces)
        sys.stdout.flush()
    except BrokenPipeError:
        _nobody_reads(sys.stdout)


def _nobody_reads(stream: IO[str]) -> None:
    """Lead what is still written to this stream nowhere, also what Python flushes as it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _console(stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    return _Patient(
        file=stream,
        highlight=False,
        soft_wrap=True,
        markup=False,  # bots and suites hold square brackets
        emoji=False,
        width=None if stream.isatty() or "COLUMNS" in os.environ else PLAIN_WIDTH,
    )


def one_line(text: str, length: int = 120) -> str:
    """The text on one line without control characters, so that no bot writes to the terminal; cut."""
    line = "".join(char if char.isprintable() else " " for char in text)
    return line if len(line) <= length else line[: length - 3] + "..."


def print_table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Columns on stdout, one line a row. Nothing is ever cut: other commands ask for the ids in it."""
    lines = [[" ".join(cell.split()) for cell in row] for row in (titles, *rows)]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    console = out()
    for number, line in enumerate(lines):
        padded = [set_cell_size(cell, width) for cell, width in zip(line, widths, strict=True)]
        console.print("  ".join(padded).rstrip(), style=None if number else "bold")


def print_json(value: Any) -> None:
    to_stdout([msgspec.json.encode(value).decode(), "\n"])
