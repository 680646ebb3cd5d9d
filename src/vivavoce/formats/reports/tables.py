"""CSV as every report writes it: RFC 4180 with CRLF, cells safe to open in a spreadsheet (8.22)."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

CHUNK = 64 * 1024  # characters
FORMULA_STARTS = frozenset("=+-@\t\r")

Row = Sequence[str]

_SURROGATE = re.compile("[\ud800-\udfff]")


def csv_text(rows: Iterable[Row]) -> Iterator[str]:
    """Rows as CSV text in chunks; an empty row is an empty line. A surrogate, which UTF-8 cannot hold,
    becomes U+FFFD."""
    buffer = io.StringIO(newline="")
    write = csv.writer(buffer, lineterminator="\r\n").writerow
    for row in rows:
        write([f"'{cell}" if cell[:1] in FORMULA_STARTS else cell for cell in row])  # `guarded`, spelt out
        if buffer.tell() >= CHUNK:
            yield _sound(buffer.getvalue())
            buffer.seek(0)
            buffer.truncate()
    if buffer.tell():
        yield _sound(buffer.getvalue())


def _sound(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text


def guarded(cell: str) -> str:
    """The cell, with a leading apostrophe where a spreadsheet would take it for a formula."""
    return f"'{cell}" if cell[:1] in FORMULA_STARTS else cell
