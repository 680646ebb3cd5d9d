"""A stale context value: a variable that the step set is what it was before the step."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from msgspec.structs import replace

from vivavoce.domain.assertions.wording import show
from vivavoce.domain.mutating.base import Chance, Mutant, Surroundings
from vivavoce.domain.output import Reply
from vivavoce.domain.verdict import StepResult

MOST = 3  # variables of a step
_SEEN_ENOUGH = 2  # steps, before a variable counts as one that every step changes
_Path = tuple[str, ...]
_NOTHING = object()


def stale_values(result: StepResult, reply: Reply, around: Surroundings, chance: Chance) -> Iterator[Mutant]:
    """A variable that stands at several places with the same value is stale at all of them."""
    before, after = around.context_before, reply.context
    if before is None or after is None:
        return
    variables: dict[tuple[str, str], list[_Path]] = {}
    for path in changed_paths(before, after):
        if path not in around.restless:
            new = show(_at(after, path))
            variables.setdefault((path[-1], new), []).append(path)
    for (_, new), paths in chance.some(list(variables.items()), MOST, "context"):
        stale = after
        for path in paths:
            stale = _with(stale, path, _at(before, path))
        old = _at(before, paths[0])
        was = "is not set" if old is _NOTHING else f"is still {show(old)}"
        yield Mutant("context", replace(reply, context=stale), f"{'.'.join(paths[0])} {was}, not {new}")


def restless(steps: Iterable[tuple[dict[str, Any], dict[str, Any]]]) -> frozenset[_Path]:
    """Variables that every step changes, such as a counter of turns or the time: nobody expects their values.

    `steps`: the variables before and after each.
    """
    count, changes = 0, Counter[_Path]()
    for before, after in steps:
        count += 1
        changes.update(changed_paths(before, after))
    return frozenset(path for path, often in changes.items() if often == count >= _SEEN_ENOUGH)


def changed_paths(before: dict[str, Any], after: dict[str, Any]) -> list[_Path]:
    """The variables that were set or changed; within objects that stand on both sides, each for itself."""
    found: list[_Path] = []
    pending: list[tuple[_Path, dict[str, Any], dict[str, Any]]] = [((), before, after)]
    while pending:
        path, old, new = pending.pop()
        for key, value in new.items():
            known = old.get(key, _NOTHING)
            if isinstance(known, dict) and isinstance(value, dict):
                pending.append(((*path, key), known, value))
            elif known is _NOTHING or not _same(known, value):
                found.append((*path, key))
    return sorted(found)


def _same(one: Any, other: Any) -> bool:
    return one == other and msgspec.json.encode(one) == msgspec.json.encode(other)


def _at(value: Any, path: _Path) -> Any:
    for key in path:
        value = value.get(key, _NOTHING) if isinstance(value, dict) else _NOTHING
    return value


def _with(value: dict[str, Any], path: _Path, other: Any) -> dict[str, Any]:
    """A copy with another value at a path that stands in it, or without it."""
    key, *rest = path
    if rest:
        return {**value, key: _with(value[key], tuple(rest), other)}
    left = {name: inner for name, inner in value.items() if name != key}
    return left if other is _NOTHING else {**left, key: other}
