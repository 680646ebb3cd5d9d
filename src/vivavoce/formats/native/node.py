"""A part of a native suite file: its value, its place, and what is wrong with it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from vivavoce.formats.json_text import unsound
from vivavoce.formats.places import Findings, Path, closest
from vivavoce.formats.shape import kind_name
from vivavoce.formats.yaml_text import YamlText

_QUOTES = "a text that YAML takes for something else must stand in quotes"
_LISTED = 12  # known keys that a hint names


class NativeFindings(Findings):
    """Findings by line and column."""

    def __init__(self) -> None:
        super().__init__()
        self._noted: dict[str, None] = {}
        self._told: set[tuple[str, str]] = set()

    def problem_at(self, place: str, message: str, hint: str = "") -> None:
        """A step of a fixture is read by each of its cases; what is wrong with it is told once."""
        if (place, message) not in self._told:
            self._told.add((place, message))
            super().problem_at(place, message, hint)

    def warn_at(self, place: str, message: str) -> None:
        self._noted.setdefault(f"{place}: {message}")

    @property
    def warnings(self) -> list[str]:
        return [*super().warnings, *self._noted]


@dataclass(frozen=True)
class Source:
    """One file of those that make a suite."""

    name: str
    findings: NativeFindings
    yaml: YamlText | None = None  # None: a value that stands in no file (the writer's trial)
    included: bool = False

    def place(self, path: Path) -> str:
        place = self.yaml.place(path) if self.yaml else ""
        return f"included {self.name}: {place}" if self.included else place


@dataclass(frozen=True)
class Node:
    """A value with its place. What reads it says what is wrong, and goes on with None."""

    value: Any
    path: Path
    source: Source

    # --- what is wrong ---

    def problem(self, message: str, hint: str = "") -> None:
        self.source.findings.problem_at(self.source.place(self.path), message, hint)

    def warn(self, message: str) -> None:
        self.source.findings.warn_at(self.source.place(self.path), message)

    def misfit(self, expected: str, hint: str = "") -> None:
        name = next((f"`{part}`: " for part in reversed(self.path) if isinstance(part, str)), "")
        self.problem(f"{name}expected {expected}, got {kind_name(self.value)}", hint)

    # --- parts ---

    def __contains__(self, key: str) -> bool:
        return isinstance(self.value, dict) and key in self.value

    def at(self, key: str | int) -> "Node":
        return Node(self.value[key], (*self.path, key), self.source)

    def get(self, key: str) -> "Node | None":
        """What stands under a key; None where nothing does."""
        return self.at(key) if key in self else None

    def members(self) -> Iterator[tuple[str, "Node"]]:
        for key in self.value:
            yield key, self.at(key)

    def mapping(self, known: Collection[str] | None = None, what: str = "a mapping") -> bool:
        """Whether it is a mapping; keys that are not `known` are problems."""
        if not isinstance(self.value, dict):
            self.misfit(what)
            return False
        for key in self.value if known is not None else ():
            if known is not None and key not in known:
                self.at(key).unknown(known)
        return True

    def unknown(self, known: Collection[str]) -> None:
        """This key is not known here."""
        near = closest(str(self.path[-1]), known)
        listed = ", ".join(list(known)[:_LISTED]) + (", ..." if len(known) > _LISTED else "")
        self.problem(
            f"unknown key `{self.path[-1]}`", f"did you mean `{near}`?" if near else f"known: {listed}"
        )

    def items(self, what: str = "a list") -> list["Node"]:
        """The parts of a list; none where it is no list."""
        if not isinstance(self.value, list):
            self.misfit(what)
            return []
        return [self.at(index) for index in range(len(self.value))]

    # --- values ---

    @property
    def is_text(self) -> bool:
        """Whether it is a text, or something that may stand for one without quotes: `say: yes`, `say: 42`."""
        return isinstance(self.value, str | int | float)

    def text(self) -> str | None:
        """A text; a number or truth value is taken as it was written."""
        if isinstance(self.value, str):
            if "\0" in self.value:
                self.problem("holds the character U+0000")
            return self.value
        written = self.source.yaml.written(self.path) if self.source.yaml else None
        if self.is_text and written is not None:
            return written
        self.misfit("a text", "" if isinstance(self.value, dict | list) else _QUOTES)
        return None

    def texts(self) -> list[str] | None:
        """A list of texts, or a text alone."""
        if not isinstance(self.value, list):
            found = [self.text()] if self.is_text else None
            if found is None:
                self.misfit("a text or a list of texts", _QUOTES if self.value is None else "")
                return None
        else:
            found = [item.text() for item in self.items()]
        return None if None in found else [text for text in found if text is not None]

    def number(self) -> float | None:
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            self.misfit("a number")
            return None
        return self.value

    def whole(self, least: int = 0) -> int | None:
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            self.misfit("a whole number")
            return None
        if self.value < least:
            self.problem(f"must be at least {least}, not {self.value}")
            return None
        return self.value

    def flag(self) -> bool | None:
        if not isinstance(self.value, bool):
            self.misfit("true or false")
            return None
        return self.value

    def json(self) -> Any:
        """Any JSON value."""
        if reason := unsound(self.value):
            self.problem(reason)
            return None
        return self.value


def plain_node(value: Any) -> Node:
    """A value that stands in no file."""
    return Node(value, (), Source("", NativeFindings()))
