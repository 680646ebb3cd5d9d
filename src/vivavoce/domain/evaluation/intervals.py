"""How sure a rate is."""

from math import ceil, exp, lgamma, log, log1p, sqrt
from typing import Final, NamedTuple

Z_95: Final = 1.959963984540054  # the normal distribution's 97.5 % quantile
_NEGLIGIBLE: Final = 1e-18


class Interval(NamedTuple):
    """Both ends, 0 to 1."""

    low: float
    high: float


def wilson(hits: int, of: int, z: float = Z_95) -> Interval | None:
    """Wilson's score interval of `hits` of `of`; None where there was nothing.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference" (1927); unlike the
    textbook's interval it holds at 0 % and 100 % and for few cases.
    """
    if not of:
        return None
    rate, spread = hits / of, z * z / of
    middle = (rate + spread / 2) / (1 + spread)
    half = z * sqrt(rate * (1 - rate) / of + spread / (4 * of)) / (1 + spread)
    return Interval(
        0.0 if hits == 0 else max(0.0, middle - half), 1.0 if hits == of else min(1.0, middle + half)
    )


def chance_of_at_least(hits: int, of: int, rate: float) -> float:
    """How often at least `hits` of `of` are hit when each is with this chance (above 0, below 1): the upper
    tail of the binomial distribution, exact but for rounding."""
    if hits <= 0:
        return 1.0
    if hits > of:
        return 0.0
    if hits <= of * rate:  # the other tail has the terms that fall
        return 1.0 - chance_of_at_least(of - hits + 1, of, 1 - rate)
    first = lgamma(of + 1) - lgamma(hits + 1) - lgamma(of - hits + 1) + hits * log(rate)
    term = total = 1.0
    for number in range(hits, of):
        term *= (of - number) / (number + 1) * rate / (1 - rate)
        total += term
        if term < _NEGLIGIBLE * total:
            break
    return min(1.0, exp(first + (of - hits) * log1p(-rate)) * total)


def cases_needed(rate: float, half_width: float, z: float = Z_95) -> int:
    """How many cases it takes for Wilson's interval of this rate to reach no further than `half_width` (above
    0) to each side of its middle: the interval's own formula, solved for the number of cases."""
    spread, square = rate * (1 - rate), z * z
    root = sqrt(spread * spread + half_width * half_width * (1 - 4 * spread))
    return max(1, ceil(square * (spread + root) / (2 * half_width * half_width) - square))


def f1_interval(tp: int, fp: int, fn: int) -> Interval | None:
    """The interval of an F1 whose cases count once each; None where it is undefined.

    Of the TP + FP + FN cases TP are right: that share J is a rate, with Wilson's interval, and
    F1 = 2 J / (1 + J) rises with it, so that its ends are those of J.
    """
    share = wilson(tp, tp + fp + fn)
    return None if share is None else Interval(*(2 * end / (1 + end) for end in share))
