"""How numbers are written in every report and sentence."""

from typing import Final

from vivavoce.domain.evaluation.intervals import Interval

UNDEFINED: Final = "undefined"


def figure(value: float | None) -> str:
    """Precision, recall, F1, accuracy, a score: `0.931`."""
    return UNDEFINED if value is None else f"{value:.3f}"


def span(interval: Interval | None) -> str:
    """An interval of a figure: `0.902 to 0.955`; empty where there is none."""
    return f"{interval.low:.3f} to {interval.high:.3f}" if interval else ""


def percent(share: float, digits: int = 1) -> str:
    """`93.1 %`; never 100 % of what is not all, nor 0 % of what is not nothing. `share`: 0 to 1."""
    if share in (0, 1):
        return f"{share * 100:.0f} %"
    least = 10.0**-digits
    return f"{min(max(share * 100, least), 100 - least):.{digits}f} %"


def share(value: float | None) -> str:
    """A pass rate, a part of a whole: `93.1 %`. `value`: 0 to 1."""
    return UNDEFINED if value is None else percent(value)


def counted(count: int, what: str) -> str:
    """`1 intent`, `2,000 intents`."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"
