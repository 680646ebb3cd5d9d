"""The context assertion: the session's variables after a step (testing-api.md 3.3, 8.8)."""

import re
from typing import Any

import msgspec

from vivavoce.domain.assertions.wording import show, show_difference
from vivavoce.domain.check import NOT_EVALUATED, Check
from vivavoce.domain.json_values import difference
from vivavoce.domain.output import Fact


class ContextEntry(msgspec.Struct, frozen=True):
    """A session variable that must equal a JSON value."""

    key: str
    value: Any


class ContextAssertion(msgspec.Struct, frozen=True, omit_defaults=True):
    """Every entry must hold."""

    enabled: bool = False
    contains: tuple[ContextEntry, ...] = ()


_INDEX = re.compile(r"\[(\d+)\]")


def check_context(
    assertion: ContextAssertion, context: dict[str, Any] | None, facts: frozenset[Fact]
) -> tuple[Check, tuple[str, ...]]:
    """How the assertion came out, and a warning when the connector cannot read the session's variables.

    Every entry must hold. A connector that can read them, and a reply that tells none: no entry holds.
    """
    entries = assertion.contains
    if not assertion.enabled or not entries:
        return (Check(entries=(None,) * len(entries)) if entries else NOT_EVALUATED), ()
    if context is None and "context" not in facts:
        warning = "the connector cannot read the session's context variables: not evaluated"
        return Check(entries=(None,) * len(entries)), (warning,)
    found = [_reason(entry, context or {}) for entry in entries]
    reasons = tuple(reason for reason in found if reason is not None)
    return Check(not reasons, tuple(reason is None for reason in found), reasons), ()


def look_up(context: dict[str, Any], key: str) -> Any:
    """The variable of that name: a flat key first, else a path (`BotUserSession.items[0].name`).

    Raises KeyError when there is none.
    """
    if key in context:
        return context[key]
    value: Any = context
    for part in _INDEX.sub(r".\1", key).split("."):
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list | tuple) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            raise KeyError(key)
    return value


def _reason(entry: ContextEntry, context: dict[str, Any]) -> str | None:
    try:
        actual = look_up(context, entry.key)
    except KeyError:
        return f"expected the context variable {entry.key} to be {show(entry.value)}, but it is not set"
    found = difference(entry.value, actual)
    if found is None:
        return None
    where = f"; {show_difference(found)}" if found.path else ""
    wanted = f"expected the context variable {entry.key} to be {show(entry.value)}"
    return f"{wanted}, but it is {show(actual)}{where}"
