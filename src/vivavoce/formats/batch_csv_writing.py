"""Batch suites written as CSV, for spreadsheets and for the platform's import (testing-api.md 4.1)."""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import islice

from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.formats.batch_cells import intent_cell
from vivavoce.formats.batch_csv import COLUMNS

_ALWAYS = 6  # columns that stand in every file; the later ones only where a case fills them
_CHUNK = 1 << 16  # characters


def batch_csv_file(cases: Iterable[BatchCase]) -> Iterator[str]:
    """The CSV form of a batch suite in chunks of about 64 KiB, lines ending in CRLF.

    `cases` is gone through twice (a list, or what reads a file anew). Cells are written as they are, also
    those that a spreadsheet could take for formulas: a suite holds data, and must come back unchanged.
    """
    width = max((_width(case) for case in cases), default=_ALWAYS)
    chunk = io.StringIO(newline="")
    write = csv.writer(chunk).writerow
    write(COLUMNS[:width])
    for case in cases:
        for row in _rows(case):
            write(row[:width])
        if chunk.tell() > _CHUNK:
            yield chunk.getvalue()
            chunk.seek(0)
            chunk.truncate()
    yield chunk.getvalue()


def _width(case: BatchCase) -> int:
    if case.id:
        return 9
    if case.bot_names:
        return 8
    return 7 if case.fulfillment_type else _ALWAYS


def first_row(case: BatchCase) -> tuple[str, ...]:
    """The case's own row, with its first entity value."""
    name, value = next(_values(case), ("", ""))
    return (
        case.utterance,
        intent_cell(case.intents, case.traits),
        "||".join(case.parent_intents),
        name,
        value,
        ">".join(case.entity_order),
        case.fulfillment_type,
        "|".join(case.bot_names),
        case.id,
    )


def _rows(case: BatchCase) -> Iterator[tuple[str, ...]]:
    """The case's own row, and one for each further entity value."""
    yield first_row(case)
    for name, value in islice(_values(case), 1, None):
        yield ("", "", "", name, value, "", "", "", "")


def _values(case: BatchCase) -> Iterator[tuple[str, str]]:
    for entity in case.entities:
        for value in entity.values or ("",):
            yield entity.name, value
