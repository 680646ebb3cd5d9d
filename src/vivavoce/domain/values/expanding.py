"""`{{name}}` and `${VIVA_BOT_...}` in the texts of a step, replaced by what they stand for.

Only cases that declare variables come here. `{{name}}` is replaced where the name has a value and stays
otherwise; `\\{{` is a literal `{{`; nothing else is ever replaced. What is put in is never read again: a
reply that says `${VIVA_BOT_TOKEN}` stays just that when it is sent back.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple, TypeVar, cast, get_args, get_origin

import msgspec
from msgspec.structs import fields, replace

from vivavoce.domain.assertions.regex import Regex
from vivavoce.domain.assertions.spans import Span
from vivavoce.domain.assertions.text import TextEntry
from vivavoce.domain.template import parse_template
from vivavoce.domain.values.variables import Capture, Values

_TOKEN = re.compile(r"\\(\{\{)|\{\{([^{}\n]{1,200})\}\}|\$\{(VIVA_BOT_[A-Za-z0-9_]+)\}")

_Mode = Literal["text", "json", "expression"]
"""Whether a value is put in as text, may keep its JSON type, or is escaped for a regular expression."""

T = TypeVar("T")


def expand(value: T, values: Values, secrets: Mapping[str, str] | None = None) -> T:
    """A step, a case or a JSON value in which names stand for their values.

    `secrets` None: references to the environment stay as they are written. Texts that are JSON take values as
    JSON texts do. Returns the same object where nothing stood for anything.
    """
    return cast(T, _expanded(value, "json", _Meanings(values, secrets)))


def fill_secrets(text: str, secrets: Mapping[str, str]) -> str:
    """The text with the environment's values; names between braces are left as they are."""
    return _TOKEN.sub(lambda found: secrets.get(found[3], found[0]) if found[3] else found[0], text)


def names_in(value: Any) -> dict[str, None]:
    """The names between `{{` and `}}` in all texts of a value, in order, each once."""
    return {found[2].strip(): None for found in _tokens(value) if found[2]}


def secrets_in(value: Any) -> dict[str, None]:
    """The variables of the environment that all texts of a value refer to, in order, each once."""
    return {found[3]: None for found in _tokens(value) if found[3]}


def is_verbatim(value: Any) -> bool:
    """Whether nothing in any text of a value could be replaced, not even a literal `\\{{`."""
    return next(_tokens(value), None) is None


def as_text(value: Any) -> str:
    """A JSON value in a text: a text as it is, nothing for null, else compact JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else msgspec.json.encode(value).decode()


class _Part(NamedTuple):
    """A piece of a new text, and the place in the old one whose it is."""

    new: str
    start: int
    end: int
    replaced: bool


class _Meanings:
    """What the two kinds of references stand for."""

    def __init__(self, values: Values, secrets: Mapping[str, str] | None) -> None:
        self._values = values
        self._secrets = secrets or {}

    def whole(self, text: str) -> tuple[Any] | None:
        """The value of the name that a text is and nothing else, in a tuple."""
        found = _TOKEN.fullmatch(text)
        name = found[2].strip() if found and found[2] else None
        return (self._values[name],) if name is not None and name in self._values else None

    def text(self, text: str, mode: _Mode) -> str:
        if "{{" not in text and "${" not in text:
            return text
        return "".join(part.new for part in self.parts(text, mode))

    def parts(self, text: str, mode: _Mode) -> "Iterator[_Part]":
        """The text in pieces, some of them replaced."""
        in_json = mode != "expression" and parse_template(text) is not None
        at = 0
        for found in _TOKEN.finditer(text):
            meant = self._meant(found)
            if meant is None:
                continue
            if mode == "expression":
                meant = re.escape(meant)
            elif in_json and not found[1]:
                meant = json.dumps(meant, ensure_ascii=False)[1:-1]
            yield _Part(text[at : found.start()], at, found.start(), False)
            yield _Part(meant, found.start(), found.end(), True)
            at = found.end()
        yield _Part(text[at:], at, len(text), False)

    def _meant(self, found: re.Match[str]) -> str | None:
        if found[1]:
            return "{{"
        if found[3]:
            return self._secrets.get(found[3])
        name = found[2].strip()
        return as_text(self._values[name]) if name in self._values else None


def _expanded(value: Any, mode: _Mode, meanings: _Meanings) -> Any:
    if isinstance(value, str):
        whole = meanings.whole(value) if mode == "json" else None
        return meanings.text(value, mode) if whole is None else whole[0]
    if isinstance(value, TextEntry) and value.dynamic:
        return _entry(value, meanings)
    if isinstance(value, msgspec.Struct):
        return _struct(value, meanings)
    if isinstance(value, dict):
        found = {
            meanings.text(key, "text") if isinstance(key, str) else key: _expanded(item, mode, meanings)
            for key, item in value.items()
        }
        same = found.keys() == value.keys() and all(found[key] is value[key] for key in value)
        return value if same else found
    if isinstance(value, list | tuple):
        items = [_expanded(item, mode, meanings) for item in value]
        same = all(new is old for new, old in zip(items, value, strict=True))
        return value if same else type(value)(items)
    return value


def _struct(value: msgspec.Struct, meanings: _Meanings) -> Any:
    changed = {}
    for name, mode in _modes(type(value)):
        old = getattr(value, name)
        if isinstance(value, Regex) or (isinstance(value, Capture) and value.source == "regex"):
            mode = "expression"
        new = _expanded(old, mode, meanings)
        if new is not old:
            changed[name] = new
    return replace(value, **changed) if changed else value


def _entry(entry: TextEntry, meanings: _Meanings) -> TextEntry:
    """The entry with its dynamic parts where they are in the new text."""
    parts = list(meanings.parts(entry.text, "text"))
    spans = tuple(
        replace(span, start=_moved(span.start, parts, opens=True), end=_moved(span.end, parts, opens=False))
        for span in entry.dynamic
    )
    rest: TextEntry = _struct(replace(entry, text="", dynamic=()), meanings)
    return replace(rest, text="".join(part.new for part in parts), dynamic=spans)


def _moved(position: int, parts: Sequence[_Part], *, opens: bool) -> int:
    """Where a position of the old text is in the new one. A dynamic part that begins or ends within a name
    takes in the whole value."""
    at = 0
    for part in parts:
        if part.replaced and part.start < position < part.end:
            return at if opens else at + len(part.new)
        if position <= part.end and not part.replaced:
            return at + position - part.start
        at += len(part.new)
    return at + position - parts[-1].end


@lru_cache(maxsize=256)
def _modes(kind: type[msgspec.Struct]) -> tuple[tuple[str, _Mode], ...]:
    """The fields of a struct that may hold texts, and how values are put in there."""
    if issubclass(kind, Span):
        return ()
    found: list[tuple[str, _Mode]] = []
    for field in fields(kind):
        if _within(field.type, Any):
            found.append((field.name, "json"))
        elif _within(field.type, str):
            found.append((field.name, "text"))
    return tuple(found)


def _within(kind: Any, wanted: Any) -> bool:
    """Whether a type holds another, or structs, somewhere."""
    if kind is wanted:
        return True
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return wanted is str
    if get_origin(kind) is Literal:
        return False
    return any(_within(each, wanted) for each in get_args(kind))


def _tokens(value: Any) -> Iterator[re.Match[str]]:
    if isinstance(value, str):
        yield from _TOKEN.finditer(value)
    elif isinstance(value, msgspec.Struct):
        for name, _ in _modes(type(value)):
            yield from _tokens(getattr(value, name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _tokens(key)
            yield from _tokens(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _tokens(item)
