"""Where the commands write: results to stdout, everything else to stderr."""

import sys
from typing import Any

import msgspec
from rich.console import Console


def out(*, to_stderr: bool = False) -> Console:
    """The console for results; `to_stderr` when a report takes stdout. Never breaks long lines in pipes."""
    return _console(to_stderr)


def err() -> Console:
    """The console for progress, warnings and errors."""
    return _console(True)


def _console(stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    return Console(
        file=stream,
        highlight=False,
        soft_wrap=True,
        markup=False,  # bots and suites hold square brackets
        emoji=False,
    )


def print_json(value: Any) -> None:
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
