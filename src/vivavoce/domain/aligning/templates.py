"""Templates that have the same shape: what varies in them is named by its JSONPath."""

from collections.abc import Sequence
from typing import Any

from vivavoce.domain.assertions.text import TextEntry
from vivavoce.domain.json_values import Path, parse_path, same, show_path
from vivavoce.domain.template import parse_template


def common_template(texts: Sequence[str]) -> TextEntry | None:
    """The first template with all that varies in the others dynamic. None where one is no template, or where
    less than half of it would be left."""
    templates = [parse_template(text) for text in texts]
    if any(template is None for template in templates):
        return None
    base = templates[0]
    varying: dict[Path, None] = {}
    for other in templates[1:]:
        varying.update(dict.fromkeys(_differences(base, other)))
    paths = [path for path in varying if not any(path[:size] in varying for size in range(len(path)))]
    left = sum(1 for path in _leaves(base) if not any(path[: len(one)] == one for one in paths))
    if () in varying or left * 2 < sum(1 for _ in _leaves(base)):
        return None
    shown = [show_path(path) for path in paths]
    if any(parse_path(path) is None for path in shown):
        return None
    return TextEntry(texts[0], dynamic_paths=tuple(shown))


def _differences(left: Any, right: Any) -> list[Path]:
    """The paths below which two values differ, as deep as their shapes agree."""
    found: list[Path] = []
    pending: list[tuple[Path, Any, Any]] = [((), left, right)]
    while pending:
        path, one, other = pending.pop()
        if same(one, other):
            continue
        if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
            pending.extend(((*path, key), one[key], other[key]) for key in reversed(one))
        elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
            pending.extend(((*path, i), one[i], other[i]) for i in reversed(range(len(one))))
        else:
            found.append(path)
    return found


def _leaves(value: Any) -> list[Path]:
    """The paths of all values that hold no others."""
    found: list[Path] = []
    pending: list[tuple[Path, Any]] = [((), value)]
    while pending:
        path, one = pending.pop()
        if isinstance(one, dict) and one:
            pending.extend(((*path, key), inner) for key, inner in one.items())
        elif isinstance(one, list) and one:
            pending.extend(((*path, i), inner) for i, inner in enumerate(one))
        else:
            found.append(path)
    return found
