"""Numbers as the page writes them, besides those that `digest` writes for all reports."""

from datetime import datetime

from vivavoce.formats.reports.digest import UNDEFINED


def count(number: int) -> str:
    return f"{number:,}"


def percent(value: float | None) -> str:
    """`93.1%`; never 100% of what is not all, nor 0% of what is not nothing."""
    if value is None:
        return UNDEFINED
    shown = f"{value:.1%}"
    if shown == "100.0%":
        return "100%" if value >= 1 else "99.9%"
    if shown == "0.0%":
        return "0%" if value <= 0 else "0.1%"
    return shown


def score(value: float | None) -> str:
    """A confidence score or a threshold; empty where the bot told none."""
    return "" if value is None else f"{value:.3f}"


def cases(number: int) -> str:
    return "1 case" if number == 1 else f"{number:,} cases"


def duration(seconds: float) -> str:
    """`850 ms`, `4.6 s`, `12 min 5 s`, `2 h 3 min`."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"


def moment(time: datetime) -> str:
    """In UTC."""
    return f"{time:%Y-%m-%d %H:%M:%S} UTC"
