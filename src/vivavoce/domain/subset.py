"""Whether a JSON value holds at least what another one says."""

from typing import Any

from vivavoce.domain.json_values import Difference, Path, difference

_DEPTH = 100


def lacking(wanted: Any, actual: Any, path: Path = ()) -> Difference | None:
    """The first place where `actual` lacks something of `wanted`, or None when it holds all of it.

    Objects may have further keys; lists may have further items anywhere, the wanted ones in their order. All
    else is strict JSON equality. As deep as `wanted` is.
    """
    if isinstance(wanted, dict) and isinstance(actual, dict):
        for key, inner in wanted.items():
            if key not in actual:
                return Difference((*path, key), inner, None, actual_present=False)
            found = lacking(inner, actual[key], (*path, key))
            if found is not None:
                return found
        return None
    if isinstance(wanted, list | tuple) and isinstance(actual, list | tuple):
        return _lacking_item(wanted, actual, path)
    found = difference(wanted, actual)
    return None if found is None else Difference(path, wanted, actual)


def nested_too_deeply(value: Any) -> bool:
    """Whether a wanted value is deeper than anybody writes, so that looking for it could not end well."""
    pending = [(value, 0)]
    while pending:
        inner, depth = pending.pop()
        if isinstance(inner, dict | list | tuple):
            if depth == _DEPTH:
                return True
            pending.extend(
                (each, depth + 1) for each in (inner.values() if isinstance(inner, dict) else inner)
            )
    return False


def _lacking_item(wanted: list[Any] | tuple[Any, ...], actual: Any, path: Path) -> Difference | None:
    """Each wanted item takes the first fitting one after its predecessor's."""
    at = 0
    for index, item in enumerate(wanted):
        fitting = next((i for i in range(at, len(actual)) if lacking(item, actual[i]) is None), None)
        if fitting is None:
            if len(wanted) == len(actual):  # most likely meant for the item at its own place
                return lacking(item, actual[index], (*path, index)) or Difference(
                    (*path, index), item, None, actual_present=False
                )
            return Difference((*path, index), item, None, actual_present=False)
        at = fitting + 1
    return None
