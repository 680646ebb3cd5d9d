"""JSON as it comes from outside: encoding and syntax, refused with the place."""

import codecs
import json
import math
import re
from typing import Any, TypeVar

import msgspec

from vivavoce.domain.errors import Malformed, Problem
from vivavoce.formats.places import line_and_column

T = TypeVar("T")

DEPTH_LIMIT = 64  # of templates and context values; deeper ones would break whoever walks them
_NEVER_REACHED = 2 * DEPTH_LIMIT  # levels: the deepest value below all levels of a suite's own needs fewer
_CHUNK = 1 << 20
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# An escaped surrogate without its other half: no character, and nothing that UTF-8 can hold.
_HALF_PAIR = re.compile(rb"(?<!\\)(?:\\\\)*(\\u[dD][89abAB][0-9a-fA-F]{2})(?!\\u[dD][c-fC-F])", re.DOTALL)


SAVE_AS_UTF8 = "save the file as UTF-8"
CONVERT = f"{SAVE_AS_UTF8}, or convert it: `viva convert IN OUT --encoding cp1252`"
"""The ways out for a file in another encoding."""


def utf8_body(data: bytes, source: str = "", *, hint: str = SAVE_AS_UTF8) -> memoryview:
    """The text's bytes without a byte order mark. Raises Malformed unless it is UTF-8 without NUL bytes."""
    refuse_utf16(data, source)
    start = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    body = memoryview(data)[start:]
    decoder = codecs.getincrementaldecoder("utf-8")()
    # In chunks: the whole text as a str would need up to four times the file's size.
    for offset in range(start, len(data), _CHUNK):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(data[offset : offset + _CHUNK], final=offset + _CHUNK >= len(data))
        except UnicodeDecodeError as error:
            wrong = offset - pending + error.start
            raise Malformed(not_utf8(data, wrong, hint=hint), source) from None
    nul = data.find(b"\0")
    if nul >= 0:
        place = line_and_column(data, nul)
        raise Malformed(Problem(f"a NUL byte (byte {nul})", place), source)
    if not bytes(body[:64]).strip() and not bytes(body).strip():
        raise Malformed(Problem("the file is empty"), source)
    return body


def refuse_utf16(first_bytes: bytes, source: str = "") -> None:
    """Raises Malformed for text of two or four bytes a character, which its first bytes give away."""
    if first_bytes.startswith(_UTF16) or first_bytes[:4].count(0) >= 2:
        hint = "save it as UTF-8"
        raise Malformed(
            Problem("the file is UTF-16 or UTF-32, not UTF-8 (byte 0)", "line 1, column 1", hint), source
        )


def not_utf8(data: bytes, offset: int, place: str = "", *, hint: str = SAVE_AS_UTF8) -> Problem:
    """The problem of a byte that is no UTF-8; `offset` counts from the file's first byte."""
    message = f"not UTF-8: byte {offset} (0x{data[offset]:02x})"
    return Problem(message, place or line_and_column(data, offset), hint)


def check_syntax(body: memoryview, source: str = "") -> None:
    """Raises Malformed unless the text is JSON."""
    try:
        msgspec.json.decode(body, type=msgspec.Raw)
    except RecursionError:
        raise Malformed(Problem("nested too deeply", _too_deep(body)), source) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed(_syntax_problem(body, str(error)), source) from None


def decode(body: memoryview, type_: type[T], source: str = "") -> T:
    """Decode text whose values may be of wrong types: msgspec.ValidationError is let through.

    Raises Malformed for broken JSON.
    """
    try:
        return msgspec.json.decode(body, type=type_)
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        check_syntax(body, source)
        # Strict where a syntax check is lax, for example a literal that ends early.
        raise Malformed(_syntax_problem(body, str(error)), source) from None


def plain(raw: bytes | memoryview | msgspec.Raw) -> Any:
    """Sound JSON as Python values; numbers too large for a float become infinite, for `unsound` to find.

    Raises RecursionError when nested too deeply.
    """
    return json.loads(bytes(raw), parse_float=float, parse_int=_whole_number)


def _whole_number(digits: str) -> int | float:
    return int(digits) if len(digits) < 400 else math.inf


def unsound(value: Any) -> str:
    """Why a JSON value cannot be kept, or the empty text: depth, huge numbers, NUL characters."""
    level: list[Any] = [value]
    for _ in range(DEPTH_LIMIT + 1):
        below: list[Any] = []
        for item in level:
            if isinstance(item, str):
                if "\0" in item:
                    return "holds the character U+0000"
            elif isinstance(item, int):
                if not -(2**63) <= item < 2**64:
                    return "holds a whole number of more than 64 bits"
            elif isinstance(item, float):
                if math.isinf(item):
                    return "holds a number that is too large"
            elif isinstance(item, dict):
                below.extend(item)
                below.extend(item.values())
            elif isinstance(item, list | tuple):
                below.extend(item)
        if not below:
            return ""
        level = below
    return f"is nested deeper than {DEPTH_LIMIT} levels"


# A text (which may hold brackets; at the file's end also one that was cut off), or a run of brackets.
_BRACKETS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{]+|[\]}]+', re.DOTALL)


def _too_deep(body: memoryview) -> str:
    """The place of the first bracket that opens a level which no sound file reaches."""
    depth = 0
    for found in _BRACKETS.finditer(body):
        size = found.end() - found.start()
        match body[found.start()]:
            case 0x5B | 0x7B if depth + size > _NEVER_REACHED:
                return line_and_column(body, found.start() + _NEVER_REACHED - depth)
            case 0x5B | 0x7B:
                depth += size
            case 0x5D | 0x7D:
                depth -= size
    return ""


def _syntax_problem(body: memoryview, message: str) -> Problem:
    half = _HALF_PAIR.search(body)
    if half and ("truncated" in message or "surrogate" in message):
        place = line_and_column(body, half.start(1))
        return Problem("half of a surrogate pair (no character)", place)
    if "truncated" in message:
        hint = "was it cut off?"
        return Problem("the JSON ends before it is complete", line_and_column(body, len(body)), hint)
    found = re.search(r"^(?:JSON is malformed: )?(.*) \(byte (\d+)\)$", message)
    if not found:
        return Problem(f"broken JSON: {message}")
    what, offset = found[1], min(int(found[2]), len(body))
    if what == "trailing characters":
        offset -= 1  # msgspec counts one too far here
    byte = body[offset] if offset < len(body) else 0x20
    hint = "write it as \\t, \\n or \\u00.." if byte < 0x20 and what == "invalid character" else ""
    what = "a control character inside a text" if hint else what
    return Problem(f"broken JSON: {what}", line_and_column(body, offset), hint)
