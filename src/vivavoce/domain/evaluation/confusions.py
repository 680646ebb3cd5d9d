"""Counts by intent, and what is confused with what."""

from operator import itemgetter
from typing import Final

import msgspec

from vivavoce.domain.batch.utterance import CaseResult, IntentType
from vivavoce.domain.evaluation.labels import Compared, Labels
from vivavoce.domain.evaluation.values import (
    EXAMPLES,
    NO_INTENT,
    Confusion,
    Example,
    LabelMetrics,
    OutOfScope,
    Rate,
)

FULLY_SHOWN: Final = 2_000  # most frequent pairs with all their examples; the others have one

UNKNOWN: Final = "unknown"
"""The name of the row of intents whose type nobody tells."""


class _Row(msgspec.Struct, gc=False):
    support: int = 0
    tp: int = 0
    fp: int = 0
    fn: int = 0


class _Cell(msgspec.Struct):
    count: int = 0
    examples: list[Example] = []


class Confusions:
    """Adds up compared cases. Keeps a row an intent, a cell a confused pair, and EXAMPLES cases a cell."""

    def __init__(self) -> None:
        self._cases = 0
        self._unmatched = 0  # cases that expect an intent and matched none
        self._rows: dict[str, _Row] = {}
        self._cells: dict[tuple[str, str], _Cell] = {}

    def add(self, result: CaseResult, compared: Compared) -> None:
        self._cases += 1
        hits, missed, wrong = compared
        for key in hits:
            row = self._row(key)
            row.support += 1
            row.tp += 1
        if not missed and not wrong:
            return
        for key in missed:
            row = self._row(key)
            row.support += 1
            row.fn += 1
        for key in wrong:
            self._row(key).fp += 1
        # Where several are expected, one side can be empty: then "no intent" stands on it.
        for expected in missed or (NO_INTENT,):
            for matched in wrong or (NO_INTENT,):
                self._cell(expected, matched, result)

    def absorb(self, later: "Confusions") -> None:
        """Add what another one took, of results that follow."""
        self._cases += later._cases
        for key, other in later._rows.items():
            row = self._row(key)
            row.support += other.support
            row.tp += other.tp
            row.fp += other.fp
            row.fn += other.fn
        for pair, more in later._cells.items():
            cell = self._cells.setdefault(pair, more)
            if cell is not more:
                cell.count += more.count
                cell.examples += more.examples[: EXAMPLES - len(cell.examples)]

    def intents(self, labels: Labels) -> tuple[LabelMetrics, ...]:
        """The intents that were expected or matched, by name."""
        types = labels.types()
        return tuple(
            self._metrics(row, labels.name(key), types.get(key, ""), named=key in types)
            for key, row in sorted(self._rows.items(), key=itemgetter(0))
            if key != NO_INTENT
        )

    def no_intent(self) -> LabelMetrics:
        return self._metrics(self._rows.get(NO_INTENT, _Row()), NO_INTENT, "")

    def pairs(self, labels: Labels) -> tuple[Confusion, ...]:
        """All cells off the diagonal, most frequent first, then by names."""
        ranked = sorted(self._cells.items(), key=lambda item: (-item[1].count, item[0]))
        return tuple(
            Confusion(
                labels.name(expected),
                labels.name(matched),
                cell.count,
                tuple(cell.examples if rank < FULLY_SHOWN else cell.examples[:1]),
            )
            for rank, ((expected, matched), cell) in enumerate(ranked)
        )

    def out_of_scope(self) -> OutOfScope:
        """A case of `A | None` counts for none when none was matched, else for its intent."""
        none = self._rows.get(NO_INTENT, _Row())
        meant = self._cases - none.support
        return OutOfScope(
            rejected=Rate(none.tp, none.support),
            accepted=Rate(meant - none.fp, meant),
            precision=Rate(none.tp, none.tp + none.fp),
        )

    def _row(self, key: str) -> _Row:
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = _Row()
        return row

    def _cell(self, expected: str, matched: str, result: CaseResult) -> None:
        cell = self._cells.get((expected, matched))
        if cell is None:
            cell = self._cells[expected, matched] = _Cell()
        cell.count += 1
        if len(cell.examples) < EXAMPLES:
            case, found = result.case, result.classification
            score = found.winning[0].score if found and found.winning else None
            cell.examples.append(Example(result.index, case.utterance, case.line, score))

    def _metrics(self, row: _Row, name: str, kind: IntentType, *, named: bool = False) -> LabelMetrics:
        return LabelMetrics(
            name=name,
            support=row.support,
            tp=row.tp,
            fp=row.fp,
            fn=row.fn,
            tn=self._cases - row.tp - row.fp - row.fn,
            type=kind,
            named=named,
        )


def by_type(intents: tuple[LabelMetrics, ...]) -> tuple[LabelMetrics, ...]:
    """The intents' rows added up by their type; `unknown` where nobody tells it."""
    grouped: dict[IntentType, list[LabelMetrics]] = {}
    for row in intents:
        grouped.setdefault(row.type, []).append(row)
    return tuple(
        LabelMetrics(
            name=kind or UNKNOWN,
            support=sum(row.support for row in rows),
            tp=sum(row.tp for row in rows),
            fp=sum(row.fp for row in rows),
            fn=sum(row.fn for row in rows),
            tn=sum(row.tn for row in rows),
            type=kind,
        )
        for kind, rows in sorted(grouped.items(), key=lambda item: item[0] or UNKNOWN)
    )
