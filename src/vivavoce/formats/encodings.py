"""Encodings of text files from outside: UTF-8 and UTF-16 are read, others refused with the way out."""

import codecs
import io
from typing import BinaryIO, Final, Literal, cast

from vivavoce.domain.errors import InputError, Malformed, Problem
from vivavoce.formats.json_text import CONVERT, SAVE_AS_UTF8, not_utf8
from vivavoce.formats.places import line_and_column

Encoding = Literal["utf-8", "utf-16-le", "utf-16-be", "utf-32"]

UTF32_HINT: Final = CONVERT.replace("cp1252", "utf-32")

_PEEK = 4096  # bytes
_CHUNK = 1 << 16
_UTF32_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


def encoding_of(first_bytes: bytes) -> Encoding:
    """What a text's first bytes give away: a byte order mark, or else the zero bytes of its first characters.

    Files begin with a brace, a quote or a column's name, whose upper bytes are zero. Anything else is taken
    for UTF-8, and shown to be none where it is read.
    """
    if first_bytes.startswith(_UTF32_MARKS) or first_bytes[:3] == b"\0\0\0" or first_bytes[1:4] == b"\0\0\0":
        return "utf-32"
    if first_bytes.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if first_bytes.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    start = first_bytes[:4]
    if len(start) >= 2:
        if start[0] and start[1] == 0 and (len(start) < 4 or (start[2] and start[3] == 0)):
            return "utf-16-le"
        if start[0] == 0 and start[1] and (len(start) < 4 or (start[2] == 0 and start[3])):
            return "utf-16-be"
    return "utf-8"


def utf8_stream(stream: BinaryIO) -> tuple[bytes, BinaryIO]:
    """The stream's first bytes and the whole of it, both as UTF-8 bytes; UTF-16 is read and written anew.

    What claims to be UTF-8 is passed on as it is, for its reader to check. Raises Malformed for UTF-32, and
    while it is read for UTF-16 that is none.
    """
    start = _filled(b"", stream)
    encoding = encoding_of(start)
    if encoding == "utf-32":
        raise Malformed(Problem("the file is UTF-32 (byte 0)", "line 1, column 1", UTF32_HINT))
    whole = cast(BinaryIO, _Rejoined(start, stream))
    if encoding != "utf-8":
        whole = cast(BinaryIO, _FromUtf16(whole, encoding))
        start = _filled(b"", whole)
        whole = cast(BinaryIO, _Rejoined(start, whole))
    return start, whole


def utf8_bytes(data: bytes) -> bytes:
    """The whole of a text as UTF-8 bytes; see `utf8_stream`."""
    if encoding_of(data[:4]) == "utf-8":
        return data
    return utf8_stream(io.BytesIO(data))[1].read()


def decoded(data: bytes, source: str = "", *, hint: str = SAVE_AS_UTF8) -> str:
    """A text in UTF-8 or UTF-16, without a byte order mark. Raises Malformed with line and byte."""
    try:
        body = utf8_bytes(data)
    except Malformed as malformed:
        raise Malformed(malformed.problems, source) from None
    try:
        return body.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError:
        start = len(codecs.BOM_UTF8) if body.startswith(codecs.BOM_UTF8) else 0
        raise Malformed(not_utf8(body, start + _first_wrong(body[start:]), hint=hint), source) from None


def recoded(data: bytes, encoding: str, source: str = "") -> bytes:
    """A text of a named encoding as UTF-8 bytes. Raises InputError (no such encoding), Malformed."""
    try:
        text = data.decode(encoding)
    except LookupError:
        hint = "such as cp1252, latin-1, utf-16 or shift_jis"
        raise InputError(f"--encoding {encoding}: there is no such text encoding ({hint})") from None
    except UnicodeDecodeError as error:
        place = line_and_column(data, error.start)
        problem = Problem(f"not {encoding}: byte {error.start} (0x{data[error.start]:02x})", place)
        raise Malformed(problem, source) from None
    except (UnicodeError, ValueError) as error:  # some codecs raise what they like
        raise Malformed(Problem(f"not {encoding}: {error}"), source) from None
    try:
        return text.removeprefix("\ufeff").encode()
    except UnicodeEncodeError as error:
        raise Malformed(Problem(f"read as {encoding}, character {error.start} is none"), source) from None


def _first_wrong(data: bytes) -> int:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.start
    return 0


def _filled(start: bytes, stream: BinaryIO) -> bytes:
    while len(start) < _PEEK and (more := stream.read(_PEEK - len(start))):
        start += more
    return start


class _Rejoined(io.RawIOBase):
    """A stream with its first bytes put back; enough of a stream to be read in chunks."""

    def __init__(self, start: bytes, stream: BinaryIO) -> None:
        self._start = start
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        if not self._start:
            return self._stream.read(size)
        start, self._start = self._start, b""
        return start + self._stream.read() if size < 0 else start


class _FromUtf16(io.RawIOBase):
    """UTF-16 read as UTF-8, a chunk at a time; reads give out more or fewer bytes than asked for."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._name = encoding.upper()
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._offset = 0  # bytes read so far
        self._line = 1
        self._first = True

    def read(self, size: int = -1) -> bytes:
        if size < 0:
            return b"".join(iter(lambda: self.read(_CHUNK), b""))
        text = ""
        while not text:
            chunk = self._stream.read(_CHUNK)
            text = self._text(chunk)
            if not chunk:
                break
        if self._first and text:
            self._first = False
            if text == "\ufeff":
                return self.read(size)
            text = text.removeprefix("\ufeff")
        self._line += text.count("\n")
        return text.encode()

    def _text(self, chunk: bytes) -> str:
        start = self._offset - len(self._decoder.getstate()[0])
        self._offset += len(chunk)
        try:
            return self._decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            whole = str(error.object[: error.start], self._name, "replace")
            line = self._line + whole.count("\n")
            message = f"not {self._name}, which the file begins as: byte {start + error.start}"
            raise Malformed(Problem(message, f"line {line}", "save the file as UTF-8")) from None
