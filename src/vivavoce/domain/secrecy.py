"""`${VIVA_BOT_...}`: what the playing process's environment keeps secret, and how it is kept out of sight."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

import msgspec

REFERENCE = re.compile(r"\$\{([^{}]*)\}")
ALLOWED = re.compile(r"VIVA_BOT_[A-Za-z0-9_]+")
_DEEP = 100  # levels of a JSON value that are looked at one by one
_PIECE = 3  # characters of a value that tell something of it
_CUT = "…"  # where our wordings leave something out
_WORDS = "differing words: "  # after it, wordings show the words of a value apart


class Secrets:
    """The values of some variables by name, known in every spelling in which they may stand in a text."""

    def __init__(self, values: Mapping[str, str]) -> None:
        """Empty values hide nothing."""
        self.values = dict(values)
        forms: dict[str, str] = {}
        for name, value in self.values.items():
            for form in _spellings(value):
                forms.setdefault(form, name)
        self._names = forms
        longest_first = sorted(forms, key=len, reverse=True)
        self.longest = len(longest_first[0]) if longest_first else 0  # characters of a spelling
        self._forms = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def __bool__(self) -> bool:
        return self._forms is not None

    def __or__(self, other: "Secrets") -> "Secrets":
        """Both; the same object where that says nothing new."""
        if not other or other is self:
            return self
        return Secrets({**self.values, **other.values}) if self else other

    def stands_in(self, text: str) -> bool:
        return self._forms is not None and self._forms.search(text) is not None

    def mask(self, text: str) -> str:
        """The text with `${NAME}` in the place of each value."""
        return text if self._forms is None else self._forms.sub(self._reference, text)

    def mask_worded(self, text: str) -> str:
        """A wording of ours without the values, and without what it shows of one: the part that stands before
        or after a cut, and its words among differing words."""
        text = self.mask(text)
        if self._forms is None:
            return text
        head, differing, tail = text.partition(_WORDS)
        if differing:
            for word, name in self._words().items():
                tail = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", f"${{{name}}}", tail)
        text = head + differing + tail
        if _CUT not in text:
            return text
        parts = text.split(_CUT)
        last = len(parts) - 1
        known = self._names | self._words() if differing else self._names
        return _CUT.join(
            _without_piece(part, known, after=at > 0, before=at < last) for at, part in enumerate(parts)
        )

    def _words(self) -> dict[str, str]:
        """The words of values that have several, the longest first, each with its variable."""
        found = {
            word: name
            for form, name in self._names.items()
            if len(words := form.split()) > 1
            for word in words
            if len(word) >= _PIECE
        }
        return dict(sorted(found.items(), key=lambda item: -len(item[0])))

    def mask_json(self, value: Any, depth: int = 0) -> Any:
        """A JSON value, its keys too, without any of the values in its texts; the same object where none is
        in it."""
        if isinstance(value, str):
            return self.mask(value) if self.stands_in(value) else value
        if not isinstance(value, dict | list | tuple):
            return value
        text = _json(value)
        if not self.stands_in(text):
            return value
        if depth > _DEEP:
            return self.mask(text)
        if isinstance(value, dict):
            return {
                self.mask_json(key, depth + 1): self.mask_json(item, depth + 1) for key, item in value.items()
            }
        return type(value)([self.mask_json(item, depth + 1) for item in value])

    def _reference(self, found: "re.Match[str]") -> str:
        return f"${{{self._names[found[0]]}}}"


NO_SECRETS = Secrets({})


def references(settings: Any, place: str = "$") -> Iterator[tuple[str, str]]:
    """(place, variable's name) of every reference in the values of some settings."""
    if isinstance(settings, str):
        for found in REFERENCE.finditer(settings):
            yield place, found[1]
    elif isinstance(settings, Mapping):
        for key, value in settings.items():
            yield from references(value, f"{place}.{key}")
    elif isinstance(settings, list | tuple):
        for index, value in enumerate(settings):
            yield from references(value, f"{place}[{index}]")


def chosen(names: Iterable[str], values: Mapping[str, str]) -> Secrets:
    """Those of the values that have one of these names."""
    return Secrets({name: values[name] for name in names if name in values})


def _spellings(value: str) -> set[str]:
    """Plain, in a JSON text once and twice, in a regular expression, and percent-encoded as addresses and
    forms do it."""
    if not value:
        return set()
    in_json, in_expression = _in_json(value), re.escape(value)
    escaped = {in_json, _in_json(in_json), json.dumps(value)[1:-1]}
    in_url = {quote(value, safe=safe) for safe in ("", "/", "/:@!$&'()*,;=?~+")}
    lower = {re.sub(r"%[0-9A-F]{2}", lambda found: found[0].lower(), form) for form in in_url}
    expressions = {in_expression, _in_json(in_expression)}
    return {value, *escaped, *expressions, *in_url, *lower, quote_plus(value)}


def _without_piece(part: str, known: Mapping[str, str], *, after: bool, before: bool) -> str:
    """A part of a wording that stands after a cut, before one or both, without the piece of a value there."""
    for form, name in known.items():
        reference, most = f"${{{name}}}", min(len(form) - 1, len(part))
        if after and before and len(part) >= _PIECE and part in form:
            return reference
        for size in range(most, _PIECE - 1, -1) if before else ():
            if part.endswith(form[:size]):
                part = part[:-size] + reference
                break
        for size in range(min(most, len(part)), _PIECE - 1, -1) if after else ():
            if part.startswith(form[-size:]):
                part = reference + part[size:]
                break
    return part


def _json(value: Any) -> str:
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:  # a lone surrogate
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _in_json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]
