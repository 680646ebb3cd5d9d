"""The NLU settings that a bot file tells of its bot: shown by the CSV report, and by nothing judged."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from vivavoce.domain.errors import Problem
from vivavoce.formats.bot_keys import THRESHOLDS

BETWEEN_ENGINES = " | "


def told_thresholds(settings: Mapping[str, Any]) -> dict[str, str]:
    """By their names in the report, of checked settings; those of several engines as `ML: 0.3 | KG: 0.8`."""
    stated: Mapping[str, Any] = (settings.get("nlu") or {}).get("thresholds") or {}
    found: dict[str, list[str]] = {}
    for name, value in stated.items():
        if isinstance(value, Mapping):
            for own, inner in value.items():
                found.setdefault(own, []).append(f"{name}: {_text(inner)}")
        else:
            found.setdefault(name, []).append(_text(value))
    return {name: BETWEEN_ENGINES.join(values) for name, values in found.items()}


def threshold_problems(stated: Any, place: str) -> Iterator[Problem]:
    """What is wrong with `thresholds`: names to values, or engines to such mappings."""
    if not isinstance(stated, Mapping):
        yield Problem("must be a mapping", place, "thresholds: {minThreshold: 0.3}")
        return
    for name, value in stated.items():
        if isinstance(value, Mapping):
            yield from _problems(value, f"{place}.{name}")
        else:
            yield from _problems({name: value}, place)


def _problems(stated: Mapping[str, Any], place: str) -> Iterator[Problem]:
    for name, value in stated.items():
        if name not in THRESHOLDS:
            close = get_close_matches(str(name), THRESHOLDS, n=1)
            hint = f"did you mean `{close[0]}`?" if close else f"there are {', '.join(THRESHOLDS)}"
            yield Problem(f"unknown threshold `{name}`", place, hint)
        elif isinstance(value, Mapping | list) or value is None:
            yield Problem("must be a number, a text, or true or false", f"{place}.{name}")


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
