"""What both languages of suite files have in common: places of values, and replaced stretches of text."""

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Literal, NamedTuple

from vivavoce.formats.places import Path, json_path


class NotEditable(Exception):
    """A change that cannot be made in place; the message says why."""


class Spot(NamedTuple):
    """Where a value stands: offsets in characters, end exclusive."""

    kind: Literal["scalar", "mapping", "list"]
    start: int
    end: int
    flow: bool  # within brackets, or a scalar
    key: tuple[int, int] | None  # the key's own place, where the value is a member of a mapping


class Editor(ABC):
    """Gathers changes of one file; `changed` is the text with them. Paths are those of the old text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spots: dict[Path, Spot] = {}
        self._changes: list[tuple[int, int, str]] = []

    def spot(self, path: Path) -> Spot:
        """Raises NotEditable where nothing stands at the path."""
        found = self.spots.get(path)
        if found is None:
            raise NotEditable(f"nothing stands at {json_path(path)}")
        return found

    def keys(self, path: Path) -> list[str]:
        """The keys of a mapping, in order; none of anything else."""
        return self._members.get(path, [])

    @cached_property
    def _members(self) -> dict[Path, list[str]]:
        found: dict[Path, list[tuple[int, str]]] = {}
        for path, spot in self.spots.items():
            if path and isinstance(path[-1], str):
                found.setdefault(path[:-1], []).append((spot.start, path[-1]))
        return {path: [key for _, key in sorted(members)] for path, members in found.items()}

    def line(self, path: Path) -> int:
        """From 1; of the nearest part above that exists."""
        while path and path not in self.spots:
            path = path[:-1]
        spot = self.spots.get(path)
        return bisect_right(self._line_ends, spot.start - 1) + 1 if spot else 1

    @cached_property
    def _line_ends(self) -> list[int]:
        return [at for at, character in enumerate(self.text) if character == "\n"]

    @abstractmethod
    def put(self, path: Path, value: Any) -> None:
        """Another value in the place of one."""

    @abstractmethod
    def put_member(self, path: Path, key: str, value: Any) -> None:
        """Another key and value in the place of a member."""

    @abstractmethod
    def append(self, path: Path, values: Sequence[Any]) -> None:
        """Further items at the end of a list that is not empty."""

    @abstractmethod
    def cut(self, path: Path, left: int) -> None:
        """Leave so many items of a list, at least one."""

    def changed(self) -> str:
        """The text with all changes. Raises NotEditable where two of them touch the same place."""
        text, at = self.text, len(self.text) + 1
        for start, end, new in sorted(self._changes, reverse=True):
            if end > at:
                raise NotEditable("two changes fall on the same place")
            text = text[:start] + new + text[end:]
            at = start
        return text

    def _replace(self, start: int, end: int, new: str) -> None:
        if "\r\n" in self.text:
            new = new.replace("\n", "\r\n")
        if (start, end, new) not in self._changes:
            self._changes.append((start, end, new))

    def _items(self, path: Path) -> list[Spot]:
        count = 0
        while (*path, count) in self.spots:
            count += 1
        return [self.spots[(*path, at)] for at in range(count)]
