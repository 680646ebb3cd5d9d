"""What a bot's answer tells besides its outputs: entities, tool calls, usage of a language model."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from vivavoce.connectors.jsonpath import Path
from vivavoce.domain.output import Fact, FoundEntity, ToolCall, Usage
from vivavoce.formats.bot_keys import USAGE_PATHS

FACTS: dict[Fact, tuple[str, ...]] = {
    "entities": ("entities",),
    "tools": ("tool_calls",),
    "usage": USAGE_PATHS,
}
"""Facts of an answer, and the paths one of which makes them readable."""


class AgentMapping:
    """Reads them by the JSONPaths of a `reply` section; what has no path is empty."""

    def __init__(self, paths: Mapping[str, Path]) -> None:
        self._paths = paths
        self._tells_usage = not paths.keys().isdisjoint(USAGE_PATHS)

    def read(self, answer: Any) -> dict[str, Any]:
        """The fields of a Reply. Raises JSONPathError, RecursionError."""
        return {
            "entities": tuple(self._entity(each) for each in self._items("entities", answer)),
            "tool_calls": tuple(self._call(each) for each in self._items("tool_calls", answer)),
            "usage": self._usage(answer) if self._tells_usage else None,
        }

    def _entity(self, found: Any) -> FoundEntity:
        return FoundEntity(_text(self._first("entity_name", found)), self._first("entity_value", found))

    def _call(self, found: Any) -> ToolCall:
        name = self._first("tool_name", found) if "tool_name" in self._paths else found
        return ToolCall(_text(name), _arguments(self._first("tool_arguments", found)))

    def _usage(self, answer: Any) -> Usage | None:
        taken, given, cost = (self._sum(name, answer) for name in USAGE_PATHS)
        if taken is None and given is None and cost is None:
            return None
        return Usage(None if taken is None else int(taken), None if given is None else int(given), cost)

    def _sum(self, name: str, answer: Any) -> float | None:
        """Several matches, one of each call of a model, add up; None: no number is among them."""
        numbers = [each for each in self._find(name, answer) if _is_number(each)]
        return sum(numbers) if numbers else None

    def _items(self, name: str, value: Any) -> Sequence[Any]:
        """All matches; a single one that is a list stands for its items."""
        found = self._find(name, value)
        if len(found) == 1 and isinstance(found[0], list):
            found = found[0]
        return [each for each in found if each is not None]

    def _first(self, name: str, value: Any) -> Any:
        return next(iter(self._find(name, value)), None)

    def _find(self, name: str, value: Any) -> Sequence[Any]:
        path = self._paths.get(name)
        return path.find(value) if path else ()


def _arguments(value: Any) -> Any:
    """Arguments as JSON; many platforms give them as a JSON text."""
    if not isinstance(value, str):
        return value
    try:
        return msgspec.json.decode(value)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return value


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else msgspec.json.encode(value).decode()


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
