"""What advice takes as more than noise, and how it words shares, names and lists."""

from collections.abc import Sequence
from typing import Final

from vivavoce.domain.evaluation.intervals import chance_of_at_least
from vivavoce.domain.evaluation.values import Rate
from vivavoce.domain.numbers import percent

NOTICEABLE: Final = 0.05  # a share of utterances that may go wrong before anything is advised
SURELY: Final = 0.025  # one-sided, as each end of a 95 % interval
LEAST: Final = 3  # utterances; fewer are single cases, whatever they are a share of
MOST_NAMED: Final = 5  # names in one sentence; the others are counted


def share(hits: int, of: int) -> str:
    """`12 of 40 (30 %, 95 % interval 18 to 46 %)`."""
    rate = Rate(hits, of)
    value, interval = rate.value, rate.interval
    if value is None or interval is None:
        return f"{hits} of {of}"
    return (
        f"{hits} of {of} ({percent(value, 0)}, 95 % interval {interval.low * 100:.0f} to "
        f"{interval.high * 100:.0f} %)"
    )


def noticeable(hits: int, of: int) -> bool:
    """Whether these are more than noise: would NOTICEABLE of all such utterances go wrong, so many would in
    fewer than one of 40 suites (the binomial test, exact), and they are no single cases."""
    return hits >= LEAST and chance_of_at_least(hits, of, NOTICEABLE) < SURELY


def times(count: int, thing: str) -> str:
    """`1 utterance`, `3 utterances`."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def listed(parts: Sequence[str]) -> str:
    """`a, b and c`; the first MOST_NAMED of many."""
    shown = list(parts[:MOST_NAMED])
    if len(parts) > len(shown):
        shown.append(f"{len(parts) - len(shown)} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def points(share_of_one: float) -> str:
    """A difference of shares: `3.1 points`."""
    return f"{share_of_one * 100:.1f} points"
