"""Dates as they stand in texts, in day, month and year.

Read are `2026-11-25` (also with `/` or `.`, and before a `T`), `25.11.2026` and `25-11-2026` (day first),
`11/25/2026` (**month first**; day first where the first figure is over 12), `25 November 2026`,
`25th of November, 2026`, `25. November 2026`, `25 de noviembre de 2026`, `Nov 25, 2026` and `2026年11月25日`.
Months have their names and short forms in English, German, French, Spanish, Italian, Portuguese and Dutch.

Not read: dates without a year or with a year of two figures, words (`tomorrow`), dates that do not exist
(31 June). A weekday beside a date is not looked at.
"""

import datetime
import functools
import unicodedata
from typing import Any

import regex

_MONTHS = {
    1: "january jan januar jänner janvier janv enero ene gennaio gen janeiro januari",
    2: "february feb februar février févr fév febrero febbraio fevereiro fev februari",
    3: "march mar märz mrz mars marzo março maart mrt",
    4: "april apr avril avr abril abr aprile",
    5: "may mai mayo maggio mag maio mei",
    6: "june jun juni juin junio giugno giu junho",
    7: "july jul juli juillet juil julio luglio lug julho",
    8: "august aug août aout agosto ago agos augustus",
    9: "september sep sept septembre septiembre set settembre setembro",
    10: "october oct oktober okt octobre octubre ottobre ott outubro out",
    11: "november nov novembre noviembre novembro",
    12: "december dec dezember dez décembre déc diciembre dic dicembre dezembro",
}
_BY_NAME = {name: month for month, names in _MONTHS.items() for name in names.split()}
_NAME = rf"(?P<name>{'|'.join(sorted(_BY_NAME, key=len, reverse=True))})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.|º|°)?"
_YEAR = r"(?P<year>\d{4})"
_START, _END = r"(?<![\w#])(?<!\d[./:-])", r"(?![\w]|[./:-]\d)"
_FORMS = (
    rf"{_START}{_YEAR}(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})(?:(?=T\d)|{_END})",
    rf"{_START}(?P<day>\d{{1,2}})(?P<mark>[.-])[ \u00a0]?(?P<month>\d{{1,2}})(?P=mark)"
    rf"[ \u00a0]?{_YEAR}{_END}",
    rf"{_START}(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}})/{_YEAR}{_END}",
    rf"{_START}{_DAY}[ \u00a0-]+(?:of |de |del )?{_NAME},?[ \u00a0-]+(?:de |del )?{_YEAR}{_END}",
    rf"{_START}{_NAME}[ \u00a0]+{_DAY},?[ \u00a0]+{_YEAR}{_END}",
    rf"(?<!\d){_YEAR}年(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})日",
)


def dates_in(text: str) -> list[datetime.date]:
    """All full dates of a text, in order."""
    return [day for _, _, day in places_of_dates(text)]


def places_of_dates(text: str) -> list[tuple[int, int, datetime.date]]:
    """All full dates of a text with their start and end in its composed form (NFC), in order."""
    text = unicodedata.normalize("NFC", text)
    found = []
    for form in _forms():
        for match in form.finditer(text):
            day = _day(match.groupdict())
            if day is not None:
                found.append((*match.span(), day))
    return sorted(found)


def _day(parts: dict[str, str]) -> datetime.date | None:
    if "first" in parts:
        month, day = int(parts["first"]), int(parts["second"])
        if month > 12:
            month, day = day, month
    else:
        month = _BY_NAME[parts["name"].casefold()] if "name" in parts else int(parts["month"])
        day = int(parts["day"])
    try:
        return datetime.date(int(parts["year"]), month, day)
    except ValueError:  # it looks like a date, but there is no such day
        return None


@functools.cache  # when first asked: most runs look for no date
def _forms() -> tuple[Any, ...]:
    return tuple(regex.compile(form, regex.IGNORECASE) for form in _FORMS)
