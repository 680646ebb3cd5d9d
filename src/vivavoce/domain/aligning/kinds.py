"""Of which kind the values are that were seen at one place.

Narrower than what a dynamic part of a kind accepts: `Room 12` may be a date there, and is none here.
"""

from collections.abc import Sequence

import regex

from vivavoce.domain.assertions.value_kinds import is_a

_CURRENCY = r"(?:[$€£¥₹]|[A-Z]{3})"
_FIGURE = r"[-+−]?\d+(?:[.,'’\u00a0\u202f]\d+)*"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"

_KINDS = {
    "date": regex.compile(
        rf"\d{{4}}-\d{{1,2}}-\d{{1,2}}|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}"
        rf"|{_DAY}\.? {_MONTH}\.?,?(?: \d{{4}})?|{_MONTH}\.? {_DAY},?(?: \d{{4}})?",
        regex.IGNORECASE,
    ),
    "time": regex.compile(
        r"\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]\.?m\.?)?|\d{1,2}\s?[ap]\.?m\.?", regex.IGNORECASE
    ),
    "amount": regex.compile(rf"{_CURRENCY}\s?{_FIGURE}|{_FIGURE}\s?{_CURRENCY}"),
    "number": regex.compile(rf"{_FIGURE}\s?%?"),
    "id": regex.compile(r"#?(?=[\w-]*\d)[\w-]{4,}"),
    "name": regex.compile(r"\p{Lu}[\p{L}\p{M}'’-]*(?: (?:\p{Lu}[\p{L}\p{M}'’.-]*|de|van|von|der|la))*"),
}


def kind_of(values: Sequence[str]) -> str:
    """The first kind that all values are of; empty: none."""
    for kind, pattern in _KINDS.items():
        if all(pattern.fullmatch(value) and is_a(kind, value) for value in values):
            return kind
    return ""
