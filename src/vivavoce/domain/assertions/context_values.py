"""`context`, `context_present`, `context_absent`: what the session remembers after the step."""

from collections.abc import Iterable, Sequence
from typing import Any

from vivavoce.domain.assertions.base import Assertion, Outcome, Seen
from vivavoce.domain.assertions.context import look_up
from vivavoce.domain.assertions.facts import NO_CONTEXT, unread
from vivavoce.domain.assertions.wording import every, show, show_difference
from vivavoce.domain.json_values import difference


class ContextEquals(Assertion, frozen=True, kw_only=True, tag="contextEquals"):
    """Each of these variables equals its value strictly as JSON; keys may be paths (`items[0].name`)."""

    values: dict[str, Any]

    def problems(self) -> list[str]:
        return _problems(self.values)

    def look(self, seen: Seen) -> Outcome:
        if (unknown := _unknown(seen)) is not None:
            return unknown
        wanted = every([f"{key} to be {show(value)}" for key, value in self.values.items()] or ["?"])
        found = [_state(seen, key, value) for key, value in self.values.items()]
        wrong = [state for held, state in found if not held]
        actual = every(wrong or [state for _, state in found] or ["nothing is known"])
        return Outcome(bool(found) and not wrong, f"the context variable {wanted}", actual)


class ContextPresent(Assertion, frozen=True, kw_only=True, tag="contextPresent"):
    """Each of these variables is set; null counts as set."""

    keys: tuple[str, ...]

    def problems(self) -> list[str]:
        return _problems(self.keys)

    def look(self, seen: Seen) -> Outcome:
        if (unknown := _unknown(seen)) is not None:
            return unknown
        missing = [key for key in self.keys if not _has(seen, key)]
        actual = f"{_are(missing)} not set" if missing else f"{_are(self.keys)} set"
        return Outcome(not missing, f"the context {_variables(self.keys)} to be set", actual)


class ContextAbsent(Assertion, frozen=True, kw_only=True, tag="contextAbsent"):
    """None of these variables is set; null counts as set."""

    keys: tuple[str, ...]

    def problems(self) -> list[str]:
        return _problems(self.keys)

    def look(self, seen: Seen) -> Outcome:
        if (unknown := _unknown(seen)) is not None:
            return unknown
        there = [key for key in self.keys if _has(seen, key)]
        context = seen.reply.context or {}
        shown = every([f"{key} is {show(look_up(context, key))}" for key in there] or ["nothing is set"])
        actual = shown if there else f"{_are(self.keys)} not set"
        return Outcome(not there, f"the context {_variables(self.keys)} not to be set", actual)


def _unknown(seen: Seen) -> Outcome | None:
    """Why nobody knows what is set; the contract's context assertion takes it that nothing is."""
    if seen.reply.context is not None:
        return None
    return Outcome(None, actual=NO_CONTEXT) if "context" in seen.facts else unread("context")


def _state(seen: Seen, key: str, value: Any) -> tuple[bool, str]:
    try:
        actual = look_up(seen.reply.context or {}, key)
    except KeyError:
        return False, f"{key} is not set"
    found = difference(value, actual)
    where = f" ({show_difference(found)})" if found is not None and found.path else ""
    return found is None, f"{key} is {show(actual)}{where}"


def _has(seen: Seen, key: str) -> bool:
    try:
        look_up(seen.reply.context or {}, key)
    except KeyError:
        return False
    return True


def _problems(keys: Iterable[str]) -> list[str]:
    keys = list(keys)
    if not keys:
        return ["no key is given: every reply would match"]
    return ["an empty key names no variable"] if "" in keys else []


def _variables(keys: Sequence[str]) -> str:
    return f"{'variable' if len(keys) == 1 else 'variables'} {every(keys or ['?'])}"


def _are(keys: Sequence[str]) -> str:
    return f"{every(keys or ['?'])} {'is' if len(keys) == 1 else 'are'}"
