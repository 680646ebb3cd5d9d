"""Numbers as they stand in texts: `1,234.50`, `1.234,50`, `-5 %`, `EUR 15`, `15€`.

A number stands by itself. Digits that are a part of something else are none: of a word or an id (`A15`,
`AB-15`, `#15`, `007`), a date (`2026-11-25`, `25 November 2026`), a time (`15:30`), a version (`1.2.3`), a
fraction (`1/2`), a range or telephone number with hyphens (`555-1234`), an address (`https://…/15`), or a
figure in the other notation (`1,5` where the decimal mark is a point).
"""

from decimal import Decimal
from typing import Literal

import regex

_NUMBERS = {
    mark: regex.compile(
        rf"(?<![\w.,:/#-])(?P<sign>[-+−])?(?P<whole>\d{{1,3}}(?:[{other}'’\u00a0\u202f]\d{{3}})+|\d+)"
        rf"(?:[{mark}](?P<part>\d+))?(?![\w/]|[.,:'’-]\d)"
    )
    for mark, other in ((".", ","), (",", "."))
}


def numbers_in(text: str, decimal: Literal[".", ","] = ".") -> list[Decimal]:
    """All numbers of a text, in order."""
    found = []
    for match in _NUMBERS[decimal].finditer(text):
        whole = "".join(character for character in match["whole"] if character.isdigit())
        number = Decimal(f"{whole}.{match['part'] or 0}")
        found.append(-number if match["sign"] in ("-", "−") else number)
    return found
