"""A number changed: its first digit becomes another one, so that no tolerance takes it for the same."""

import re
from collections.abc import Iterator

from vivavoce.domain.assertions.wording import quote
from vivavoce.domain.mutating.base import Chance, Mutant, Surroundings, numbered, with_text
from vivavoce.domain.mutating.places import readable_places
from vivavoce.domain.output import Reply
from vivavoce.domain.verdict import StepResult

MOST = 3  # numbers of an output
_NUMBER = re.compile(r"(?<![^\W_])\d+")  # also within dates, times and amounts, not within words


def numbers(result: StepResult, reply: Reply, around: Surroundings, chance: Chance) -> Iterator[Mutant]:
    for position, output in numbered(reply):
        found = [
            (text, match, put)
            for text, put in readable_places(output.text)
            for match in _NUMBER.finditer(text)
        ]
        for text, match, put in chance.some(found, MOST, "number", position):
            digits = match[0]
            first = 1 + (int(digits[0]) + chance.number(8, "digit", position, match.start())) % 9
            other = f"{first}{digits[1:]}"
            if other == digits:
                other = f"{first % 9 + 1}{digits[1:]}"
            changed = put(text[: match.start()] + other + text[match.end() :])
            place = _around(text, match.start(), match.end())
            yield Mutant(
                "number", with_text(reply, position, changed), f"{digits} became {other} in {place}", position
            )


def _around(text: str, start: int, end: int) -> str:
    return quote(text[max(0, start - 30) : end + 30])
