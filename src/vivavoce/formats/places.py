"""Where something stands in a file, and the collected findings of one reading."""

import difflib
import functools
import re
from collections.abc import Iterable
from typing import Any

from vivavoce.domain.errors import Malformed, Problem

Path = tuple[str | int, ...]

PROBLEMS_SHOWN = 50
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def json_path(path: Path) -> str:
    """`("testCases", 3, "a b")` -> `$.testCases[3]['a b']`."""
    text = "$"
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _PLAIN_KEY.fullmatch(part):
            text += f".{part}"
        else:
            quoted = part.replace("\\", "\\\\").replace("'", "\\'")
            text += f"['{quoted}']"
    return text


def line_and_column(data: bytes | memoryview, offset: int) -> str:
    """The place of a byte in UTF-8 text: `line L, column C`, both from 1, columns in characters."""
    before = bytes(data[:offset])
    line_start = max(before.rfind(b"\n"), before.rfind(b"\r")) + 1
    line = before.count(b"\n") + sum(1 for _ in re.finditer(rb"\r(?!\n)", before)) + 1
    column = len(before[line_start:].decode("utf-8", "replace")) + 1
    return f"line {line}, column {column}"


def closest(word: str, known: Iterable[str]) -> str:
    """The known word that `word` was probably meant to be; empty when none is near."""
    return _closest(word, tuple(known))


@functools.lru_cache(maxsize=1024)  # the same stray key stands in every step of a file
def _closest(word: str, known: tuple[str, ...]) -> str:
    by_lower = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.65)
    return by_lower[near[0]] if near else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint for a mistyped word, or the empty text."""
    near = closest(word, known)
    return f"did you mean `{near}`?" if near else ""


class Findings:
    """What one reading of a file found wrong (`problems`) or odd (`warnings`).

    At most PROBLEMS_SHOWN problems are held; `missed` counts the others. The same warning at many places is
    held once, with their number.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.missed = 0
        self._warnings: dict[tuple[str, Path], list[Any]] = {}  # [first text, count]
        self._typos: dict[Path, str] = {}  # by object: a hint on its first mistyped key

    def problem(self, path: Path, message: str, hint: str = "") -> None:
        self.problem_at(json_path(path), message, hint)

    def problem_at(self, place: str, message: str, hint: str = "") -> None:
        if len(self.problems) < PROBLEMS_SHOWN:
            self.problems.append(Problem(message, place, hint))
        else:
            self.missed += 1

    def unknown_key(self, path: Path, known: Iterable[str]) -> None:
        """A key that nobody knows is passed over, with a warning."""
        key = str(path[-1])
        hint = did_you_mean(key, known)
        if hint and len(self._typos) < PROBLEMS_SHOWN:
            self._typos.setdefault(path[:-1], f"is `{key}` meant to be `{closest(key, known)}`?")
        self.warn(path, f"unknown key, ignored{'; ' if hint else ''}{hint}")

    def typo(self, path: Path) -> str:
        """A hint where an object lacks something and has a mistyped key; else the empty text."""
        return self._typos.get(path, "")

    def warn(self, path: Path, message: str) -> None:
        """Warnings whose places differ only in list positions count as one."""
        pattern = (message, tuple([0 if isinstance(part, int) else part for part in path]))
        if pattern in self._warnings:
            self._warnings[pattern][1] += 1
        else:
            self._warnings[pattern] = [f"{json_path(path)}: {message}", 1]

    @property
    def full(self) -> bool:
        """Whether further problems would not be shown."""
        return len(self.problems) >= PROBLEMS_SHOWN

    @property
    def warnings(self) -> list[str]:
        found = []
        for text, count in self._warnings.values():
            more = f" (and at {count - 1:,} more {'place' if count == 2 else 'places'})" if count > 1 else ""
            found.append(text + more)
        return found

    def raise_if_any(self, source: str = "") -> None:
        """Raises Malformed with all problems, when there are any."""
        if not self.problems:
            return
        problems = list(self.problems)
        if self.missed:
            problems.append(Problem(f"and {self.missed:,} more problems"))
        raise Malformed(problems, source)
