"""Where the steps of a suite stand in its files, for commands that change files."""

from dataclasses import dataclass
from typing import Literal

from vivavoce.formats.places import Path

Shared = Literal["", "table", "fixture"]


@dataclass(frozen=True)
class Origin:
    """A step's place. `path` and `expect` lead there from the file's root: keys and list positions."""

    source: str  # the file's name, as the caller or its loader of includes gave it
    path: Path  # of the step
    expect: Path | None  # of the value of `expect`; None: the step has none
    line: int  # of `expect`, or of the step; from 1
    column: int
    shared: Shared = ""  # other cases have the same step: rows of a table, or users of a fixture
