"""A missing button: an item with a title is gone from a list of a template."""

from collections.abc import Iterator
from typing import Any

from vivavoce.domain.assertions.wording import quote
from vivavoce.domain.mutating.base import Chance, Mutant, Surroundings, numbered, with_text
from vivavoce.domain.mutating.places import DROPPED, replaced
from vivavoce.domain.output import Reply
from vivavoce.domain.template import encode, parse_template
from vivavoce.domain.verdict import StepResult

MOST = 3  # of an output
_TITLES = ("title", "label", "text")


def missing_buttons(
    result: StepResult, reply: Reply, around: Surroundings, chance: Chance
) -> Iterator[Mutant]:
    for position, output in numbered(reply):
        template = parse_template(output.text)
        if template is None:
            continue
        for path, title in chance.some(_buttons(template), MOST, "button", position):
            changed = encode(replaced(template, path, DROPPED))
            yield Mutant(
                "button", with_text(reply, position, changed), f"the button {quote(title)} is gone", position
            )


def _buttons(template: Any) -> list[tuple[tuple[str | int, ...], str]]:
    found: list[tuple[tuple[str | int, ...], str]] = []
    pending: list[tuple[tuple[str | int, ...], Any]] = [((), template)]
    while pending:
        path, value = pending.pop()
        if isinstance(value, dict):
            title = next((value[key] for key in _TITLES if isinstance(value.get(key), str)), None)
            if title and path and isinstance(path[-1], int):
                found.append((path, title))
            pending.extend(((*path, key), value[key]) for key in reversed(value))
        elif isinstance(value, list):
            pending.extend(((*path, at), value[at]) for at in reversed(range(len(value))))
    return found
