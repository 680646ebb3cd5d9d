"""How the value of an assertion key is written.

A form reads it into the fields of its kind, writes it from them, and describes it for editors.

Fields are those of the wire's object (`{"kind": "startsWith", ...}`), so that no kind is named here.
"""

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
            fields["unit"] = word(node.at("unit"), units)
        return None if None in fields.values() else fields

    def write(fields: Fields) -> Any:
        if exact and set(fields) == {"min", "max"} and fields["min"] == fields["max"]:
            return fields["min"]
        return dict(fields)

    properties: Schema = {"min": {"type": "integer", "minimum": 0}, "max": {"type": "integer", "minimum": 0}}
    if units:
        properties["unit"] = {"enum": list(units)}
    shape = mapping_of(properties)
    return Form(read, write, {"anyOf": [{"type": "integer", "minimum": 0}, shape]} if exact else shape)


def upper_bound(name: str) -> Form:
    def read(node: Node) -> Fields | None:
        value = node.number()
        return None if value is None else {name: value}

    return Form(read, lambda fields: short(fields.get(name)), {"type": "number", "minimum": 0})


def short(value: Any) -> Any:
    """A number as people write it: 5, not 5.0."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value


def word(node: Node, words: tuple[str, ...]) -> str | None:
    if node.value in words:
        return str(node.value)
    node.misfit(f"one of {', '.join(words)}")
    return None


def mapping_of(properties: Schema, *required: str) -> Schema:
    shape: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return shape | ({"required": list(required)} if required else {"minProperties": 1})
