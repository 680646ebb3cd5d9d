"""Figures over results: tallies, precision, recall, F1, accuracy; undefined is None, never 0.

Every function takes the results as any iterable, so that a run can be streamed through. Cases in error enter
no figure but their own count.
"""

from collections.abc import Iterable
from operator import itemgetter
from typing import Protocol

import msgspec

from vivavoce.domain.names import fold, is_none
from vivavoce.domain.run import Counts, RunStatus, Tally
from vivavoce.domain.utterance import CaseResult, Outcome
from vivavoce.domain.verdict import StepResult, Verdict


class Hits(Protocol):
    """What precision, recall and F1 are made of."""

    @property
    def tp(self) -> int: ...
    @property
    def fp(self) -> int: ...
    @property
    def fn(self) -> int: ...


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def precision(hits: Hits) -> float | None:
    """TP / (TP + FP): how many of the matched intents were right."""
    return _ratio(hits.tp, hits.tp + hits.fp)


def recall(hits: Hits) -> float | None:
    """TP / (TP + FN): how many of the expected intents were matched."""
    return _ratio(hits.tp, hits.tp + hits.fn)


def f1(hits: Hits) -> float | None:
    """The harmonic mean of precision and recall, as 2 TP / (2 TP + FP + FN).

    So written it is 0 when nothing was right but something was wrong, also where precision or recall alone
    is undefined.
    """
    return _ratio(2 * hits.tp, 2 * hits.tp + hits.fp + hits.fn)


def accuracy(tally: Tally) -> float | None:
    """(TP + TN) of all judged cases."""
    return _ratio(tally.tp + tally.tn, tally.tp + tally.tn + tally.fp + tally.fn)


def pass_rate(counts: Counts) -> float | None:
    """Passed of judged steps or cases; errors and what was not executed do not enter."""
    return _ratio(counts.passed, counts.judged)


class Tallying:
    """Adds up what cases come to; those without an outcome count only as failed utterances when in error.

    Traits: successes and failures count cases that expect traits, totals and matches count traits.
    """

    def __init__(self) -> None:
        self._outcomes: dict[Outcome, int] = {"TP": 0, "TN": 0, "FP": 0, "FN": 0}
        self._trait_success = self._trait_failure = 0
        self._total_traits = self._matched_traits = 0
        self._total_entities = self._matched_entities = 0
        self._failed = 0

    def add(self, result: CaseResult) -> None:
        if result.outcome is None:
            self._failed += bool(result.error)
            return
        self._outcomes[result.outcome] += 1
        if result.entities:
            self._total_entities += len(result.entities)
            self._matched_entities += sum(entity.matched for entity in result.entities)
        if result.traits:
            matched = sum(trait.matched for trait in result.traits)
            self._total_traits += len(result.traits)
            self._matched_traits += matched
            self._trait_success += matched == len(result.traits)
            self._trait_failure += matched < len(result.traits)

    def tally(self) -> Tally:
        return Tally(
            tp=self._outcomes["TP"],
            tn=self._outcomes["TN"],
            fp=self._outcomes["FP"],
            fn=self._outcomes["FN"],
            trait_success=self._trait_success,
            trait_failure=self._trait_failure,
            total_entities=self._total_entities,
            matched_entities=self._matched_entities,
            total_traits=self._total_traits,
            matched_traits=self._matched_traits,
            failed_utterances=self._failed,
            failed_entities=self._total_entities - self._matched_entities,
        )


def tally_of(results: Iterable[CaseResult]) -> Tally:
    """What the cases add up to."""
    tallying = Tallying()
    for result in results:
        tallying.add(result)
    return tallying.tally()


def verdict_of(result: StepResult | CaseResult) -> Verdict:
    """A step's own verdict; a case is judged as a test (8.11): not executed without outcome and error."""
    if isinstance(result, StepResult):
        return result.verdict
    if result.outcome is None:
        return Verdict.ERROR if result.error else Verdict.NOT_EXECUTED
    return Verdict.PASSED if result.passed else Verdict.FAILED


def counts_of(results: Iterable[StepResult | CaseResult]) -> Counts:
    """Steps or cases by verdict."""
    found = dict.fromkeys(Verdict, 0)
    for result in results:
        found[verdict_of(result)] += 1
    return Counts(
        passed=found[Verdict.PASSED],
        failed=found[Verdict.FAILED],
        error=found[Verdict.ERROR],
        not_executed=found[Verdict.NOT_EXECUTED],
    )


def run_verdict(counts: Counts) -> RunStatus:
    """How a run that was played to its end came out (8.11); cancelled and unusable ones never come here.

    A run passes when all of it passed (3.3): one of which a part was not executed, though nothing failed,
    is in error.
    """
    if counts.failed:
        return RunStatus.FAILED
    if counts.error or counts.not_executed:
        return RunStatus.ERROR
    return RunStatus.PASSED


class IntentMetrics(msgspec.Struct, frozen=True):
    """One intent over a run. `support`: the judged cases that expected it."""

    intent: str
    support: int
    tp: int
    fp: int
    fn: int

    @property
    def precision(self) -> float | None:
        return precision(self)

    @property
    def recall(self) -> float | None:
        return recall(self)

    @property
    def f1(self) -> float | None:
        return f1(self)


class _Row(msgspec.Struct):
    intent: str  # as first seen
    support: int = 0
    tp: int = 0
    fp: int = 0
    fn: int = 0


def intent_table(results: Iterable[CaseResult]) -> list[IntentMetrics]:
    """One row for each intent that was expected or matched, by name.

    A case with several accepted intents counts for the matched one when it is right, else for the first; a
    wrong match is a false positive of each wrong intent and a false negative of the expected one (so rows
    with one expected and one matched intent equal scikit-learn's). Cases judged by traits alone enter no row.
    """
    rows: dict[str, _Row] = {}
    for result in results:
        if result.outcome is None:
            continue
        expected = _named(result.case.intents)
        winning = result.classification.winning if result.classification else ()
        matched = _named(winner.name for winner in winning)
        right = result.outcome == "TP"
        key = next((key for key in expected if key in matched or not right), None)
        if key is not None:
            row = rows.setdefault(key, _Row(expected[key]))
            row.support += 1
            row.tp += right
            row.fn += not right
        if result.outcome == "FP":
            for key, name in matched.items():
                if key not in expected:
                    rows.setdefault(key, _Row(name)).fp += 1
    return [
        IntentMetrics(row.intent, row.support, row.tp, row.fp, row.fn)
        for _, row in sorted(rows.items(), key=itemgetter(0))
    ]


def _named(names: Iterable[str]) -> dict[str, str]:
    """The intents among the names by their comparable form, as first spelt."""
    found: dict[str, str] = {}
    for name in names:
        if not is_none(name):
            found.setdefault(fold(name), name.strip())
    return found
