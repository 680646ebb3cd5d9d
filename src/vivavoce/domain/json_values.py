"""JSON values compared as JSON: where two differ, and the plain paths that name a place in one.

Numbers are compared by value (1 equals 1.0), booleans only with booleans (1 does not equal true), objects
without regard to the order of their keys. Nothing here recurses, so that no reply can be too deep.
"""

import re
from collections.abc import Collection, Sequence
from typing import Any

import msgspec

Path = tuple[str | int, ...]
"""The keys and indexes that lead to a place; the empty path is the whole value."""

_SEGMENT = re.compile(
    r"""\.(?P<name>[^\W\d][\w-]*)
      | \[(?P<index>-?(?:0|[1-9]\d*))\]
      | \['(?P<single>(?:[^'\\]|\\.)*)'\]
      | \["(?P<double>(?:[^"\\]|\\.)*)"\]""",
    re.VERBOSE,
)
_PLAIN_NAME = re.compile(r"[^\W\d]\w*")
_NUMBERS = (int, float)


class Difference(msgspec.Struct, frozen=True):
    """The first place where two values differ; a side that has nothing there is None and not `present`."""

    path: Path
    expected: Any
    actual: Any
    expected_present: bool = True
    actual_present: bool = True


def difference(expected: Any, actual: Any, ignored: Collection[Path] = ()) -> Difference | None:
    """The first difference in order of appearance, or None.

    `ignored`: paths at which any value is accepted; something must stand there all the same.
    """
    pending: list[tuple[Path, Any, Any]] = [((), expected, actual)]
    while pending:
        path, left, right = pending.pop()
        if path in ignored:
            continue
        if isinstance(left, dict) and isinstance(right, dict):
            for key in left:
                if key not in right:
                    return Difference((*path, key), left[key], None, actual_present=False)
            for key in right:
                if key not in left:
                    return Difference((*path, key), None, right[key], expected_present=False)
            pending.extend(((*path, key), left[key], right[key]) for key in reversed(left))
        elif isinstance(left, list | tuple) and isinstance(right, list | tuple):
            shared = min(len(left), len(right))
            if len(left) > shared:
                return Difference((*path, shared), left[shared], None, actual_present=False)
            if len(right) > shared:
                return Difference((*path, shared), None, right[shared], expected_present=False)
            pending.extend(((*path, i), left[i], right[i]) for i in range(shared - 1, -1, -1))
        elif not _same_scalar(left, right):
            return Difference(path, left, right)
    return None


def same(expected: Any, actual: Any) -> bool:
    """Strict JSON equality."""
    return difference(expected, actual) is None


def _same_scalar(left: Any, right: Any) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, _NUMBERS) and isinstance(right, _NUMBERS):
        return left == right
    return type(left) is type(right) and not isinstance(left, dict | list | tuple) and bool(left == right)


def parse_path(path: str) -> Path | None:
    """The keys and indexes of a plain singular JSONPath (`$.a.b[0]['c']`); None for any other text."""
    if not path.startswith("$"):
        return None
    at, keys = 1, list[str | int]()
    while at < len(path):
        segment = _SEGMENT.match(path, at)
        if segment is None:
            return None
        at = segment.end()
        if segment["name"] is not None:
            keys.append(segment["name"])
        elif segment["index"] is not None:
            keys.append(int(segment["index"]))
        else:
            quoted = segment["single"] if segment["single"] is not None else segment["double"]
            keys.append(re.sub(r"\\(.)", r"\1", quoted))
    return tuple(keys)


def locate(value: Any, path: Path) -> Path | None:
    """The path with every index counted from the start; None when it leads nowhere in the value."""
    found: list[str | int] = []
    for key in path:
        if isinstance(key, str) and isinstance(value, dict) and key in value:
            found.append(key)
        elif isinstance(key, int) and isinstance(value, list | tuple) and -len(value) <= key < len(value):
            found.append(key % len(value))
        else:
            return None
        value = value[key]
    return tuple(found)


def show_path(path: Sequence[str | int]) -> str:
    """The path as a JSONPath."""
    shown = ["$"]
    for key in path:
        if isinstance(key, int):
            shown.append(f"[{key}]")
        elif _PLAIN_NAME.fullmatch(key):
            shown.append(f".{key}")
        else:
            escaped = key.replace("\\", "\\\\").replace("'", "\\'")
            shown.append(f"['{escaped}']")
    return "".join(shown)
