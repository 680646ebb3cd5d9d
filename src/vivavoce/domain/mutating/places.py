"""The texts of an output that a person reads, each with the way to put another in its place."""

from collections.abc import Callable
from typing import Any

from vivavoce.domain.template import encode, parse_template

_SHOWN = frozenset({"text", "title", "label", "subtitle"})

Put = Callable[[str], str]
"""The whole output's text with another one at the place."""


def readable_places(text: str) -> list[tuple[str, Put]]:
    """The text itself, or the readable texts of a template in order of appearance."""
    template = parse_template(text)
    if template is None:
        return [(text, lambda other: other)]
    return [(value, _put(template, path)) for path, value in _leaves(template)]


def replaced(value: Any, path: tuple[str | int, ...], other: Any) -> Any:
    """A copy of a JSON value with another one at a path; an `other` of `DROPPED` takes the item out."""
    if not path:
        return other
    key, *rest = path
    if isinstance(value, dict):
        return {
            name: replaced(inner, tuple(rest), other) if name == key else inner
            for name, inner in value.items()
        }
    if not rest and other is DROPPED:
        return [inner for at, inner in enumerate(value) if at != key]
    return [replaced(inner, tuple(rest), other) if at == key else inner for at, inner in enumerate(value)]


DROPPED = object()


def _put(template: Any, path: tuple[str | int, ...]) -> Put:
    return lambda other: encode(replaced(template, path, other))


def _leaves(template: Any) -> list[tuple[tuple[str | int, ...], str]]:
    found: list[tuple[tuple[str | int, ...], str]] = []
    pending: list[tuple[tuple[str | int, ...], Any]] = [((), template)]
    while pending:
        path, value = pending.pop()
        if isinstance(value, dict):
            pending.extend(((*path, key), value[key]) for key in reversed(value))
        elif isinstance(value, list):
            pending.extend(((*path, at), value[at]) for at in reversed(range(len(value))))
        elif isinstance(value, str) and value and path and path[-1] in _SHOWN:
            found.append((path, value))
    return found
