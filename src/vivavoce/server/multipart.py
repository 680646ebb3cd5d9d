"""Uploads: the one file of a multipart body, read as it comes in, nothing held but the piece at hand."""

from collections.abc import AsyncIterator
from typing import Any

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from vivavoce.server.refusals import Refusal, invalid

FILE_FIELD = b"file"
_LONGEST_BOUNDARY = 200
_LARGEST_HEADERS = 8 * 1024
_LARGEST_FIELD = 64 * 1024  # of what is not the file
_MOST_PARTS = 32
_LONGEST_NAME = 255


class FileUpload:
    """Reads a body to the start of its `file` part (`open`), then hands out the file (`chunks`).

    Other fields are passed over: a file is judged by its content. Raises Refusal (412, 415).
    """

    def __init__(self, body: AsyncIterator[bytes], content_type: str) -> None:
        self._body = body
        self._content_type = content_type
        self._pending: list[bytes] = []  # pieces of the file that were parsed and not yet handed out
        self._name: str | None = None
        self._ended = False
        self._parts = 0
        self._in_file = False
        self._header = b""
        self._headers_size = 0
        self._headers: dict[bytes, bytes] = {}
        self._value = b""
        self._field_size = 0
        self._parser: MultipartParser | None = None

    async def open(self) -> str:
        """Read up to the file; its name as the client calls it."""
        await self._begin()
        while self._name is None:
            if not await self._feed():
                raise invalid(["$.file: Field required"])
        return self._name

    async def chunks(self) -> AsyncIterator[bytes]:
        """The file's bytes, then the rest of the body is read to its end."""
        while True:
            pending, self._pending = self._pending, []
            for piece in pending:
                yield piece
            if not await self._feed():
                return

    async def _begin(self) -> None:
        first = b""
        async for piece in self._body:
            first += piece
            if len(first) > _LONGEST_BOUNDARY or b"\n" in first:
                break
        kind, options = parse_options_header(self._content_type.encode("latin-1"))
        boundary = options.get(b"boundary", b"") if kind.startswith(b"multipart/") else b""
        boundary = boundary or _sniffed(first)
        if not boundary:
            raise Refusal(415, ["The upload must be multipart/form-data with a field `file`"])
        if len(boundary) > _LONGEST_BOUNDARY:
            raise invalid(["the boundary of the multipart body is too long"])
        callbacks: Any = {
            "on_part_begin": self._on_part_begin,
            "on_header_field": self._on_header_field,
            "on_header_value": self._on_header_value,
            "on_header_end": self._on_header_end,
            "on_headers_finished": self._on_headers_finished,
            "on_part_data": self._on_part_data,
            "on_part_end": self._on_part_end,
            "on_end": self._on_end,
        }
        self._parser = MultipartParser(boundary, callbacks)
        self._write(first)

    async def _feed(self) -> bool:
        """Parse the next piece of the body; False when there is none."""
        piece = await anext(self._body, None)
        if piece is None:
            if not self._ended:
                raise invalid(["the multipart body ends before it is complete"])
            return False
        self._write(piece)
        return True

    def _write(self, piece: bytes) -> None:
        assert self._parser is not None
        try:
            self._parser.write(piece)
        except FormParserError as error:
            raise invalid([f"broken multipart body: {error}"]) from None

    # --- what the parser finds; it calls these with slices of the piece

    def _on_part_begin(self) -> None:
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise invalid(["the multipart body has too many parts"])
        self._in_file = False
        self._headers, self._headers_size, self._field_size = {}, 0, 0

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += self._header_slice(data, start, end)

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += self._header_slice(data, start, end)

    def _header_slice(self, data: bytes, start: int, end: int) -> bytes:
        self._headers_size += end - start
        if self._headers_size > _LARGEST_HEADERS:
            raise invalid(["the headers of a part are too large"])
        return data[start:end]

    def _on_header_end(self) -> None:
        self._headers[self._header.lower()] = self._value
        self._header = self._value = b""

    def _on_headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        if options.get(b"name") != FILE_FIELD:
            return
        if self._name is not None:
            raise invalid(["$.file: more than one file"])
        self._in_file = True
        self._name = _client_name(options.get(b"filename", b""))

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._in_file:
            self._pending.append(data[start:end])
            return
        self._field_size += end - start
        if self._field_size > _LARGEST_FIELD:
            raise invalid(["a field besides `file` is too large"])

    def _on_part_end(self) -> None:
        self._in_file = False

    def _on_end(self) -> None:
        self._ended = True


def _sniffed(start: bytes) -> bytes:
    """The boundary that a body begins with: clients send rubbish content types."""
    line, found, _ = start.partition(b"\n")
    line = line.rstrip(b"\r")
    return line[2:] if found and line.startswith(b"--") and len(line) > 2 else b""


def _client_name(raw: bytes) -> str:
    """A file's own name, without the folders that some clients send along."""
    name = raw.decode("utf-8", "replace").replace("\\", "/").rpartition("/")[2]
    name = "".join(character for character in name if character.isprintable()).strip()
    return name[-_LONGEST_NAME:] or "file"
