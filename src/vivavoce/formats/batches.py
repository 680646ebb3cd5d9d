"""Reads batch suites of either form, judged by content (testing-api.md 4.1, 8.17)."""

import codecs
import io
from collections.abc import Callable, Iterator
from typing import BinaryIO, Literal, cast

from vivavoce.domain.utterance import BatchCase
from vivavoce.formats.batch_csv import read_csv
from vivavoce.formats.batch_json import batch_document, read_json

__all__ = ["FileType", "batch_document", "guess_file_type", "read_batch"]

FileType = Literal["json", "csv"]

_PEEK = 4096  # bytes


def read_batch(
    stream: BinaryIO, *, file_type: str | None, delimiter: str | None, warn: Callable[[str], None]
) -> Iterator[BatchCase]:
    """The cases in order, streamed from CSV; JSON is held as bytes.

    `file_type`: what the uploader says; the content wins, with a warning. `delimiter`: of CSV, a character
    or a name; None: from the header. Raises Malformed, possibly after good cases: store none of them then.
    """
    start = b""
    while len(start) < _PEEK and (more := stream.read(_PEEK - len(start))):
        start += more
    actual = guess_file_type(start)
    if file_type is not None and file_type.lower() != actual:
        warn(f"the file was announced as {file_type} and is read as {actual.upper()}")
    if actual == "json":
        yield from read_json(start + stream.read(), warn)
    else:
        yield from read_csv(cast(BinaryIO, _Rejoined(start, stream)), delimiter, warn)


def guess_file_type(first_bytes: bytes) -> FileType:
    """By the first character that is no blank."""
    text = first_bytes.removeprefix(codecs.BOM_UTF8).lstrip()
    return "json" if text.startswith((b"{", b"[")) else "csv"


class _Rejoined(io.RawIOBase):
    """A stream with its first bytes put back; enough of a stream to be read in chunks."""

    def __init__(self, start: bytes, stream: BinaryIO) -> None:
        self._start = start
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        if self._start:
            start, self._start = self._start, b""
            return start
        return self._stream.read(size)
