"""How the value of an assertion key is written.

A form reads it into the fields of its kind, writes it from them, and describes it for editors.

Fields are those of the wire's object (`{"kind": "startsWith", ...}`), so that no kind is named here.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from vivavoce.domain.assertions.text import TextEntry
from vivavoce.formats.native.entries import read_entries, write_entries
from vivavoce.formats.native.node import Node

Fields = dict[str, Any]
Schema = dict[str, Any]

TEXT: Schema = {"type": ["string", "number", "boolean"]}  # a text may stand without quotes
TEXTS: Schema = {"anyOf": [TEXT, {"type": "array", "items": TEXT, "minItems": 1}]}
LIST: Schema = {"type": "array", "items": TEXT}

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|min)")
_UNITS_MS = {"ms": 1.0, "s": 1_000.0, "min": 60_000.0}
_DAYS = re.compile(r"(\d+(?:\.\d+)?)\s*days?")


@dataclass(frozen=True)
class Form:
    """`read` gives None after it has said what is wrong; `write` gives None where it has no words for it."""

    read: Callable[[Node], Fields | None]
    write: Callable[[Fields], Any]
    schema: Schema = field(default_factory=dict)


def texts(name: str, **fixed: Any) -> Form:
    """A text or a list of texts; `fixed` are the kind's other fields."""

    def read(node: Node) -> Fields | None:
        found = node.texts()
        return None if found is None else {name: found, **fixed}

    def write(fields: Fields) -> Any:
        found = fields.get(name)
        return found[0] if isinstance(found, list) and len(found) == 1 else found

    return Form(read, write, TEXTS)


def listed(name: str, **fixed: Any) -> Form:
    """A list of texts."""

    def read(node: Node) -> Fields | None:
        items = [item.text() for item in node.items("a list of texts")]
        return {name: items, **fixed} if isinstance(node.value, list) and None not in items else None

    return Form(read, lambda fields: fields.get(name), LIST)


def entries(name: str) -> Form:
    """Accepted texts with dynamic parts."""

    def read(node: Node) -> Fields | None:
        found = read_entries(node)
        return None if found is None else {name: msgspec.to_builtins(found)}

    def write(fields: Fields) -> Any:
        return write_entries(msgspec.convert(fields.get(name, ()), tuple[TextEntry, ...]))

    return Form(read, write, {"$ref": "#/definitions/texts"})


def one_of() -> Form:
    form = entries("entries")
    return Form(
        form.read,
        lambda fields: None,
        {"type": "array", "items": {"$ref": "#/definitions/text"}, "minItems": 1},
    )


def anything(name: str) -> Form:
    """Any JSON value."""
    return Form(lambda node: {name: node.json()}, lambda fields: fields.get(name))


def json_list(name: str) -> Form:
    """A list of any JSON values."""

    def read(node: Node) -> Fields | None:
        node.items()
        return {name: node.json()} if isinstance(node.value, list) else None

    return Form(read, lambda fields: fields.get(name), {"type": "array"})


def table(name: str) -> Form:
    """A mapping of texts to any JSON values."""

    def read(node: Node) -> Fields | None:
        if not node.mapping():
            return None
        if not node.value:
            node.problem("the mapping is empty: every reply would do")
        return {name: node.json()}

    return Form(read, lambda fields: fields.get(name), {"type": "object", "minProperties": 1})


def schema(name: str) -> Form:
    """A JSON Schema: a mapping, or a truth value."""

    def read(node: Node) -> Fields | None:
        if not isinstance(node.value, bool | dict):
            node.misfit("a JSON Schema: a mapping")
            return None
        return {name: node.json()}

    return Form(read, lambda fields: fields.get(name), {"type": ["object", "boolean"]})


def on() -> Form:
    """`true`, of a kind without fields."""

    def read(node: Node) -> Fields | None:
        flag = node.flag()
        if flag is False:
            node.problem(
                f"`{node.path[-1]}` takes true only" if node.path else "takes true only", "use `not`"
            )
        return {} if flag else None

    return Form(read, lambda fields: None if fields else True, {"const": True})


def number() -> Form:
    keys = ("near", "within", "decimal")

    def read(node: Node) -> Fields | None:
        if not isinstance(node.value, dict):
            near = node.number()
            return None if near is None else {"near": near}
        if not node.mapping(keys) or "near" not in node:
            node.problem("needs `near`, a number")
            return None
        fields: Fields = {"near": node.at("near").number()}
        if "within" in node:
            fields["within"] = node.at("within").number()
        if "decimal" in node:
            fields["decimal"] = _word(node.at("decimal"), (".", ","))
        return None if None in fields.values() else fields

    def write(fields: Fields) -> Any:
        near = short(fields.get("near"))
        within = short(fields.get("within", 0))
        if not within and fields.get("decimal", ".") == ".":
            return near
        return {
            key: value for key, value in (("near", near), ("within", within), *fields.items()) if value
        } | {"near": near}

    return Form(
        read,
        write,
        {
            "anyOf": [
                {"type": "number"},
                _object(
                    {
                        "near": {"type": "number"},
                        "within": {"type": "number", "minimum": 0},
                        "decimal": {"enum": [".", ","]},
                    },
                    "near",
                ),
            ]
        },
    )


def date() -> Form:
    def read(node: Node) -> Fields | None:
        if not isinstance(node.value, dict):
            near = node.text()
            return None if near is None else {"near": near}
        if not node.mapping(("near", "within")) or "near" not in node:
            node.problem("needs `near`, a date or today")
            return None
        fields: Fields = {"near": node.at("near").text()}
        if "within" in node:
            fields["withinDays"] = _days(node.at("within"))
        return None if None in fields.values() else fields

    def write(fields: Fields) -> Any:
        days = short(fields.get("withinDays", 0))
        if not days:
            return fields.get("near")
        return {"near": fields.get("near"), "within": f"{days} day{'' if days == 1 else 's'}"}

    within = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": _DAYS.pattern + "$"}]}
    return Form(read, write, {"anyOf": [TEXT, _object({"near": TEXT, "within": within}, "near")]})


def bounds(*, units: tuple[str, ...] = (), exact: bool = False) -> Form:
    """`{min, max}`, with `unit` where there are `units`; with `exact` also a number that is both."""
    keys = ("min", "max", *(("unit",) if units else ()))

    def read(node: Node) -> Fields | None:
        if exact and not isinstance(node.value, dict):
            count = node.whole()
            return None if count is None else {"min": count, "max": count}
        if not node.mapping(keys):
            return None
        fields: Fields = {key: node.at(key).whole() for key in ("min", "max") if key in node}
        if not fields:
            node.problem("needs `min` or `max`")
            return None
        if "unit" in node:
            fields["unit"] = _word(node.at("unit"), units)
        return None if None in fields.values() else fields

    def write(fields: Fields) -> Any:
        if exact and set(fields) == {"min", "max"} and fields["min"] == fields["max"]:
            return fields["min"]
        return dict(fields)

    properties: Schema = {"min": {"type": "integer", "minimum": 0}, "max": {"type": "integer", "minimum": 0}}
    if units:
        properties["unit"] = {"enum": list(units)}
    shape = _object(properties)
    return Form(read, write, {"anyOf": [{"type": "integer", "minimum": 0}, shape]} if exact else shape)


def similar() -> Form:
    def read(node: Node) -> Fields | None:
        if not isinstance(node.value, dict):
            text = node.text()
            return None if text is None else {"to": text}
        if not node.mapping(("to", "at_least")) or "to" not in node:
            node.problem("needs `to`, a text")
            return None
        fields: Fields = {"to": node.at("to").text()}
        if "at_least" in node:
            fields["atLeast"] = node.at("at_least").number()
        return None if None in fields.values() else fields

    def write(fields: Fields) -> Any:
        if "atLeast" not in fields:
            return fields.get("to")
        return {"to": fields.get("to"), "at_least": short(fields["atLeast"])}

    least = {"type": "number", "minimum": -1, "maximum": 1}
    return Form(read, write, {"anyOf": [TEXT, _object({"to": TEXT, "at_least": least}, "to")]})


def judge() -> Form:
    def read(node: Node) -> Fields | None:
        if not isinstance(node.value, dict):
            text = node.text()
            return None if text is None else {"criterion": text}
        if not node.mapping(("criterion", "votes", "agree")) or "criterion" not in node:
            node.problem("needs `criterion`, a text")
            return None
        fields: Fields = {"criterion": node.at("criterion").text()}
        if "votes" in node:
            fields["votes"] = node.at("votes").whole(1)
        if "agree" in node:
            fields["agree"] = node.at("agree").number()
        return None if None in fields.values() else fields

    def write(fields: Fields) -> Any:
        return fields.get("criterion") if set(fields) == {"criterion"} else _shortened(fields)

    shape = _object(
        {
            "criterion": TEXT,
            "votes": {"type": "integer", "minimum": 1},
            "agree": {"type": "number", "minimum": 0, "maximum": 1},
        },
        "criterion",
    )
    return Form(read, write, {"anyOf": [TEXT, shape]})


def entities() -> Form:
    def read(node: Node) -> Fields | None:
        if not node.mapping():
            return None
        if not node.value:
            node.problem("the mapping is empty: every reply would do")
            return None
        values = node.json() or {}
        return {
            "values": {name: value if isinstance(value, list) else [value] for name, value in values.items()}
        }

    def write(fields: Fields) -> Any:
        return {
            name: value[0] if len(value) == 1 and not isinstance(value[0], list) else value
            for name, value in fields.get("values", {}).items()
        }

    return Form(read, write, {"type": "object", "minProperties": 1})


def latency() -> Form:
    def read(node: Node) -> Fields | None:
        value = node.value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return {"maxMs": float(value) * 1_000}
        found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
        if found is None:
            node.misfit("a time", "such as 2 s or 800 ms; a number is seconds")
            return None
        return {"maxMs": float(found[1]) * _UNITS_MS[found[2]]}

    def write(fields: Fields) -> Any:
        ms = fields.get("maxMs", 0.0)
        seconds = short(ms / 1_000)
        return f"{seconds} s" if float(seconds) * 1_000 == ms and ms >= 1_000 else f"{short(ms)} ms"

    pattern = {"type": "string", "pattern": f"^{_DURATION.pattern}$"}
    return Form(read, write, {"anyOf": [{"type": "number", "exclusiveMinimum": 0}, pattern]})


def tokens() -> Form:
    keys = ("input", "output", "total")

    def read(node: Node) -> Fields | None:
        if not isinstance(node.value, dict):
            total = node.whole()
            return None if total is None else {"total": total}
        if not node.mapping(keys):
            return None
        fields: Fields = {key: node.at(key).whole() for key in keys if key in node}
        if not fields:
            node.problem("needs `input`, `output` or `total`")
            return None
        return None if None in fields.values() else fields

    def write(fields: Fields) -> Any:
        return fields["total"] if set(fields) == {"total"} else dict(fields)

    least = {"type": "integer", "minimum": 0}
    return Form(read, write, {"anyOf": [least, _object(dict.fromkeys(keys, least))]})


def upper_bound(name: str) -> Form:
    def read(node: Node) -> Fields | None:
        value = node.number()
        return None if value is None else {name: value}

    return Form(read, lambda fields: short(fields.get(name)), {"type": "number", "minimum": 0})


def tools() -> Form:
    lists = {"called": "called", "not_called": "notCalled", "order": "order"}

    def read(node: Node) -> Fields | None:
        if not node.mapping((*lists, "arguments")):
            return None
        fields: Fields = {}
        for key, name in lists.items():
            if key in node:
                fields[name] = node.at(key).texts()
        if "arguments" in node and node.at("arguments").mapping():
            fields["arguments"] = node.at("arguments").json()
        return None if None in fields.values() else fields

    def write(fields: Fields) -> Any:
        written = {key: fields[name] for key, name in lists.items() if name in fields}
        return written | ({"arguments": fields["arguments"]} if "arguments" in fields else {})

    return Form(
        read,
        write,
        _object({"called": TEXTS, "not_called": TEXTS, "order": LIST, "arguments": {"type": "object"}}),
    )


def short(value: Any) -> Any:
    """A number as people write it: 5, not 5.0."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value


def _shortened(fields: Fields) -> Fields:
    return {key: short(value) for key, value in fields.items()}


def _word(node: Node, words: tuple[str, ...]) -> str | None:
    if node.value in words:
        return str(node.value)
    node.misfit(f"one of {', '.join(words)}")
    return None


def _days(node: Node) -> float | None:
    if isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return float(node.value)
    found = _DAYS.fullmatch(node.value.strip()) if isinstance(node.value, str) else None
    if found is None:
        node.misfit("a number of days", "such as 1 day or 3 days")
        return None
    return float(found[1])


def _object(properties: Schema, *required: str) -> Schema:
    shape: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return shape | ({"required": list(required)} if required else {"minProperties": 1})
