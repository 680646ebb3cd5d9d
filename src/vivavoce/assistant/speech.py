"""Turns what a definition says into texts: placeholders filled, templates as compact JSON."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from vivavoce.assistant.conditions import look_up
from vivavoce.assistant.definition import Say
from vivavoce.assistant.entities import flatten

_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([A-Za-z_][\w-]*(?:\.[\w-]+)*)\}")


def placeholders(said: Any) -> Iterator[str]:
    """The paths that stand in the texts of a say, or of any JSON value."""
    if isinstance(said, str):
        yield from (found[1] for found in _PLACEHOLDER.finditer(said) if found[1])
    elif isinstance(said, Mapping):
        for part in said.values():
            yield from placeholders(part)
    elif isinstance(said, Sequence):
        for part in said:
            yield from placeholders(part)


def fill(said: Any, variables: Mapping[str, Any]) -> Any:
    """The same value with every placeholder replaced; an unknown variable is the empty text."""
    if isinstance(said, str):
        return (
            _PLACEHOLDER.sub(lambda found: _piece(found, variables), said)
            if "{" in said or "}" in said
            else said
        )
    if isinstance(said, Mapping):
        return {key: fill(part, variables) for key, part in said.items()}
    if isinstance(said, Sequence):
        return [fill(part, variables) for part in said]
    return said


def render(said: Say, variables: Mapping[str, Any]) -> str:
    """A text, or a template as a JSON string."""
    filled = fill(said, variables)
    if isinstance(filled, str):
        return filled
    return json.dumps(filled, ensure_ascii=False, separators=(",", ":"))


def _piece(found: "re.Match[str]", variables: Mapping[str, Any]) -> str:
    if found[1] is None:
        return found.group()[0]  # doubled braces stand for themselves
    value = look_up(variables, found[1])
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else flatten(value)
