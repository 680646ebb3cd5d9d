"""Secrets taken out of what is kept or shown: results, replies, questions."""

from typing import Any, TypeVar, cast

import msgspec
from msgspec.structs import replace

from vivavoce.domain.assertions.base import Finding
from vivavoce.domain.secrecy import Secrets
from vivavoce.domain.verdict import StepResult

T = TypeVar("T")


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
        for name in ("reply", "outputs", "error", "warnings", "findings", "values", "evidence")
        if (new := _masked(old := getattr(result, name), secrets)) is not old
    }
    return replace(result, **changed) if changed else result


def _masked(value: Any, secrets: Secrets) -> Any:
    if isinstance(value, msgspec.Struct):
        changed = {
            name: new
            for name in value.__struct_fields__
            if not (name == "kind" and isinstance(value, Finding))  # a word of ours
            and (new := _masked(old := getattr(value, name), secrets)) is not old
        }
        return replace(value, **changed) if changed else value
    if isinstance(value, tuple):
        items = tuple([_masked(item, secrets) for item in value])
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    return secrets.mask_json(value)
