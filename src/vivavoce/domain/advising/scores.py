"""Advice from scores: another threshold, and what scores can be taken for."""

from collections.abc import Iterable
from math import pi, sqrt
from typing import Final, NamedTuple

from vivavoce.domain.advising.values import Advice
from vivavoce.domain.advising.wording import points, times
from vivavoce.domain.comparing.chance import SIGNIFICANCE, mcnemar
from vivavoce.domain.evaluation.values import Calibration, Evaluation, ScoreBin, SweepPoint
from vivavoce.domain.metrics import f1
from vivavoce.domain.numbers import percent

MISLEADING: Final = 0.1  # calibration error from which scores say something else than they seem to
LEAST_OUT_OF_SCOPE: Final = 30  # utterances that mean nothing, for a lower threshold to be judged by
LEAST_SCORED: Final = 100  # matches with a score, for anything to be said about calibration


class Better(NamedTuple):
    """Another threshold that does better than the run's own."""

    point: SweepPoint
    lower: bool  # than the run's own
    lost: int  # cases that would no longer be right
    won: int  # cases that would be right and were not
    chance: float  # the p-value, corrected
    tried: int  # thresholds that differ in what they come to


def better_threshold(evaluation: Evaluation) -> Better | None:
    """The threshold with the best F1, where it is better than the run's own by more than chance.

    The outcomes at another threshold are paired with the run's own: utterances that would be right and were
    not against those that were and would not be, McNemar's exact test. As the best of many thresholds is
    looked for, the p-value is multiplied by the number of different ones (Bonferroni). That is strict:
    neighbouring thresholds differ little.
    """
    own, best = f1(evaluation.tally), evaluation.best
    if own is None or best is None:
        return None
    lost, won = _changes(evaluation, best)
    different = len({(point.tp, point.tn, point.fp, point.fn) for point in evaluation.sweep})
    chance = min(1.0, mcnemar(lost, won) * different)
    if (best.f1 or 0.0) <= own or won <= lost or chance >= SIGNIFICANCE:
        return None
    lower = best.tp + best.fp > evaluation.tally.tp + evaluation.tally.fp
    return Better(best, lower, lost, won, chance, different)


def about_threshold(evaluation: Evaluation, better: Better | None) -> Iterable[Advice]:
    """What a better threshold comes to, and what stands against it."""
    own = f1(evaluation.tally)
    if better is None or own is None:
        return
    point, won = better.point, better.won
    yield Advice(
        topic="threshold",
        tag="",
        intents=(),
        text=(
            f"A threshold of {point.threshold:.2f} would have brought F1 from {own:.3f} to {point.f1:.3f} "
            f"(+{points((point.f1 or 0.0) - own)}): {times(won, 'utterance')} would be right that "
            f"{'was' if won == 1 else 'were'} not, {better.lost} no longer (p {_chance(better.chance)}, "
            f"corrected for the {better.tried} different thresholds). {_caution(evaluation, better)}"
        ),
        cases=won - better.lost,
    )


def about_calibration(evaluation: Evaluation) -> Iterable[Advice]:
    """Scores that are far from how often the bot is right.

    With few matches the error is large by chance alone: it must be twice what perfect scores would show.
    """
    calibration = evaluation.calibration
    error = calibration.error
    if error is None or calibration.scored < LEAST_SCORED:
        return
    if error < MISLEADING or error < 2 * _error_by_chance(calibration):
        return
    worst = max(calibration.bins, key=_gap)
    right, mean = _right(worst), worst.mean_score or 0.0
    kind = "too low" if right > mean else "too high"
    yield Advice(
        topic="calibration",
        tag="",
        intents=(),
        text=(
            f"The bot's scores do not say how sure one can be: they are {points(error)} off on average "
            f"(expected calibration error over {calibration.scored} matches). Of {worst.right + worst.wrong} "
            f"matches with a score about {mean:.2f}, {percent(right, 0)} were right: scores are {kind} "
            "there. Choose thresholds by the sweep, not by what a score seems to promise."
        ),
        cases=0,
    )


def _changes(evaluation: Evaluation, point: SweepPoint) -> tuple[int, int]:
    """How many cases stop being right, and how many become right: a threshold that rises only drops matches,
    one that falls only adds some. A case of `A | None` that is right both ways counts on both sides.
    """
    tally = evaluation.tally
    tp, tn = point.tp - tally.tp, point.tn - tally.tn
    return max(0, -tp) + max(0, -tn), max(0, tp) + max(0, tn)


def _caution(evaluation: Evaluation, better: Better) -> str:
    """What stands against the best threshold of a sweep."""
    nothing = evaluation.out_of_scope.rejected.of
    if better.lower and nothing < LEAST_OUT_OF_SCOPE:
        found = times(nothing, "utterance") if nothing else "no utterances"
        return (
            f"But the suite has {found} for which nothing must be matched, so it cannot show what a lower "
            f"threshold would let in: add some (at least {LEAST_OUT_OF_SCOPE}) before you choose one."
        )
    return "Computed from this run's scores; check it on other utterances before it goes live."


def _chance(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"= {value:.3f}"


def _right(one: ScoreBin) -> float:
    count = one.right + one.wrong
    return one.right / count if count else 0.0


def _gap(one: ScoreBin) -> float:
    """What a bin adds to the calibration error, but for its division by all."""
    return abs(one.right - (one.mean_score or 0.0) * (one.right + one.wrong))


def _error_by_chance(calibration: Calibration) -> float:
    """The error to be expected of perfect scores: each bin's mean deviation, by the normal approximation."""
    deviations = [
        sqrt(2 / pi * (one.right + one.wrong) * one.mean_score * (1 - one.mean_score))
        for one in calibration.bins
        if one.mean_score is not None
    ]
    return sum(deviations) / calibration.scored
