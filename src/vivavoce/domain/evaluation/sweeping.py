"""What a run would have come to with other thresholds, from the scores that the bot told.

Assumed of the bot: that it matches its best candidate when the score of that reaches one threshold, the same
for all intents, and that its scores do not depend on it. Then, at a threshold t:

- A winning intent stays while its score is t or more; without any, the case matched nothing. Several winning
  ones fall one by one.
- Where nothing was matched, the best candidate comes in when its score is t or more. One that means no intent
  stays none at any threshold. Without candidates with scores nothing can be known below the bot's own
  threshold: the case stays as it was.
- What has no score stays as it was, and so do cases that are judged by traits alone.

Outcomes are judged by `scoring`'s own rule. One thing is not known of a candidate that comes in: its parent
intent, by which it is not judged. At the bot's own threshold the figures are the run's own.
"""

from bisect import bisect_right
from itertools import accumulate
from operator import add
from typing import Final

from msgspec.structs import replace

from vivavoce.domain.batch.names import is_none
from vivavoce.domain.batch.scoring import by_traits_alone, outcome_of
from vivavoce.domain.batch.utterance import BatchCase, CaseResult, Classification, Outcome
from vivavoce.domain.evaluation.values import SWEPT, SweepPoint

# Quotients, not multiples of 0.01: these are the floats nearest to 0.00, 0.01, ..., as a bot writes them.
_THRESHOLDS: Final = [step / (SWEPT - 1) for step in range(SWEPT)]


class Sweeping:
    """Adds up judged cases. Keeps, for each outcome, by how much its count changes at each threshold."""

    def __init__(self) -> None:
        self._changes: dict[Outcome, list[int]] = {
            outcome: [0] * (SWEPT + 1) for outcome in ("TP", "TN", "FP", "FN")
        }
        self._scored = False

    def add(self, result: CaseResult, outcome: Outcome) -> None:
        """A case with its outcome as it was."""
        case, found = result.case, result.classification
        if found is None or (case.traits and by_traits_alone(case)):
            self._changes[outcome][0] += 1
        elif not found.winning or outcome == "TN" or outcome == "FN":
            self._unmatched(result, found, outcome)
        elif len(found.winning) == 1:
            score = found.winning[0].score
            self._falls(outcome, score, _without_match(case, found))
        else:
            self._several(result, found, outcome)

    def absorb(self, later: "Sweeping") -> None:
        """Add what another one took."""
        for outcome, changes in self._changes.items():
            changes[:] = map(add, changes, later._changes[outcome])
        self._scored |= later._scored

    def points(self) -> tuple[SweepPoint, ...]:
        """Rising thresholds; none where nothing was scored."""
        if not self._scored:
            return ()
        tp, tn, fp, fn = (accumulate(self._changes[outcome][:SWEPT]) for outcome in ("TP", "TN", "FP", "FN"))
        return tuple(SweepPoint(*point) for point in zip(_THRESHOLDS, tp, tn, fp, fn, strict=True))

    def _falls(self, kept: Outcome, score: float | None, fallen: Outcome) -> None:
        """One outcome while the threshold is at most the score, another one above."""
        self._changes[kept][0] += 1
        if score is not None and score == score:  # a NaN is no score
            self._scored = True
            at = bisect_right(_THRESHOLDS, score)
            self._changes[kept][at] -= 1
            self._changes[fallen][at] += 1

    def _unmatched(self, result: CaseResult, found: Classification, outcome: Outcome) -> None:
        best = found.candidates[0] if found.candidates else None
        told = outcome == "TP" or outcome == "FP"  # by the bot's fulfillment category, without an intent
        if told or best is None or best.score is None or is_none(best.name):
            self._changes[outcome][0] += 1
        else:
            come_in = outcome_of(result.case, replace(found, winning=(best,)))
            self._falls(come_in, best.score, outcome)

    def _several(self, result: CaseResult, found: Classification, outcome: Outcome) -> None:
        """Each score among the winning ones is a step."""
        self._changes[outcome][0] += 1
        scores = {winner.score for winner in found.winning if winner.score is not None}
        self._scored |= bool(scores)
        before = outcome
        for score in sorted(score for score in scores if score == score):
            left = tuple(each for each in found.winning if each.score is None or not each.score <= score)
            after = outcome_of(result.case, replace(found, winning=left))
            at = bisect_right(_THRESHOLDS, score)
            self._changes[before][at] -= 1
            self._changes[after][at] += 1
            before = after


def _without_match(case: BatchCase, found: Classification) -> Outcome:
    """The outcome of a case when its match falls."""
    if case.fulfillment_type:
        return outcome_of(case, replace(found, winning=()))
    return "TN" if not case.intents or any(map(is_none, case.intents)) else "FN"
