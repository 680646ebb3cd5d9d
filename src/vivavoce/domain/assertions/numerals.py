"""Numbers as they stand in texts: `1,234.50`, `1.234,50`, `-5 %`, `EUR 15`, `15€`, `($20)`.

The decimal mark is a point or a comma; thousands are grouped by the other one, by an apostrophe or by a
no-break space (an ordinary blank parts two numbers). The figures of all scripts are read.

A number stands by itself. Digits that are a part of something else are none: of a word or an id (`A15`,
`AB-15`, `#15`, `007`, `15th`), a date with a year (`2026-11-25`, `25 November 2026`), a time (`15:30`,
`3 pm`), a version (`1.2.3`), a fraction (`1/2`), a range or telephone number with hyphens (`555-1234`), a
web address, a tag's attribute or a character reference of HTML (`&#15;`), or a figure in the other notation
(`1,5` where the mark is a point). Directly after a number only `%`, a currency or a unit of measurement may
stand (`15€`, `15EUR`, `15kg`). Number words (`fifteen`) and multiples (`5k`, `5 million`) are not read as
their value.
"""

import html
import unicodedata
from decimal import Decimal
from typing import Literal

import regex

from vivavoce.domain.assertions.dates import places_of_dates

_CODES = "EUR|USD|GBP|CHF|JPY|INR|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|RON|BRL|MXN|CNY|TRY|ZAR|AED|SGD|HKD|KRW"
_UNITS = "km/h|mph|km|cm|mm|kg|mg|g|ml|l|kWh|kW|GB|MB|kB|TB|GiB|MiB|ms|min|h|s|px|pt|ct|zł|kr"
_BLANKS = r"\u00a0\u202f\u2009"  # that join
_RUN = regex.compile(rf"\d+(?:[.,:'’/{_BLANKS}-]\d+)*")
_FIGURE = {
    mark: regex.compile(
        rf"(?P<whole>\d{{1,3}}(?:(?P<by>[{other}'’{_BLANKS}])\d{{3}})(?:(?P=by)\d{{3}})*"
        rf"|\d{{1,2}}(?:{indian})+,\d{{3}}|\d+)(?:[{mark}](?P<part>\d+))?"
    )
    for mark, other, indian in ((".", ",", r",\d\d"), (",", ".", r"(?!)"))
}
_CURRENCY = rf"(?:(?:US|CA|A|R|HK)?\p{{Sc}}|(?<!\w)(?:{_CODES}|Rs\.?|Fr\.|kr\.?))"
_BEFORE = regex.compile(
    rf"(?:(?P<sign>[-+−–])?(?:{_CURRENCY}\s?)|(?:{_CURRENCY}\s?)?(?P<sign>[-+−–])|(?P<sign>))$", regex.REVERSE
)
_AFTER = regex.compile(rf"(?:{_CODES}|{_UNITS})?(?![\w\p{{No}}]|/\w|-[\p{{Lu}}\d])")
_LOOKED_BACK = 8  # characters: the longest sign and currency
_ALIKE = str.maketrans("．，＋－٫", ".,+-.") | str.maketrans({"٬": "'"})
_HIDDEN = regex.compile(r"<[a-z/!][^<>]{0,2000}>|(?:https?://|www\.)\S+|\S+@\S+", regex.IGNORECASE)
_CLOCK = regex.compile(r"(?<!\w)\d{1,2}(?:[:.]\d\d)?\s?(?:[ap]\.?m\b|uhr\b)", regex.IGNORECASE)


def numbers_in(text: str, decimal: Literal[".", ","] = ".") -> list[Decimal]:
    """All numbers of a text, in order."""
    bare = _bare(text)
    found = []
    for run in _RUN.finditer(bare):
        figure = _FIGURE[decimal].fullmatch(run[0])
        if figure is None or _AFTER.match(bare, run.end()) is None:
            continue
        whole, part, start = figure["whole"], figure["part"] or "", run.start()
        if not part and whole.isdigit() and _leads(bare, start, decimal):
            whole, part, start = "0", whole, start - 1
        sign = _sign(bare, start)
        if sign is None or (whole[0] == "0" and len(whole) > 1):
            continue
        found.append(Decimal(f"{sign}{_plain(whole)}.{_plain(part) or 0}"))
    return found


def _leads(text: str, start: int, mark: str) -> bool:
    """Whether a decimal mark stands before the figures, and nothing before it: `.5`."""
    return text[start - 1 : start] == mark and (start == 1 or text[start - 2] in " \t\n($€£+-−")


def _sign(text: str, start: int) -> Literal["", "-"] | None:
    """The sign of a number that begins here; None: no number does."""
    before = _BEFORE.search(text[max(0, start - _LOOKED_BACK) : start])
    assert before is not None, "it matches nothing at least"
    sign = before["sign"] or ""
    start -= len(before[0])
    previous = text[start - 1 : start]
    if sign == "–" and previous.isdigit():  # a range
        return ""
    if previous and (previous.isalnum() or previous in "_#/."):
        return None
    if previous == "," and not text[: start - 1][-1:].strip():  # `,5`: the other notation
        return None
    return "-" if sign in ("-", "−", "–") else ""


def _plain(figures: str) -> str:
    """The figures of whatever script as 0 to 9, without what groups them."""
    return "".join(str(unicodedata.digit(figure)) for figure in figures if figure.isdecimal())


def _bare(text: str) -> str:
    """The text with what holds digits but no numbers made illegible."""
    if "&" in text:
        text = html.unescape(text)
    text = unicodedata.normalize("NFC", _HIDDEN.sub(" ", text).translate(_ALIKE))
    for start, end, _ in places_of_dates(text):
        text = text[:start] + "x" * (end - start) + text[end:]
    return str(_CLOCK.sub(" x ", text))
