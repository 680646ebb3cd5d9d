"""A JSON report a line at a time, as `json_report` lays it out: many results take no more memory than one.

A file that was laid out anew since (indented, on one line) has no such lines; it must be read as a whole.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from vivavoce.formats.reports.json_report import OPENING

Opener = Callable[[], BinaryIO]
"""Opens a report at its start; who calls it closes what it gets."""

Check = Callable[[int, memoryview], Any]
"""Takes a line's number, from 1, and a result's JSON."""

_RESULTS: Final = b'"results":['
_NEXT: Final = b","
_RUN_ENDS: Final = b"]},"
_REPORT_ENDS: Final = b"]}]}"


class NotStreamed(Exception):
    """The report does not have a line for each result."""


@dataclass
class Part:
    """Where the results of one run are."""

    offset: int  # of the first one, in bytes
    line: int  # of the first one, from 1
    count: int = 0
    ending: bytes = b""  # what follows the last one on its line


def read_parts(stream: BinaryIO, opened: Callable[[int, bytes], Check]) -> list[Part]:
    """The runs of a report, after `opened` has taken each head and its `Check` each result.

    A head is taken with its line's number, as an object whose `results` are empty. Raises NotStreamed where
    the lines are others than `json_report` writes.
    """
    lines = _Lines(stream)
    if lines.next() != OPENING.encode():
        raise NotStreamed
    parts: list[Part] = []
    ending = _RUN_ENDS
    while ending != _REPORT_ENDS:
        text = lines.next()
        ending = next((end for end in (_REPORT_ENDS, _RUN_ENDS, b"") if text.endswith(_RESULTS + end)), _NEXT)
        if ending == _NEXT:
            raise NotStreamed
        check = opened(lines.number, text.removesuffix(ending) + b"]}")
        part = Part(lines.offset, lines.number + 1)
        parts.append(part)
        if ending:
            continue
        while ending in (b"", _NEXT):
            text = lines.next()
            ending = next((end for end in (_REPORT_ENDS, _RUN_ENDS, _NEXT) if text.endswith(end)), b"")
            if not ending:
                raise NotStreamed
            check(lines.number, memoryview(text)[: -len(ending)])
            part.count += 1
        part.ending = ending
    if not lines.ended():
        raise NotStreamed
    return parts


def results_of(opener: Opener, part: Part) -> Iterator[tuple[int, memoryview]]:
    """The results of a run as JSON, each with its line's number; read anew from the file."""
    with opener() as stream:
        if stream.seekable():
            stream.seek(part.offset)
        else:
            for _ in range(1, part.line):
                stream.readline()
        last = part.line + part.count - 1
        for number in range(part.line, last + 1):
            text = stream.readline().rstrip(b"\r\n")
            ending = part.ending if number == last else _NEXT
            yield number, memoryview(text.removesuffix(ending))


class _Lines:
    """A stream's lines without their ends, with where the next one starts."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.number = 0  # of the line that was taken last
        self.offset = 0  # of the line that is next

    def next(self) -> bytes:
        """Empty at the end."""
        text = self._stream.readline()
        self.number += 1
        self.offset += len(text)
        return text.rstrip(b"\r\n")

    def ended(self) -> bool:
        """Whether nothing but blanks follows."""
        return not any(text.strip() for text in iter(self._stream.readline, b""))
