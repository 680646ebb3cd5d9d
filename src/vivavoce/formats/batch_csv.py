"""Batch suites as CSV, read row by row (testing-api.md 4.1, 8.18). Columns in messages count cells."""

import csv
import re
from collections.abc import Callable, Iterator
from itertools import chain
from operator import itemgetter
from typing import BinaryIO

from vivavoce.domain.batch.utterance import BatchCase, EntityExpectation
from vivavoce.domain.errors import Malformed, Problem
from vivavoce.formats.batch_cells import (
    CASE_LIMIT,
    UTTERANCE_LIMIT,
    bots_of,
    expected_of,
    order_of,
    parents_of,
    utterance_problem,
)
from vivavoce.formats.places import Findings, did_you_mean
from vivavoce.formats.text_lines import Lines

COLUMNS = (
    "input",
    "intent",
    "parentIntent",
    "entityName",
    "entityValue",
    "entityOrder",
    "fulfillmentType",
    "botName",
    "caseId",
)
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
_REQUIRED = ("input", "intent")
_BY_LOWER = {name.lower(): name for name in COLUMNS}
# The line with which spreadsheets are told a file's delimiter.
_EXCEL = re.compile(r'"?sep=(.)"?[,;\t|]*', re.IGNORECASE)


def read_csv(
    stream: BinaryIO, delimiter: str | None, warn: Callable[[str], None], *, limit: int = CASE_LIMIT
) -> Iterator[BatchCase]:
    """The cases in order. Raises Malformed with all problems; no case follows the first problem."""
    lines = Lines(stream)
    line = iter(lines)
    header = _first(line)
    named = _EXCEL.fullmatch(header.strip(" \r\n"))
    if named:
        header = _first(line)
    if not header:
        raise Malformed("the file is empty")
    if delimiter is not None:
        character = delimiter_of(delimiter)
    else:
        character = delimiter_of(named[1]) if named else _guess(header)
    # Blanks may stand before a quote, so that lenient reading is needed.
    rows = csv.reader(chain((header,), line), delimiter=character, skipinitialspace=True)
    findings = Findings()
    names = [name.strip() for name in next(rows)]
    columns = _columns(names, f"line {lines.number}", header, findings, warn)
    findings.raise_if_any()
    width = max(position for position, name in enumerate(names) if name) + 1
    count = 0
    for case in _Cases(rows, lines, columns, width, findings):
        count += 1
        if count > limit:
            findings.problem_at(f"line {case.line}, column 1", f"more than {limit:,} utterances")
            break
        if not findings.problems:
            yield case
    findings.raise_if_any()
    if not count:
        raise Malformed("the file holds no utterances")


def _first(lines: Iterator[str]) -> str:
    """The next line that holds anything; empty at the file's end."""
    return next((text for text in lines if text.strip(" \t\r\n,;|")), "")


def delimiter_of(given: str) -> str:
    """The character that a `delimiter` means (8.17). Raises Malformed."""
    if given.lower() in DELIMITERS:
        return DELIMITERS[given.lower()]
    if given == "\t" or (
        len(given) == 1 and given.isprintable() and not given.isalnum() and given not in '" '
    ):
        return given
    hint = f"one character, or one of {', '.join(DELIMITERS)}"
    raise Malformed(Problem(f"`{given}` is no delimiter", "", hint))


def _guess(header: str) -> str:
    """The delimiter that makes a header of the first line; a comma when none does."""
    for character in DELIMITERS.values():
        names = {cell.strip().strip('"').lower() for cell in header.split(character)}
        if names.issuperset(_REQUIRED):
            return character
    return ","


def _columns(
    names: list[str], place: str, header: str, findings: Findings, warn: Callable[[str], None]
) -> dict[str, int]:
    """Known column -> its position."""
    columns: dict[str, int] = {}
    for position, name in enumerate(names):
        known = _BY_LOWER.get(name.lower())
        where = f"{place}, column {position + 1}"
        if known in columns:
            findings.problem_at(where, f"the column `{known}` stands there twice")
        elif known:
            columns[known] = position
        elif name and not columns.keys().isdisjoint(_REQUIRED):
            hint = did_you_mean(name, COLUMNS)
            warn(f"{where}: unknown column `{name}`, ignored{'; ' if hint else ''}{hint}")
    missing = [name for name in _REQUIRED if name not in columns]
    if missing:
        other = _guess(header)
        hint = f"the delimiter seems to be `{other}`" if header.count(other) and len(names) == 1 else ""
        hint = hint or (
            f"the first line must be {','.join(COLUMNS[:6])} (the last four may be missing), "
            "with commas, semicolons, tabs or pipes between"
        )
        findings.problem_at(f"{place}, column 1", f"the header lacks {' and '.join(missing)}", hint)
    return columns


class _Cases:
    """Joins rows to cases."""

    def __init__(
        self,
        rows: Iterator[list[str]],
        lines: Lines,
        columns: dict[str, int],
        width: int,  # of the header, in cells that have a name
        findings: Findings,
    ) -> None:
        self._rows = rows
        self._lines = lines
        self._columns = columns
        self._width = width
        self._findings = findings
        self._line = 0  # where the current row begins

    def __iter__(self) -> Iterator[BatchCase]:
        # An absent column is read from the empty cell that every row gets at its end.
        pick = itemgetter(*(self._columns.get(name, -1) for name in COLUMNS))
        width = self._width
        current: Draft | None = None
        for row in self._read():
            if len(row) > width:
                self._check_rest(row)
            row.extend([""] * (width + 1 - len(row)) if len(row) < width else ("",))
            cells = [cell.strip() for cell in pick(row)]
            utterance, intent = cells[0], cells[1]
            if utterance and not (current and current.goes_on(cells)):
                if current:
                    yield current.case()
                if len(utterance) > UTTERANCE_LIMIT:
                    self._problem("input", utterance_problem(utterance))
                current = Draft(cells, self._line)
            elif not any(cells):
                continue
            elif current is None:
                self._problem("input", "the row has no input and no case stands above it")
                continue
            elif not utterance and intent and intent != current.intent:
                self._problem("input", "the row names another intent but no input")
            else:
                current.order = current.order or cells[5]
            name, value = cells[3], cells[4]
            if name:
                current.expect(name, value)
            elif value:
                self._problem("entityValue", "an entity value without an entity name")
        if current:
            yield current.case()

    def _read(self) -> Iterator[list[str]]:
        """The rows that hold anything, until the file's end or until there are problems enough."""
        lines, problems = self._lines, self._findings.problems
        self._line = lines.number + 1
        try:
            for row in self._rows:
                if lines.exhausted:
                    self._problem("", "a quote is opened and never closed")
                    return
                if row:
                    yield row
                if problems and self._findings.full:
                    return
                self._line = lines.number + 1
        except csv.Error as error:
            hint = "is a quote opened and never closed?" if "field limit" in str(error) else ""
            self._problem("", str(error), hint)

    def _check_rest(self, row: list[str]) -> None:
        for position in range(self._width, len(row)):
            if row[position].strip():
                place = f"line {self._line}, column {position + 1}"
                hint = "a cell that holds the delimiter must stand in quotes"
                self._findings.problem_at(place, "a cell outside the header's columns", hint)
                return

    def _problem(self, column: str, message: str, hint: str = "") -> None:
        place = f"line {self._line}, column {self._columns.get(column, 0) + 1}"
        self._findings.problem_at(place, message, hint)


class Draft:
    """A case that further rows may add to, from the cells of its first row (in the order of COLUMNS)."""

    __slots__ = ("bots", "entities", "fulfillment", "id", "intent", "line", "order", "parent", "utterance")

    def __init__(self, cells: list[str], line: int) -> None:
        self.utterance, self.intent, self.parent, _, _, self.order, self.fulfillment, self.bots, self.id = (
            cells
        )
        self.line = line
        self.entities: dict[str, list[str]] | None = None

    def goes_on(self, cells: list[str]) -> bool:
        """Whether a row with an input belongs to this case; another context makes another case."""
        return (
            cells[0] == self.utterance
            and cells[1] == self.intent
            and cells[2] in ("", self.parent)
            and cells[6] in ("", self.fulfillment)
            and cells[7] in ("", self.bots)
            and cells[8] in ("", self.id)
        )

    def expect(self, entity: str, value: str) -> None:
        """Another accepted value of an entity."""
        if self.entities is None:
            self.entities = {entity: [value]}
        elif value not in (values := self.entities.setdefault(entity, [])):
            values.append(value)

    def case(self) -> BatchCase:
        intents, traits = expected_of(self.intent)
        entities = self.entities
        return BatchCase(
            self.utterance,
            intents,
            traits,
            parents_of(self.parent),
            tuple([EntityExpectation(name, tuple(values)) for name, values in entities.items()])
            if entities
            else (),
            order_of(self.order),
            self.fulfillment,
            bots_of(self.bots),
            self.line,
            self.id,
        )
