"""Figures over results: tallies, precision, recall, F1, accuracy; undefined is None, never 0.

Every function takes the results as any iterable, so that a run can be streamed through. Cases in error enter
no figure but their own count.
"""

from collections.abc import Iterable
from typing import Protocol

from vivavoce.domain.batch.utterance import CaseResult, Outcome
from vivavoce.domain.run import Counts, RunStatus, Tally
from vivavoce.domain.verdict import StepResult, Verdict


class Hits(Protocol):
    """What precision, recall and F1 are made of."""

    @property
    def tp(self) -> int: ...
    @property
    def fp(self) -> int: ...
    @property
    def fn(self) -> int: ...


class Outcomes(Hits, Protocol):
    """What accuracy is made of."""

    @property
    def tn(self) -> int: ...


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


def accuracy(outcomes: Outcomes) -> float | None:
    """(TP + TN) of all judged cases."""
    right = outcomes.tp + outcomes.tn
    return _ratio(right, right + outcomes.fp + outcomes.fn)


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

    def absorb(self, later: "Tallying") -> None:
        """Add what another one took."""
        for outcome, count in later._outcomes.items():
            self._outcomes[outcome] += count
        self._trait_success += later._trait_success
        self._trait_failure += later._trait_failure
        self._total_traits += later._total_traits
        self._matched_traits += later._matched_traits
        self._total_entities += later._total_entities
        self._matched_entities += later._matched_entities
        self._failed += later._failed

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
