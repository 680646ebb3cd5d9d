"""The small grammars inside a batch suite's cells, the same in CSV and JSON (testing-api.md 4.1, 8.18)."""

import functools
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

T = TypeVar("T")

UTTERANCE_LIMIT = 3_000  # characters
CASE_LIMIT = 1_000_000

# ` | ` between intents; a `||` beside it belongs to something else.
_BETWEEN_INTENTS = re.compile(r"(?<!\|)\s\|\s(?!\|)")
_BETWEEN_PARENTS = re.compile(r"\|\||>>")
_TRAIT_PREFIX = re.compile(r"\s*trait\s*:", re.IGNORECASE)

_REMEMBERED = 4_096  # cells of a kind: few different ones stand in a million rows
_LONGEST_REMEMBERED = 500  # characters


def _remembered(read: Callable[[str], T]) -> Callable[[str], T]:
    """What reads a cell, with a memory that stays small in a process that reads files for months."""
    known = functools.lru_cache(_REMEMBERED)(read)

    @functools.wraps(read)
    def of(cell: str) -> T:
        return known(cell) if len(cell) <= _LONGEST_REMEMBERED else read(cell)

    return of


class Expected(NamedTuple):
    """What an intent cell expects."""

    intents: tuple[str, ...]
    traits: tuple[str, ...]


@_remembered
def expected_of(cell: str) -> Expected:
    """`A | B` intents, `trait: T1||T2` traits; empty or `None` expects no intent."""
    intents: list[str] = []
    traits: list[str] = []
    for part in _BETWEEN_INTENTS.split(cell):
        prefix = _TRAIT_PREFIX.match(part)
        if prefix and (named := _stripped(part[prefix.end() :].split("||"))):
            traits.extend(named)
        else:  # also `trait:` without a name: as nothing expected it would pass where nothing is understood
            intents.extend(_stripped([part]))
    # Only alone does `None` say that no intent is expected.
    if len(intents) == 1 and intents[0].lower() == "none":
        intents = []
    return Expected(tuple(intents), tuple(traits))


def intent_cell(intents: Sequence[str], traits: Sequence[str]) -> str:
    """The inverse of `expected_of`."""
    parts = list(intents)
    if traits:
        parts.append("trait: " + "||".join(traits))
    return " | ".join(parts)


@_remembered
def parents_of(cell: str) -> tuple[str, ...]:
    """`outer||inner` (also `outer>>inner`)."""
    return tuple(_stripped(_BETWEEN_PARENTS.split(cell)))


@_remembered
def order_of(cell: str) -> tuple[str, ...]:
    """`a>b>c`."""
    return tuple(_stripped(cell.split(">")))


@_remembered
def bots_of(cell: str) -> tuple[str, ...]:
    """`A|B`."""
    return tuple(_stripped(cell.split("|")))


def utterance_problem(utterance: str) -> str:
    """Why an utterance is refused, or the empty text."""
    if len(utterance) > UTTERANCE_LIMIT:
        return f"the utterance has {len(utterance):,} characters; at most {UTTERANCE_LIMIT:,} are allowed"
    return ""


def _stripped(parts: Sequence[str]) -> list[str]:
    return [part.strip() for part in parts if part.strip()]
