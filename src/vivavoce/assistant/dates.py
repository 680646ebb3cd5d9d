"""Dates in an utterance, written or relative to a day."""

import re
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from datetime import date, timedelta

import msgspec

_MONTHS = ("january february march april may june july august september october november december").split()
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTH = "|".join(f"{month}|{month[:3]}" for month in _MONTHS) + "|sept"
_DAY = "|".join(_DAYS)
MANY_DAYS = 36_600  # a century; what is further off is no date
_ORDINAL = r"(\d{1,2})(?:st|nd|rd|th)?"
_WORDS = frozenset(("today", "tonight", "tomorrow", "yesterday", "week", *_DAYS))


class Day(msgspec.Struct, frozen=True):
    value: date
    start: int
    end: int


def may_hold(said: AbstractSet[str], digits: bool) -> bool:
    """A quick look: False when `find` would find nothing. `said` are the text's words in lower case."""
    return digits or not _WORDS.isdisjoint(said)


def find(text: str, today: date, *, day_first: bool = False) -> Iterator[Day]:
    """Every date of a text, in order: `2025-03-14`, `3/14/2025`, `14 March`, `tomorrow`, `next friday`.

    A date without a year is the next one from `today` on; impossible dates are none.
    """
    found: list[Day] = []
    for pattern, read in _FORMS:
        for match in pattern.finditer(text):
            value = read(match, today, day_first)
            free = all(match.end() <= other.start or other.end <= match.start() for other in found)
            if value is not None and free:
                found.append(Day(value, match.start(), match.end()))
    yield from sorted(found, key=lambda day: day.start)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _upcoming(month: int, day: int, today: date) -> date | None:
    for year in range(today.year, today.year + 9):  # the 29th of February may be eight years away
        value = _date(year, month, day)
        if value is not None and value >= today:
            return value
    return None


def _iso(match: "re.Match[str]", today: date, day_first: bool) -> date | None:
    return _date(int(match[1]), int(match[2]), int(match[3]))


def _slashes(match: "re.Match[str]", today: date, day_first: bool) -> date | None:
    first, second = int(match[1]), int(match[2])
    day, month = (first, second) if day_first else (second, first)
    if match[3] is None:
        return _upcoming(month, day, today)
    year = int(match[3])
    return _date(year + 2000 if year < 100 else year, month, day)


def _month_day(month: str, day: str, year: str | None, today: date) -> date | None:
    number = next(at for at, name in enumerate(_MONTHS, 1) if name.startswith(month.lower()[:3]))
    return _date(int(year), number, int(day)) if year else _upcoming(number, int(day), today)


def _day_month(match: "re.Match[str]", today: date, day_first: bool) -> date | None:
    return _month_day(match[2], match[1], match[3], today)


def _month_first(match: "re.Match[str]", today: date, day_first: bool) -> date | None:
    return _month_day(match[1], match[2], match[3], today)


def _relative(match: "re.Match[str]", today: date, day_first: bool) -> date | None:
    word = " ".join(match.group().lower().split())
    days = {"yesterday": -1, "tomorrow": 1, "the day after tomorrow": 2, "next week": 7}
    return today + timedelta(days=days.get(word, 0))


def _ahead(match: "re.Match[str]", today: date, day_first: bool) -> date | None:
    count = int(match[1])
    days = count * (7 if match[2].lower().startswith("week") else 1)
    return today + timedelta(days=days) if days < MANY_DAYS else None


def _weekday(match: "re.Match[str]", today: date, day_first: bool) -> date | None:
    ahead = (_DAYS.index(match[2].lower()) - today.weekday()) % 7 or 7
    return today + timedelta(days=ahead - 7 if (match[1] or "").lower().startswith("last") else ahead)


_Reader = Callable[["re.Match[str]", date, bool], date | None]
_FORMS: tuple[tuple["re.Pattern[str]", _Reader], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), read)
    for pattern, read in (
        (r"\b(\d{4})-(\d{2})-(\d{2})\b", _iso),
        (r"(?<![\d/])(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?(?![\d/])", _slashes),
        (rf"\b{_ORDINAL}\s+(?:of\s+)?({_MONTH})\b(?:,?\s+(\d{{4}})\b)?", _day_month),
        (rf"\b({_MONTH})\s+(?:the\s+)?{_ORDINAL}\b(?:,?\s+(\d{{4}})\b)?", _month_first),
        (r"\bthe day after tomorrow\b|\b(?:today|tonight|tomorrow|yesterday|next week)\b", _relative),
        (r"\bin (\d{1,5}) (days?|weeks?)\b", _ahead),
        (rf"\b(?:(next|this|last)\s+)?({_DAY})\b", _weekday),
    )
)
