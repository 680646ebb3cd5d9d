"""`{{...}}` in what is sent to a bot: compiled once, filled for every turn.

A template is a list of parts, each a constant or a function of the values. Absent values render as the empty
text. Three forms: JSON (values escaped into pre-encoded bytes), text, and URL or form (percent-encoded).
"""

import json
import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from operator import itemgetter
from typing import Any, TypedDict
from urllib.parse import quote

import msgspec
from yarl import URL

from vivavoce.connectors.environment import Resolve
from vivavoce.domain.errors import Problem
from vivavoce.formats.bot_keys import PLACEHOLDER, PLACEHOLDERS


class Values(TypedDict):
    """What placeholders stand for; empty texts (None for the context) where there is nothing."""

    input: str
    conversation_id: str
    event: str
    language: str
    parent_intent: str
    context: dict[str, Any] | None


TextPart = str | Callable[[Values], str]
BytesPart = bytes | Callable[[Values], bytes]


class TextTemplate:
    """A text with placeholders, their values put in as they are or percent-encoded."""

    def __init__(self, text: str, resolve: Resolve, *, encode: Callable[[str], str] = str) -> None:
        self.parts: list[TextPart] = []
        for constant, name in split(text):
            if constant:
                self.parts.append(resolve(constant))
            if name:
                self.parts.append(_text_slot(name, encode))
        self.constant = all(isinstance(part, str) for part in self.parts)

    def fill(self, values: Values) -> str:
        return "".join([part if isinstance(part, str) else part(values) for part in self.parts])


class JsonTemplate:
    """A JSON value with placeholders in its texts."""

    def __init__(self, value: Any, resolve: Resolve) -> None:
        self.parts: list[BytesPart] = []
        for part in _json_parts(value, resolve):
            if isinstance(part, bytes) and self.parts and isinstance(self.parts[-1], bytes):
                self.parts[-1] += part
            else:
                self.parts.append(part)

    def fill(self, values: Values) -> bytes:
        return b"".join([part if isinstance(part, bytes) else part(values) for part in self.parts])


class UrlTemplate:
    """An address with percent-encoded placeholders after its host. Raises ValueError when it is none."""

    def __init__(self, text: str, resolve: Resolve) -> None:
        pieces = list(split(text))
        # Names that survive the address's own normalisation mark where values go.
        marked = "".join(
            resolve(constant) + (f"viva-slot-{index}-{name}-" if name else "")
            for index, (constant, name) in enumerate(pieces)
        )
        url = URL(marked).with_fragment(None)
        if url.scheme not in ("http", "https") or not url.host:
            raise ValueError("not an http or https address")
        if "viva-slot-" in str(url.origin()):
            raise ValueError("placeholders may stand only after the host")
        self._url = url
        self._text = None
        if any(name for _, name in pieces):
            with_slots = re.sub(r"viva-slot-\d+-(\w+)-", r"{{\1}}", str(url))
            self._text = TextTemplate(with_slots, str, encode=lambda value: quote(value, safe=""))

    def fill(self, values: Values) -> URL:
        return self._url if self._text is None else URL(self._text.fill(values), encoded=True)


def form_template(pairs: dict[str, Any], resolve: Resolve) -> TextTemplate:
    """The pairs as an HTML form's body; values are texts, numbers or truth values."""
    text = "&".join(
        f"{quote(str(key), safe='')}={_form_value(value, resolve)}" for key, value in pairs.items()
    )
    return TextTemplate(text, str, encode=lambda value: quote(value, safe=""))


def split(text: str) -> Iterator[tuple[str, str]]:
    """(constant, placeholder's name after it) in order; the last name is empty."""
    start = 0
    for found in PLACEHOLDER.finditer(text):
        yield text[start : found.start()], found[1]
        start = found.end()
    yield text[start:], ""


def problems(value: Any, place: str) -> Iterator[Problem]:
    """What is wrong with the placeholders in a text, or in the texts of a JSON value."""
    if isinstance(value, str):
        for _, name in split(value):
            if name and name not in PLACEHOLDERS:
                close = get_close_matches(name, PLACEHOLDERS, n=1)
                yield Problem(
                    f"unknown placeholder {{{{{name}}}}}",
                    place,
                    f"did you mean {{{{{close[0]}}}}}?" if close else f"there are {', '.join(PLACEHOLDERS)}",
                )
        if "{{" in PLACEHOLDER.sub("", value):
            yield Problem("`{{` without a placeholder and `}}`", place, "write {{input}}")
    elif isinstance(value, dict):
        for key, item in value.items():
            if "{{" in str(key):
                yield Problem("a placeholder cannot stand in a key", place)
            yield from problems(item, f"{place}.{key}")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from problems(item, f"{place}[{index}]")


def mentions(value: Any, name: str) -> bool:
    """Whether a placeholder stands anywhere in a text or JSON value."""
    if isinstance(value, str):
        return any(found == name for _, found in split(value))
    if isinstance(value, dict):
        return any(mentions(item, name) for item in value.values())
    return isinstance(value, list | tuple) and any(mentions(item, name) for item in value)


def _text_slot(name: str, encode: Callable[[str], str]) -> Callable[[Values], str]:
    if name == "context":
        return lambda values: encode(_context_json(values).decode() if values["context"] is not None else "")
    text = itemgetter(name)
    return lambda values: encode(text(values))


def _json_parts(value: Any, resolve: Resolve) -> Iterator[BytesPart]:
    match value:
        case str():
            yield from _json_text_parts(value, resolve)
        case dict():
            for index, (key, item) in enumerate(value.items()):
                yield (b"," if index else b"{") + escaped(str(key)) + b":"
                yield from _json_parts(item, resolve)
            yield b"}" if value else b"{}"
        case list() | tuple():
            for index, item in enumerate(value):
                yield b"," if index else b"["
                yield from _json_parts(item, resolve)
            yield b"]" if value else b"[]"
        case _:
            yield msgspec.json.encode(value)


def _json_text_parts(text: str, resolve: Resolve) -> Iterator[BytesPart]:
    pieces = list(split(text))
    if [constant for constant, _ in pieces] == ["", ""]:
        yield _json_slot(pieces[0][1])
        return
    yield b'"'
    for constant, name in pieces:
        yield escaped(resolve(constant))[1:-1]
        if name:
            yield _inner_json_slot(_text_slot(name, str))
    yield b'"'


def _json_slot(name: str) -> Callable[[Values], bytes]:
    """A whole text that is one placeholder: the context stays a JSON value, the others are texts."""
    if name == "context":
        return lambda values: b'""' if values["context"] is None else _context_json(values)
    text = itemgetter(name)
    return lambda values: escaped(text(values))


def _inner_json_slot(slot: Callable[[Values], str]) -> Callable[[Values], bytes]:
    return lambda values: escaped(slot(values))[1:-1]


def escaped(text: str) -> bytes:
    """A text as a JSON string. A lone surrogate, which UTF-8 cannot hold, stays an escape."""
    try:
        return msgspec.json.encode(text)
    except UnicodeEncodeError:
        return json.dumps(text).encode()


def _context_json(values: Values) -> bytes:
    return msgspec.json.encode(values["context"])


def _form_value(value: Any, resolve: Resolve) -> str:
    if not isinstance(value, str):
        return quote(msgspec.json.encode(value).decode(), safe="")
    return "".join(
        quote(resolve(constant), safe="") + (f"{{{{{name}}}}}" if name else "")
        for constant, name in split(value)
    )
