"""Banking77 (and other single-intent sets of its shape): CSV with the columns `text` and `category`."""

import csv
import io
from collections.abc import Iterator

from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.domain.errors import Malformed, Problem
from vivavoce.formats.corpora.values import Sample

NAME = "Banking77"


def reads(first_line: str) -> bool:
    """Whether a CSV file's first line is this format's header."""
    return [cell.strip().lower() for cell in first_line.split(",")] == ["text", "category"]


def samples(text: str) -> Iterator[Sample]:
    """Raises Malformed."""
    rows = csv.reader(io.StringIO(text, newline=""), skipinitialspace=True)
    next(rows)
    line = rows.line_num + 1  # where a row begins
    try:
        for row in rows:
            cells = [cell.strip() for cell in row]
            if any(cells):
                if len(cells) != 2 or not cells[0]:
                    raise Malformed(Problem("a text and its category are wanted", f"line {line}"))
                yield Sample(BatchCase(cells[0], (cells[1],) if cells[1] else (), line=line))
            line = rows.line_num + 1
    except csv.Error as error:
        raise Malformed(Problem(str(error), f"line {line}")) from None
