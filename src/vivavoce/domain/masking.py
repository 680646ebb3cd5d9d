"""Secrets taken out of what is kept or shown: results, replies, questions."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import msgspec
from msgspec.structs import replace

from vivavoce.domain.assertions.base import Finding
from vivavoce.domain.secrecy import Secrets
from vivavoce.domain.verdict import StepResult

T = TypeVar("T")
_Mask = Callable[[Any, Secrets], Any]

_KEPT = ("reply", "values", "evidence")  # of a result: what came from the bot, whole
_WORDED = ("outputs", "error", "warnings", "findings")  # what we say of it


def masked(value: T, secrets: Secrets) -> T:
    """A struct (or a tuple of them, or a JSON value) without any secret in its texts; the same object where
    none is in it."""
    return cast(T, _masked(value, secrets)) if secrets else value


def masked_result(result: StepResult, secrets: Secrets) -> StepResult:
    """A result as it may be kept. Its step is not looked at: what was said there keeps its `${NAME}`."""
    if not secrets:
        return result
    changed = {
        name: new
        for names, mask in ((_KEPT, _masked), (_WORDED, _reworded))
        for name in names
        if (new := mask(old := getattr(result, name), secrets)) is not old
    }
    return replace(result, **changed) if changed else result


def _reworded(value: Any, secrets: Secrets) -> Any:
    """What our reasons say, whose texts may be cut within a secret."""
    if isinstance(value, str):
        return new if (new := secrets.mask_worded(value)) != value else value
    return _masked(value, secrets, _reworded)


def _masked(value: Any, secrets: Secrets, deeper: _Mask | None = None) -> Any:
    deeper = deeper or _masked
    if isinstance(value, msgspec.Struct):
        changed = {
            name: new
            for name in value.__struct_fields__
            if not (name == "kind" and isinstance(value, Finding))  # a word of ours
            and (new := deeper(old := getattr(value, name), secrets)) is not old
        }
        return replace(value, **changed) if changed else value
    if isinstance(value, tuple):
        items = tuple([deeper(item, secrets) for item in value])
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    return secrets.mask_json(value)
