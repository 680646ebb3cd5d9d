"""Tells a batch suite from a conversation suite by content."""

import re
from typing import BinaryIO

import msgspec

from vivavoce.domain.catalog import SuiteKind
from vivavoce.domain.errors import Malformed
from vivavoce.formats.batches import guess_file_type
from vivavoce.formats.encodings import encoding_of, utf8_bytes
from vivavoce.formats.native.reading import LOOKED_AT, looks_native

_CONVERSATION_KEY = re.compile(rb'"(?:messages|testSteps)"\s*:')
_BATCH_KEY = re.compile(rb'"(?:intent|parentIntent|entities|entityOrder)"\s*:')


class _File(msgspec.Struct, rename="camel"):
    test_steps: msgspec.Raw = msgspec.Raw()
    test_cases: list[msgspec.Raw] = []


class _Case(msgspec.Struct):
    messages: msgspec.Raw = msgspec.Raw()
    input: msgspec.Raw = msgspec.Raw()
    intent: msgspec.Raw = msgspec.Raw()


def kind_of_stream(stream: BinaryIO) -> SuiteKind:
    """`kind_of` of a file that may be large: of CSV and YAML in UTF-8 only the start is read."""
    start = stream.read(LOOKED_AT)
    if encoding_of(start) == "utf-8" and (kind := _kind_by_start(start)) is not None:
        return kind
    return kind_of(start + stream.read())


def kind_of(data: bytes) -> SuiteKind:
    """The kind of suite whose reader should take the file; also for files that no reader can read.

    YAML is a conversation suite, CSV a batch. JSON is a batch when its first test case has an `input` or an
    `intent` and no `messages`.
    """
    try:
        data = utf8_bytes(data)
    except Malformed:
        text = data[:4096].lstrip(b"\xff\xfe \t\r\n\0")
        return SuiteKind.CONVERSATION if text.startswith((b"{", b"[")) else SuiteKind.BATCH
    if (kind := _kind_by_start(data)) is not None:
        return kind
    try:
        file = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=_File)
        if file.test_steps or not file.test_cases:
            return SuiteKind.CONVERSATION
        case = msgspec.json.decode(file.test_cases[0], type=_Case)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _kind_of_broken(data)
    is_batch = bool(case.input or case.intent) and not case.messages
    return SuiteKind.BATCH if is_batch else SuiteKind.CONVERSATION


def _kind_by_start(data: bytes) -> SuiteKind | None:
    """Of UTF-8 bytes; None: it is JSON, whose first case must be looked at."""
    start = data[:4096]
    if not start.strip() or looks_native(data):
        return SuiteKind.CONVERSATION
    return SuiteKind.BATCH if guess_file_type(start) == "csv" else None


def _kind_of_broken(data: bytes) -> SuiteKind:
    """By the key that stands first."""
    conversation, batch = _CONVERSATION_KEY.search(data), _BATCH_KEY.search(data)
    if batch and (not conversation or batch.start() < conversation.start()):
        return SuiteKind.BATCH
    return SuiteKind.CONVERSATION
