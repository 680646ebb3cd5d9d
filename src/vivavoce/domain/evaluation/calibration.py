"""How far a bot's scores say how sure one can be."""

from bisect import bisect_right
from operator import add
from typing import Final

from vivavoce.domain.evaluation.values import BINS, Calibration, ScoreBin

_LOWS: Final = [bound / BINS for bound in range(BINS)]
_UNIT: Final = (
    2.0**53
)  # scores are summed in units of 2^-53: exact integers, so that their order does not matter


class Calibrating:
    """Adds up the scores of matches, right and wrong ones apart, in BINS bins of equal width."""

    def __init__(self) -> None:
        self._right = [0] * BINS
        self._wrong = [0] * BINS
        self._sums = [0] * BINS
        self._unscored = 0

    def add(self, score: float | None, *, right: bool) -> None:
        """One match. The score is that of the best of several winning intents."""
        if score is None or not 0.0 <= score <= 1.0:
            self._unscored += 1
            return
        at = bisect_right(_LOWS, score) - 1
        if right:
            self._right[at] += 1
        else:
            self._wrong[at] += 1
        self._sums[at] += int(score * _UNIT)

    def absorb(self, later: "Calibrating") -> None:
        """Add what another one took."""
        for own, others in (
            (self._right, later._right),
            (self._wrong, later._wrong),
            (self._sums, later._sums),
        ):
            own[:] = map(add, own, others)
        self._unscored += later._unscored

    def calibration(self) -> Calibration:
        """The histogram, and the expected calibration error with equal-width bins.

        Naeini, Cooper and Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning"
        (2015).
        """
        bins, gap = [], 0.0
        for at, (right, wrong, total) in enumerate(zip(self._right, self._wrong, self._sums, strict=True)):
            count = right + wrong
            bins.append(
                ScoreBin(
                    low=_LOWS[at],
                    high=(at + 1) / BINS,
                    right=right,
                    wrong=wrong,
                    mean_score=total / _UNIT / count if count else None,
                )
            )
            gap += abs(right - total / _UNIT)
        scored = sum(self._right) + sum(self._wrong)
        return Calibration(tuple(bins), scored, self._unscored, gap / scored if scored else None)
