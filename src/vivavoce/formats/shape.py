"""Compares a decoded value with a msgspec type and finds everything that does not fit.

msgspec stops at the first misfit and says little about it; this walk is slow and complete, and so is only
taken after msgspec refused.
"""

import functools
from typing import Any

import msgspec
from msgspec import inspect

from vivavoce.formats.json_text import unsound
from vivavoce.formats.places import Findings, Path, closest

_KINDS: dict[type, str] = {
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    type(None): "null",
    list: "a list",
    dict: "an object",
}


def fit(value: Any, type_: Any, path: Path, findings: Findings) -> Any:
    """`value` without the unknown keys of its objects; misfits become problems in `findings`.

    Unknown keys become what `findings.unknown_key` makes of them. Fields of type Raw are known keys that
    nobody reads; they are dropped in silence.
    """
    return _fit(value, _info(type_), path, findings)


def kind_name(value: Any) -> str:
    """What a decoded value is, for people."""
    return _KINDS.get(type(value), type(value).__name__)


@functools.cache
def _info(type_: Any) -> inspect.Type:
    return inspect.type_info(type_)


def _fit(value: Any, info: inspect.Type, path: Path, findings: Findings) -> Any:
    if isinstance(info, inspect.UnionType):
        return _fit_union(value, info, path, findings)
    if isinstance(info, inspect.StructType) and isinstance(value, dict):
        return _fit_struct(value, info, path, findings)
    if isinstance(info, inspect.ListType) and isinstance(value, list):
        return [_fit(item, info.item_type, (*path, i), findings) for i, item in enumerate(value)]
    if not _matches(value, info):
        findings.problem(path, f"expected {_expected(info)}, got {kind_name(value)}")
    elif not isinstance(info, inspect.RawType) and (reason := unsound(value)):
        findings.problem(path, reason)
    return value


def _fit_union(value: Any, info: inspect.UnionType, path: Path, findings: Findings) -> Any:
    for member in info.types:
        if _matches(value, member):
            return _fit(value, member, path, findings)
    expected = " or ".join(
        _expected(member) for member in info.types if not isinstance(member, inspect.NoneType)
    )
    findings.problem(path, f"expected {expected}, got {kind_name(value)}")
    return value


def _fit_struct(value: dict[str, Any], info: inspect.StructType, path: Path, findings: Findings) -> Any:
    fields = {field.encode_name: field for field in info.fields}
    kept: dict[str, Any] = {}
    typos: dict[str, str] = {}
    for key, item in value.items():
        if key in fields and isinstance(fields[key].type, inspect.RawType):
            continue
        if key in fields:
            kept[key] = _fit(item, fields[key].type, (*path, key), findings)
            continue
        typos[closest(key, fields)] = key
        findings.unknown_key((*path, key), fields)
    for name, field in fields.items():
        if field.required and name not in value:
            typo = typos.get(name)
            findings.problem(path, f"`{name}` is missing", f"is `{typo}` meant to be it?" if typo else "")
    return kept


def _matches(value: Any, info: inspect.Type) -> bool:
    """Whether the value's own kind fits, whatever lies below it."""
    match info:
        case inspect.AnyType() | inspect.RawType():
            return True
        case inspect.StrType():
            return isinstance(value, str)
        case inspect.BoolType():
            return isinstance(value, bool)
        case inspect.IntType():
            return isinstance(value, int) and not isinstance(value, bool)
        case inspect.FloatType():
            return isinstance(value, int | float) and not isinstance(value, bool)
        case inspect.NoneType():
            return value is None
        case inspect.ListType():
            return isinstance(value, list)
        case inspect.StructType() | inspect.DictType():
            return isinstance(value, dict)
        case inspect.UnionType():
            return any(_matches(value, member) for member in info.types)
    return isinstance(value, msgspec.UnsetType)


def _expected(info: inspect.Type) -> str:
    match info:
        case inspect.StrType():
            return _KINDS[str]
        case inspect.BoolType():
            return _KINDS[bool]
        case inspect.IntType():
            return _KINDS[int]
        case inspect.FloatType():
            return _KINDS[float]
        case inspect.ListType():
            return _KINDS[list]
        case inspect.StructType() | inspect.DictType():
            return _KINDS[dict]
    return "another type"
