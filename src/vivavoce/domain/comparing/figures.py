"""What intents and confused pairs come to before and after, from counts of how pairs of cases came out."""

from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

from vivavoce.domain.comparing.cases import Row
from vivavoce.domain.comparing.chance import SIGNIFICANCE, holm, least_changed, mcnemar
from vivavoce.domain.comparing.values import MOVED, Drift, IntentChange
from vivavoce.domain.evaluation.labels import Labels
from vivavoce.domain.evaluation.values import NO_INTENT, LabelMetrics
from vivavoce.domain.run import Tally
from vivavoce.domain.verdict import Verdict

PairCounts = Mapping[tuple[Row, Row], int]
"""How often two cases that are one came out like this before, and like that after."""


class _Counts(msgspec.Struct, gc=False):
    """An intent in one run."""

    support: int = 0
    tp: int = 0
    fp: int = 0
    fn: int = 0

    def metrics(self, name: str, of: int) -> LabelMetrics:
        tn = of - self.tp - self.fp - self.fn
        return LabelMetrics(name=name, support=self.support, tp=self.tp, fp=self.fp, fn=self.fn, tn=tn)


class Side:
    """One run, over the pairs: counted as `evaluation.confusions` does."""

    def __init__(self, rows: Iterable[tuple[Row, int]]) -> None:
        self.cases = 0  # about intents
        self.intents: dict[str, _Counts] = {}
        self.confusions = Counter[tuple[str, str]]()
        self._outcomes = Counter[str]()
        for row, count in rows:
            if row.outcome is not None:
                self._outcomes[row.outcome] += count
            if row.compared is not None:
                self._add(row, count)

    @property
    def tally(self) -> Tally:
        found = self._outcomes
        return Tally(tp=found["TP"], tn=found["TN"], fp=found["FP"], fn=found["FN"])

    def _add(self, row: Row, count: int) -> None:
        assert row.compared is not None
        self.cases += count
        hits, missed, wrong = row.compared
        for key in hits:
            found = self.intents.setdefault(key, _Counts())
            found.support += count
            found.tp += count
        for key in missed:
            found = self.intents.setdefault(key, _Counts())
            found.support += count
            found.fn += count
        for key in wrong:
            self.intents.setdefault(key, _Counts()).fp += count
        if missed or wrong:
            for expected in missed or (NO_INTENT,):
                for matched in wrong or (NO_INTENT,):
                    self.confusions[expected, matched] += count


def drift_of(labels: Labels, before: Side, after: Side) -> tuple[Drift, ...]:
    """The confused pairs whose count changed: grown most first, shrunk most last."""
    cells = {*before.confusions, *after.confusions}
    moves = {cell: after.confusions[cell] - before.confusions[cell] for cell in cells}
    return tuple(
        Drift(labels.name(cell[0]), labels.name(cell[1]), before.confusions[cell], after.confusions[cell])
        for cell in sorted(cells, key=lambda cell: (-moves[cell], cell))
        if moves[cell]
    )


def intent_changes(
    labels: Labels, pairs: PairCounts, before: Side, after: Side, drift: tuple[Drift, ...]
) -> tuple[IntentChange, ...]:
    """The intents of which anything changed, worst first.

    A case with several accepted intents counts for each of them. McNemar's test of many intents finds some by
    luck, so Holm's correction stands beside it; intents of which too few cases changed for any test to tell
    are no tests, and do not make the others' harder (R. E. Tarone, "A modified Bonferroni method for discrete
    data", 1990).
    """
    failing, passing = Counter[str](), Counter[str]()
    for (was, now), count in pairs.items():
        if was.verdict is not now.verdict:
            changed = failing if now.verdict is Verdict.FAILED else passing
            for key in _expected(labels, now):
                changed[key] += count
    moved = _moves_by_name(drift)
    keys = [
        key
        for key in sorted({*before.intents, *after.intents, *failing, *passing})
        if failing[key] or passing[key] or before.intents.get(key) != after.intents.get(key)
    ]
    least = least_changed(SIGNIFICANCE)
    chances = {key: mcnemar(failing[key], passing[key]) for key in keys}
    tested = [key for key in keys if failing[key] + passing[key] >= least]
    adjusted = dict(zip(tested, holm([chances[key] for key in tested]), strict=True))
    found = [
        IntentChange(
            name=(name := labels.name(key)),
            before=before.intents.get(key, _Counts()).metrics(name, before.cases),
            after=after.intents.get(key, _Counts()).metrics(name, after.cases),
            newly_failing=failing[key],
            newly_passing=passing[key],
            p_value=chances[key],
            adjusted=adjusted.get(key),
            moved=tuple(moved.get(name, ())[:MOVED]),
        )
        for key in keys
    ]
    return tuple(sorted(found, key=_worst_first))


def _worst_first(change: IntentChange) -> tuple[int, float, str]:
    return change.newly_passing - change.newly_failing, change.f1_change or 0.0, change.name


def _expected(labels: Labels, row: Row) -> tuple[str, ...]:
    """The keys of the intents that a case expects; of one that expects none, `NO_INTENT`; none of one that is
    not about intents."""
    return () if row.compared is None else labels.keys(row.expected) or (NO_INTENT,)


def _moves_by_name(drift: tuple[Drift, ...]) -> dict[str, list[Drift]]:
    """By the intents on either side, moved most first."""
    found: dict[str, list[Drift]] = {}
    for one in sorted(drift, key=lambda one: -abs(one.after - one.before)):
        for name in {one.expected, one.matched}:
            found.setdefault(name, []).append(one)
    return found
