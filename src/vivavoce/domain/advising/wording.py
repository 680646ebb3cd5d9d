"""How advice words shares, names and lists."""

from collections.abc import Sequence

from vivavoce.domain.evaluation.values import Rate

MOST_NAMED = 5  # names in one sentence; the others are counted


def share(hits: int, of: int) -> str:
    """`12 of 40 (30 %, 95 % interval 18 to 46 %)`."""
    rate = Rate(hits, of)
    value, interval = rate.value, rate.interval
    if value is None or interval is None:
        return f"{hits} of {of}"
    return (
        f"{hits} of {of} ({value * 100:.0f} %, 95 % interval {interval.low * 100:.0f} to "
        f"{interval.high * 100:.0f} %)"
    )


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
