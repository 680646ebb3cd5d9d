"""What chance does to paired results: McNemar's exact test, Holm's correction, the interval of a difference.

Only changed cases count: of `worse` cases that newly fail and `better` ones that newly pass. Were both
equally likely, `worse` would follow the binomial distribution with one half.
"""

from collections.abc import Sequence
from math import exp, lgamma, log, sqrt
from typing import Final

from vivavoce.domain.evaluation.intervals import Z_95, Interval

_EXACT = 1_000  # changed cases up to which whole numbers are summed; above, logarithms (9 digits are right)
_NEGLIGIBLE = 1e-18
SIGNIFICANCE: Final = 0.05
"""Below this, a difference is called real, unless somebody asks for another level."""


def mcnemar(worse: int, better: int) -> float:
    """How often chance alone would part the changed cases at least so unequally: the two-sided p-value.

    Q. McNemar, "Note on the sampling error of the difference between correlated proportions" (1947), in its
    exact form: twice the binomial tail, at most 1. No changed case: 1.
    """
    few, changed = min(worse, better), worse + better
    if worse == better:
        return 1.0
    return min(1.0, 2 * (_whole_tail(few, changed) if changed <= _EXACT else _log_tail(few, changed)))


def _whole_tail(few: int, of: int) -> float:
    """The share of the 2^of ways in which at most `few` fall on one side."""
    ways = whole = 1
    for number in range(1, few + 1):
        ways = ways * (of - number + 1) // number
        whole += ways
    return whole / (1 << of)


def _log_tail(few: int, of: int) -> float:
    """As `_whole_tail`, from the largest term down; below the middle each is smaller than the one before."""
    first = exp(lgamma(of + 1) - lgamma(few + 1) - lgamma(of - few + 1) - of * log(2))
    whole = term = 1.0
    for number in range(few, 0, -1):
        term *= number / (of - number + 1)
        whole += term
        if term < _NEGLIGIBLE * whole:
            break
    return first * whole


def holm(chances: Sequence[float]) -> list[float]:
    """The p-values of several tests, raised so that the smallest of them are not taken for more than luck.

    S. Holm, "A simple sequentially rejective multiple test procedure" (1979). Calling real what is below a
    level is wrong about *any* of the tests no more often than this level says, however they hang together.
    """
    adjusted, highest = [0.0] * len(chances), 0.0
    for rank, place in enumerate(sorted(range(len(chances)), key=chances.__getitem__)):
        highest = max(highest, min(1.0, (len(chances) - rank) * chances[place]))
        adjusted[place] = highest
    return adjusted


def least_changed(significance: float = SIGNIFICANCE) -> int:
    """How many cases must change, all to one side, before chance is ruled out: 6 at 0.05."""
    changed = 1
    while 2.0 ** (1 - changed) >= significance:
        changed += 1
    return changed


def least_net(changed: int, significance: float = SIGNIFICANCE) -> int:
    """By how many cases one side must outweigh the other, where so many changed, to rule out chance.

    `changed` counts as `least_changed` where it is below, as no smaller number ever rules it out.
    """
    changed = max(changed, least_changed(significance))
    low, high = 0, changed // 2  # few: the most that the smaller side may hold
    while low < high:
        few = (low + high + 1) // 2
        if mcnemar(few, changed - few) < significance:
            low = few
        else:
            high = few - 1
    return changed - 2 * low


def difference(worse: int, better: int, of: int, z: float = Z_95) -> Interval | None:
    """The interval of the difference of two paired rates, (better - worse) / of; None where there was none.

    A. Agresti and Y. Min, "Simple improved confidence intervals for comparing matched proportions" (2005):
    Wald's interval with half a case added to each of the four cells; it holds for few changed cases, too.
    """
    if not of:
        return None
    lost, won, whole = worse + 0.5, better + 0.5, of + 2
    middle = (won - lost) / whole
    half = z * sqrt(max(0.0, lost + won - (won - lost) ** 2 / whole)) / whole
    return Interval(max(-1.0, middle - half), min(1.0, middle + half))
