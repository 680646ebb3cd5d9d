"""Lines of UTF-8 text out of a byte stream, a megabyte at a time."""

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO

from vivavoce.domain.errors import Malformed, Problem
from vivavoce.formats.json_text import CONVERT, refuse_utf16

_CHUNK = 1 << 20
LINE_LIMIT = 1 << 22  # characters; a file without line ends must not gather in memory


class Lines:
    """Iterates over lines, their ends (LF, CRLF or CR) left on. A byte order mark is dropped.

    Raises Malformed with the byte offset and the line for what is not UTF-8, and for NUL bytes.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.number = 0  # of the last line given out, from 1
        self.exhausted = False  # somebody asked for a line after the last
        self._stream = stream

    def __iter__(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8")()
        offset = 0  # of the chunk in the file
        rest = ""  # of a line that goes on in the next chunk
        while chunk := self._stream.read(_CHUNK):
            if offset == 0:
                refuse_utf16(chunk)
            text = rest + self._decoded(decoder, chunk, offset, rest)
            offset += len(chunk)
            # A CR at the very end may be half of a CRLF.
            cut = max(text.rfind("\n"), text.rfind("\r", 0, max(len(text) - 1, 0))) + 1
            yield from self._split(text[:cut])
            rest = text[cut:]
            if len(rest) > LINE_LIMIT:
                message = f"the line is longer than {LINE_LIMIT:,} characters"
                raise Malformed(Problem(message, f"line {self.number + 1}, column 1"))
        yield from self._split(rest + self._decoded(decoder, b"", offset, rest))
        self.exhausted = True

    def _split(self, text: str) -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            self.number += 1
            yield line.removeprefix("\ufeff") if self.number == 1 else line

    def _decoded(self, decoder: codecs.IncrementalDecoder, chunk: bytes, offset: int, rest: str) -> str:
        """The chunk's text; without a chunk, the end of the file."""
        start = offset - len(decoder.getstate()[0])  # of what is decoded now
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            before = rest + error.object[: error.start].decode("utf-8", "replace")
            message = f"not UTF-8: byte {start + error.start} (0x{error.object[error.start]:02x})"
            raise Malformed(Problem(message, self._place_after(before), CONVERT)) from None
        if "\0" in text:
            before = text[: text.index("\0")]
            message = f"a NUL byte (byte {start + len(before.encode())})"
            raise Malformed(Problem(message, self._place_after(rest + before)))
        return text

    def _place_after(self, text: str) -> str:
        """The place behind a text that follows the lines given out."""
        lines = io.StringIO(text + "x", newline="").readlines()
        return f"line {self.number + len(lines)}, column {len(lines[-1])}"
