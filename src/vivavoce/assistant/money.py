"""Amounts of money in an utterance."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

import msgspec

from vivavoce.assistant import numerals

_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR"}
_CODES = ("USD", "EUR", "GBP", "JPY", "INR", "CHF", "CAD", "AUD")
_NAMES = {
    "dollar": "USD",
    "buck": "USD",
    "euro": "EUR",
    "pound": "GBP",
    "quid": "GBP",
    "yen": "JPY",
    "rupee": "INR",
    "franc": "CHF",
}
_SIGN = "[" + "".join(_SIGNS) + "]"
_ANY_SIGN = re.compile(_SIGN)
_CODE = "|".join(_CODES)
_NAME = "|".join(f"{name}s?" for name in _NAMES)
_FIGURES = rf"(?:{numerals.FIGURES})k?"
_SUM = re.compile(
    rf"(?P<sign>{_SIGN})\s?(?P<a>{_FIGURES})(?!\w)"
    rf"|\b(?P<code>{_CODE})\s?(?P<b>{_FIGURES})(?!\w)"
    rf"|(?<![\w.,])(?P<c>{_FIGURES}|{numerals.WORDS})\s?(?:(?P<sign2>{_SIGN})|(?P<name>{_CODE}|{_NAME})\b)",
    re.IGNORECASE,
)
_WORDS = frozenset((*map(str.lower, _CODES), *_NAMES, *(f"{name}s" for name in _NAMES)))


class Sum(msgspec.Struct, frozen=True):
    amount: int | float
    code: str  # ISO 4217
    start: int
    end: int


def may_hold(text: str, said: AbstractSet[str], digits: bool) -> bool:
    """A quick look: False when `find` would find nothing. `said` are the text's words in lower case."""
    if not _WORDS.isdisjoint(said) or _ANY_SIGN.search(text):
        return True
    lower = text.lower() if digits else ""
    return digits and any(word in lower for word in _WORDS)  # `50dollars` is one word


def find(text: str) -> Iterator[Sum]:
    """Every amount with its currency, in order: `$50`, `EUR 20`, `twenty pounds`, `1,200.50 USD`."""
    for found in _SUM.finditer(text):
        amount = numerals.value_of(found["a"] or found["b"] or found["c"])
        yield Sum(amount, _code(found), *found.span())


def _code(found: "re.Match[str]") -> str:
    if sign := found["sign"] or found["sign2"]:
        return _SIGNS[sign]
    name = (found["code"] or found["name"]).lower()
    return name.upper() if name.upper() in _CODES else _NAMES.get(name) or _NAMES[name.removesuffix("s")]
