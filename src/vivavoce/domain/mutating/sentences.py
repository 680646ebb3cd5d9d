"""A dropped sentence."""

import re
from collections.abc import Iterator
from itertools import pairwise

from vivavoce.domain.assertions.wording import quote
from vivavoce.domain.mutating.base import Chance, Mutant, Surroundings, numbered, with_text
from vivavoce.domain.mutating.places import readable_places
from vivavoce.domain.output import Reply
from vivavoce.domain.verdict import StepResult

MOST = 3  # sentences of an output
_END = re.compile(r"(?<=[.!?…。！？])[\"'”’)]*\s+|\n+|(?<=[。！？])")


def sentences(result: StepResult, reply: Reply, around: Surroundings, chance: Chance) -> Iterator[Mutant]:
    for position, output in numbered(reply):
        found = [
            (text, start, end, put)
            for text, put in readable_places(output.text)
            if len(parts := _parts(text)) > 1
            for start, end in parts
        ]
        for text, start, end, put in chance.some(found, MOST, "sentence", position):
            changed = put((text[:start] + text[end:]).strip())
            change = f"the sentence {quote(text[start:end].strip())} is gone"
            yield Mutant("sentence", with_text(reply, position, changed), change, position)


def _parts(text: str) -> list[tuple[int, int]]:
    """Where the sentences stand, the white space after each in it."""
    edges = [0, *(match.end() for match in _END.finditer(text) if match.end() < len(text)), len(text)]
    spans = [(start, end) for start, end in pairwise(edges) if start < end]
    return [(start, end) for start, end in spans if any(char.isalnum() for char in text[start:end])]
