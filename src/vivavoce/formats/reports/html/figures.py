"""Numbers as the page writes them, besides those that every report writes (`domain.numbers`)."""

from datetime import datetime


def count(number: int) -> str:
    return f"{number:,}"


def score(value: float | None) -> str:
    """A confidence score or a threshold; empty where the bot told none."""
    return "" if value is None else f"{value:.3f}"


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
