"""Counts by entity and by trait; their rows count expectations, not cases."""

from operator import itemgetter

import msgspec

from vivavoce.domain.batch.names import fold
from vivavoce.domain.batch.utterance import CaseResult
from vivavoce.domain.evaluation.values import LabelMetrics


class _Row(msgspec.Struct, gc=False):
    name: str  # as first seen
    tp: int = 0
    fp: int = 0
    fn: int = 0
    extra: int = 0


class Expectations:
    """Adds up what judged cases say about entities and traits. Keeps a row a name.

    An entity that was found with its value is a true positive, one that was not found a false negative; one
    that was found with another value is both a false negative and a false positive. What a case does not name
    is not judged, so entities found beside the expected ones count nowhere, and there are no true negatives.

    A trait that was found is a true positive, else a false negative. Traits found beside the expected ones
    are right (testing-api.md 4.4), no false positives: they count as `extra`, in cases that name traits.
    """

    def __init__(self) -> None:
        self._entities: dict[str, _Row] = {}
        self._traits: dict[str, _Row] = {}

    def add(self, result: CaseResult) -> None:
        for entity in result.entities:
            row = _row(self._entities, entity.name)
            if entity.matched:
                row.tp += 1
            else:
                row.fn += 1
                row.fp += bool(entity.actual)
        if result.traits:
            expected = set[str]()
            for trait in result.traits:
                row = _row(self._traits, trait.name)
                row.tp += trait.matched
                row.fn += not trait.matched
                expected.add(fold(trait.name))
            for name in result.classification.traits if result.classification else ():
                if fold(name) not in expected:
                    _row(self._traits, name).extra += 1

    def absorb(self, later: "Expectations") -> None:
        """Add what another one took."""
        for own, others in ((self._entities, later._entities), (self._traits, later._traits)):
            for key, other in others.items():
                row = own.setdefault(key, _Row(other.name))
                row.tp += other.tp
                row.fp += other.fp
                row.fn += other.fn
                row.extra += other.extra

    def entities(self) -> tuple[LabelMetrics, ...]:
        """By name."""
        return _table(self._entities)

    def traits(self) -> tuple[LabelMetrics, ...]:
        """Those that were expected, by name."""
        return _table({key: row for key, row in self._traits.items() if row.tp + row.fn})


def _row(rows: dict[str, _Row], name: str) -> _Row:
    key = fold(name)
    row = rows.get(key)
    if row is None:
        row = rows[key] = _Row(name.strip())
    return row


def _table(rows: dict[str, _Row]) -> tuple[LabelMetrics, ...]:
    return tuple(
        LabelMetrics(name=row.name, support=row.tp + row.fn, tp=row.tp, fp=row.fp, fn=row.fn, extra=row.extra)
        for _, row in sorted(rows.items(), key=itemgetter(0))
    )
