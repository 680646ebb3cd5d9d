"""Edits of JSON files."""

import json
import re
from collections.abc import Sequence
from typing import Any, Literal

from vivavoce.formats.editing.base import Editor, NotEditable, Spot
from vivavoce.formats.places import Path

_decode = json.JSONDecoder().raw_decode


class JsonEditor(Editor):
    """A JSON file that is known to be well-formed. Values are written in the file's indentation."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._step = self._indentation_step()
        try:
            self._scan()
        except (IndexError, ValueError) as error:
            raise NotEditable("the file is no well-formed JSON") from error

    def put(self, path: Path, value: Any) -> None:
        spot = self.spot(path)
        self._replace(spot.start, spot.end, self._written(value, spot.start))

    def put_member(self, path: Path, key: str, value: Any) -> None:
        spot = self.spot(path)
        if spot.key is None:
            raise NotEditable("this is no member of an object")
        self._replace(*spot.key, json.dumps(key, ensure_ascii=False))
        self._replace(spot.start, spot.end, self._written(value, spot.start))

    def append(self, path: Path, values: Sequence[Any]) -> None:
        last = self._items(path)[-1]
        line_start = self.text.rfind("\n", 0, last.start) + 1
        own_line = not self.text[line_start : last.start].strip()
        between = f",\n{self.text[line_start : last.start]}" if own_line else ", "
        added = "".join(between + self._written(value, last.start) for value in values)
        self._replace(last.end, last.end, added)

    def cut(self, path: Path, left: int) -> None:
        items = self._items(path)
        self._replace(items[left - 1].end, items[-1].end, "")

    def _written(self, value: Any, start: int) -> str:
        if not isinstance(value, dict | list) or self._step is None:
            return json.dumps(value, ensure_ascii=False)
        line_start = self.text.rfind("\n", 0, start) + 1
        line = self.text[line_start:start]
        indentation = line[: len(line) - len(line.lstrip())]
        text = json.dumps(value, ensure_ascii=False, indent=self._step)
        return text.replace("\n", f"\n{indentation}")

    def _indentation_step(self) -> str | None:
        """What a level is indented by; None where the file is one line."""
        found = re.search(r"\{[ \t]*\r?\n([ \t]+)\"", self.text)
        return found[1] if found else None

    def _scan(self) -> None:
        """The place of every value. Without recursion: no file is too deep."""
        text = self.text
        at = 1 if text.startswith("\ufeff") else 0
        open_: list[tuple[Path, int, tuple[int, int] | None]] = []  # collections that have begun
        counts: list[int] = []
        path: Path = ()
        key: tuple[int, int] | None = None
        expecting_value = True
        while True:
            at = _after_blanks(text, at)
            if expecting_value and text[at] not in "]}":
                if open_ and text[open_[-1][1]] == "{" and key is None:
                    name, end = _decode(text, at)
                    key, path = (at, end), (*open_[-1][0], name)
                    at = _after_blanks(text, end) + 1
                    continue
                if open_ and text[open_[-1][1]] == "[":
                    path = (*open_[-1][0], counts[-1])
                if text[at] in "{[":
                    open_.append((path, at, key))
                    counts.append(0)
                    key, at = None, at + 1
                    continue
                _, end = _decode(text, at)
                self.spots[path] = Spot("scalar", at, end, True, key)
                at, key = end, None
            elif text[at] in "]}":
                path, start, own_key = open_.pop()
                counts.pop()
                kind: Literal["list", "mapping"] = "list" if text[at] == "]" else "mapping"
                self.spots[path] = Spot(kind, start, at + 1, True, own_key)
                at += 1
                key = None
            elif text[at] == ",":
                counts[-1] += 1
                at += 1
                expecting_value = True
                continue
            else:
                raise ValueError(f"unexpected {text[at]!r}")
            if not open_:
                return
            expecting_value = False
            at = _after_blanks(text, at)
            if text[at] not in ",]}":
                raise ValueError(f"unexpected {text[at]!r}")


def _after_blanks(text: str, at: int) -> int:
    """The next character that counts. Raises IndexError where the text ends."""
    while text[at] in " \t\r\n":
        at += 1
    return at
