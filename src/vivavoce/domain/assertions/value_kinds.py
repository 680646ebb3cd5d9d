"""Kinds of values that stand in the dynamic parts of texts, and what a value of each looks like.

They are broad, as the value is not known: any figure is a number, any capitalised words are a name.
"""

from typing import Literal, get_args

import regex

ValueKind = Literal["number", "amount", "date", "time", "id", "name"]
VALUE_KINDS: tuple[ValueKind, ...] = get_args(ValueKind)

LONGEST = 200
"""Characters of a value of a kind."""

_FIGURE = r"[-+−]?\s?\d+(?:[.,'’\u00a0\u202f\u2009]\d+|[ ]\d{3}(?!\d))*"
_CURRENCY = r"(?:[-+−]?\s?(?:\p{Sc}|[A-Z]{3}|US\$|R\$|kr\.?|zł|Rs\.?|Fr\.))"
_DAY = r"\d{1,2}(?:st|nd|rd|th|er|\.|º|°)?"
_MONTH = r"\p{L}{3,10}\.?"
_OF = r"(?:of |de |del |d[’'])?"

_PATTERNS: dict[str, regex.Pattern[str]] = {
    "number": regex.compile(rf"{_FIGURE}\s?[%‰]?"),
    "amount": regex.compile(rf"{_CURRENCY}?\s?{_FIGURE}|{_FIGURE}\s?(?:{_CURRENCY}|\p{{L}}{{3,10}})"),
    "date": regex.compile(
        rf"\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/.]\s?\d{{1,2}}[-/.]\s?(?:\d{{4}}|\d{{2}})"
        rf"|(?:\p{{L}}+,? )?(?:{_DAY} {_OF}{_MONTH}(?:,? {_OF}\d{{4}})?|{_MONTH} {_DAY}(?:,? \d{{4}})?)"
        rf"|\d{{4}}年\d{{1,2}}月\d{{1,2}}日"
    ),
    "time": regex.compile(
        r"\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?:\s?(?:[ap]\.?m\.?|uhr|h))?|\d{1,2}\s?(?:[ap]\.?m\.?|uhr|h)",
        regex.IGNORECASE,
    ),
    "id": regex.compile(r"#?(?:(?=[\w./:-]*\d)[\w./:-]*[\w-]|\p{Lu}{4,})"),
    "name": regex.compile(
        r"[\p{Lu}\p{Lt}\p{Lo}][\p{L}\p{M}'’.-]*"
        r"(?: (?:[\p{Lu}\p{Lt}\p{Lo}][\p{L}\p{M}'’.-]*"
        r"|(?:de|del|della|van|von|der|den|da|do|dos|la|le|di|bin|y)\b))*"
    ),
}


def is_a(kind: str, value: str) -> bool:
    """Whether a text is a value of the kind; every text is one of no kind."""
    if not kind:
        return True
    pattern = _PATTERNS.get(kind)
    return pattern is not None and len(value) <= LONGEST and pattern.fullmatch(value) is not None
