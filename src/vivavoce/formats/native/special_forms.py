"""Forms of single kinds, each with words of its own: `2 s`, `1 day`, `{near: 120, within: 5}`."""

import re
from typing import Any

from vivavoce.formats.native.forms import LIST, TEXT, TEXTS, Fields, Form, mapping_of, short, word
from vivavoce.formats.native.node import Node

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|min)")
_UNITS_MS = {"ms": 1.0, "s": 1_000.0, "min": 60_000.0}
_DAYS = re.compile(r"(\d+(?:\.\d+)?)\s*days?")


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
            fields["decimal"] = word(node.at("decimal"), (".", ","))
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
                mapping_of(
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
    return Form(read, write, {"anyOf": [TEXT, mapping_of({"near": TEXT, "within": within}, "near")]})


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
    return Form(read, write, {"anyOf": [TEXT, mapping_of({"to": TEXT, "at_least": least}, "to")]})


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

    shape = mapping_of(
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
    return Form(read, write, {"anyOf": [least, mapping_of(dict.fromkeys(keys, least))]})


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
        mapping_of({"called": TEXTS, "not_called": TEXTS, "order": LIST, "arguments": {"type": "object"}}),
    )


def _shortened(fields: Fields) -> Fields:
    return {key: short(value) for key, value in fields.items()}


def _days(node: Node) -> float | None:
    if isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return float(node.value)
    found = _DAYS.fullmatch(node.value.strip()) if isinstance(node.value, str) else None
    if found is None:
        node.misfit("a number of days", "such as 1 day or 3 days")
        return None
    return float(found[1])
