"""Batch suites as CSV, read row by row (testing-api.md 4.1, 8.18). Columns in messages count cells."""

import csv
import functools
from collections.abc import Callable, Iterator
from itertools import chain
from operator import itemgetter
from typing import BinaryIO

from vivavoce.domain.errors import Malformed, Problem
from vivavoce.domain.utterance import BatchCase, EntityExpectation
from vivavoce.formats.batch_cells import (
    CASE_LIMIT,
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
)
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
_REQUIRED = ("input", "intent")
_BY_LOWER = {name.lower(): name for name in COLUMNS}

# Few different intent cells stand in a million rows.
_expected = functools.lru_cache(maxsize=4096)(expected_of)


def read_csv(stream: BinaryIO, delimiter: str | None, warn: Callable[[str], None]) -> Iterator[BatchCase]:
    """The cases in order. Raises Malformed with all problems; no case follows the first problem."""
    lines = Lines(stream)
    line = iter(lines)
    header = next((text for text in line if text.strip(" \t\r\n,;|")), "")
    if not header:
        raise Malformed("the file is empty")
    character = _guess(header) if delimiter is None else delimiter_of(delimiter)
    # Blanks may stand before a quote, so that lenient reading is needed.
    rows = csv.reader(chain((header,), line), delimiter=character, skipinitialspace=True)
    findings = Findings()
    columns = _columns(next(rows), f"line {lines.number}", header, findings, warn)
    findings.raise_if_any()
    count = 0
    for case in _Cases(rows, lines, columns, findings):
        count += 1
        if count > CASE_LIMIT:
            findings.problem_at(f"line {case.line}, column 1", f"more than {CASE_LIMIT:,} utterances")
            break
        if not findings.problems:
            yield case
    findings.raise_if_any()
    if not count:
        raise Malformed("the file holds no utterances")


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
    for position, cell in enumerate(names):
        name = cell.strip()
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
        hint = hint or f"the first line must be {','.join(COLUMNS[:6])} (the last four may be missing)"
        findings.problem_at(f"{place}, column 1", f"the header lacks {' and '.join(missing)}", hint)
    return columns


class _Cases:
    """Joins rows to cases."""

    def __init__(
        self, rows: "Iterator[list[str]]", lines: Lines, columns: dict[str, int], findings: Findings
    ):
        self._rows = rows
        self._lines = lines
        self._findings = findings
        self._columns = columns
        self._width = max(columns.values()) + 1
        self._line = lines.number  # where the current row begins

    def __iter__(self) -> Iterator[BatchCase]:
        # An absent column is read from the empty cell that every row gets at its end.
        pick = itemgetter(*(self._columns.get(name, -1) for name in COLUMNS))
        current: _Draft | None = None
        for row in self._read():
            if len(row) > self._width:
                self._check_rest(row)
            row.extend([""] * (self._width + 1 - len(row)) if len(row) < self._width else [""])
            utterance, intent, *others = [cell.strip() for cell in pick(row)]
            if utterance and not (current and current.goes_on(utterance, intent, others)):
                if current:
                    yield current.case()
                if reason := utterance_problem(utterance):
                    self._problem("input", reason)
                current = _Draft(utterance, intent, self._line)
            elif not utterance and not any(others) and not intent:
                continue
            elif current is None:
                self._problem("input", "the row has no input and no case stands above it")
                continue
            elif intent and intent != current.intent:
                self._problem("input", "the row names another intent but no input")
            if any(others):
                self._add(current, others)
        if current:
            yield current.case()

    def _read(self) -> Iterator[list[str]]:
        while not self._findings.full:
            self._line = self._lines.number + 1
            try:
                row = next(self._rows)
            except StopIteration:
                return
            except csv.Error as error:
                hint = "is a quote not closed?" if "field limit" in str(error) else ""
                self._findings.problem_at(f"line {self._line}, column 1", str(error), hint)
                return
            if self._lines.exhausted:
                message = "a quote is opened and never closed"
                self._findings.problem_at(f"line {self._line}, column {len(row)}", message)
                return
            if row:
                yield row

    def _check_rest(self, row: list[str]) -> None:
        for position in range(self._width, len(row)):
            if row[position].strip():
                place = f"line {self._line}, column {position + 1}"
                hint = "a cell that holds the delimiter must stand in quotes"
                self._findings.problem_at(place, "a cell outside the header's columns", hint)
                return

    def _add(self, current: "_Draft", others: list[str]) -> None:
        parent, name, value, order, fulfillment, bots = others
        current.parent = current.parent or parent
        current.order = current.order or order
        current.fulfillment = current.fulfillment or fulfillment
        current.bots = current.bots or bots
        if name:
            values = current.entities.setdefault(name, [])
            if value not in values:
                values.append(value)
        elif value:
            self._problem("entityValue", "an entity value without an entity name")

    def _problem(self, column: str, message: str) -> None:
        place = f"line {self._line}, column {self._columns.get(column, 0) + 1}"
        self._findings.problem_at(place, message)


class _Draft:
    """A case that further rows may add to."""

    def __init__(self, utterance: str, intent: str, line: int) -> None:
        self.utterance = utterance
        self.intent = intent
        self.line = line
        self.parent = self.order = self.fulfillment = self.bots = ""
        self.entities: dict[str, list[str]] = {}

    def goes_on(self, utterance: str, intent: str, others: list[str]) -> bool:
        """Whether a row with this input belongs to the case; another context makes another case."""
        if utterance != self.utterance or intent != self.intent:
            return False
        parent, _, _, _, fulfillment, bots = others
        return (
            (not parent or parent == self.parent)
            and (not fulfillment or fulfillment == self.fulfillment)
            and (not bots or bots == self.bots)
        )

    def case(self) -> BatchCase:
        intents, traits = _expected(self.intent)
        return BatchCase(
            utterance=self.utterance,
            intents=intents,
            traits=traits,
            parent_intents=parents_of(self.parent) if self.parent else (),
            entities=tuple(EntityExpectation(name, tuple(values)) for name, values in self.entities.items())
            if self.entities
            else (),
            entity_order=order_of(self.order) if self.order else (),
            fulfillment_type=self.fulfillment,
            bot_names=bots_of(self.bots) if self.bots else (),
            line=self.line,
        )
