"""The JSON Schema of native suite files: completion and descriptions in editors, most of the reader's checks.

Draft 7, which every editor knows. It is made of the reader's own tables; `suite.schema.json` beside this
module is what `schema_text` gives.
"""

from typing import Any, Final

import msgspec

from vivavoce.domain.assertions.value_kinds import VALUE_KINDS
from vivavoce.formats.native.contradictions import NEED_AN_OUTPUT
from vivavoce.formats.native.forms import TEXT, TEXTS, Schema
from vivavoce.formats.native.keys import (
    ASSERTIONS,
    CAPTURE,
    CASE,
    CHECK,
    FIXTURE,
    GROUPS,
    OUTPUT,
    REPLY,
    STEP,
    TOP,
    VARIABLE,
    Scope,
)
from vivavoce.formats.native.outputs import EXCLUDED
from vivavoce.formats.native.steps import ORDERS, SAYS_ALL

SCHEMA_NAME: Final = "suite.schema.json"

_PATTERN: Schema = {"type": "string", "pattern": r"\*"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_OBJECT: Schema = {"type": "object"}
_LIST_OF_OBJECTS: Schema = {"type": "array", "items": _OBJECT}


def schema_text() -> str:
    """The schema as it is published."""
    return msgspec.json.format(msgspec.json.encode(suite_schema()), indent=2).decode() + "\n"


def suite_schema() -> Schema:
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Vivavoce conversation suite",
        "description": "Conversations with a bot, and what it must answer.",
        **_mapping(TOP, _TOP),
        "anyOf": [
            {"required": ["cases"], "properties": {"cases": {"minItems": 1}}},
            {"required": ["include"]},
        ],
        "definitions": {
            "text": _text(),
            "texts": {"anyOf": [_ref("text"), {"type": "array", "items": _ref("text"), "minItems": 1}]},
            "span": _span(),
            "variables": {"type": "object", "additionalProperties": _ref("variable")},
            "variable": {
                "anyOf": [
                    {"type": ["string", "number", "boolean", "null"]},
                    _mapping(
                        VARIABLE, {"unique": _PATTERN, "per": {"enum": ["case", "run"]}}, required=["unique"]
                    ),
                ]
            },
            "fixture": _mapping(
                FIXTURE, {"description": TEXT, "context": _OBJECT, "preprocessor": TEXT, "steps": _steps()}
            ),
            "case": _case(),
            "step": {"anyOf": [TEXT, _ref("spoken")]},
            "spoken": {
                **_mapping(STEP, _STEP),
                "anyOf": [{"required": ["say"]}, {"required": ["trigger"]}],
            },
            "expect": {
                "anyOf": [TEXT, {"type": "array", "items": _ref("output")}, _ref("reply")],
            },
            "output": {"anyOf": [TEXT, _ref("outputMapping")]},
            "outputMapping": {
                **_assertions("output", OUTPUT, _OUTPUT),
                "allOf": [_not_both(key, other) for key, others in EXCLUDED.items() for other in others],
            },
            "reply": {**_assertions("reply", REPLY, _REPLY), **_REPLY_RULES},
            "outputGroup": _assertions("output"),
            "replyGroup": _assertions("reply"),
            "outputNot": _negated("output"),
            "replyNot": _negated("reply"),
            "outputCheck": {**_assertions("output", CHECK, _CHECK), **_ASSERTS},
            "replyCheck": {**_assertions("reply", CHECK, _CHECK), **_ASSERTS},
            "capture": _capture(),
            **{f"{key}Assertion": _described(one.form.schema, one.about) for key, one in ASSERTIONS.items()},
        },
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


def _not_both(key: str, other: str) -> Schema:
    return {"not": {"required": [key, other]}}


def _steps() -> Schema:
    return {"type": "array", "items": _ref("step")}


_TOP: Final[dict[str, Schema]] = {
    "suite": TEXT,
    "description": TEXT,
    "tags": TEXTS,
    "language": TEXT,
    "bot": TEXT,
    "preprocessor": TEXT,
    "welcome_messages": {**_COUNT, "maximum": 1_000},
    "discard_message": TEXT,
    "include": TEXTS,
    "variables": _ref("variables"),
    "fixtures": {"type": "object", "additionalProperties": _ref("fixture")},
    "cases": {"type": "array", "items": _ref("case")},
    "metadata_available": {"type": "boolean"},
}
_CASE: Final[dict[str, Schema]] = {
    "case": TEXT,
    "description": TEXT,
    "tags": TEXTS,
    "fixture": TEXT,
    "variables": {"anyOf": [_ref("variables"), {"const": False}]},
    "context": _OBJECT,
    "preprocessor": TEXT,
    "threshold": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
    "passes": {"anyOf": [{"enum": ["all", "any"]}, {"type": "integer", "minimum": 1}]},
    "examples": {
        "type": "array",
        "items": {"type": "object", "additionalProperties": _ref("variable")},
        "minItems": 1,
    },
    "steps": _steps(),
    "opening": _COUNT,
    "discard_before": {"type": "boolean"},
}
_STEP: Final[dict[str, Schema]] = {
    "say": TEXT,
    "trigger": TEXT,
    "expect": _ref("expect"),
    "capture": {"type": "object", "additionalProperties": _ref("capture")},
}
_REPLY: Final[dict[str, Schema]] = {
    "outputs": {"type": "array", "items": _ref("output")},
    "order": {"enum": list(ORDERS)},
}
_OUTPUT: Final[dict[str, Schema]] = {
    "recorded": TEXT,
    "flow": {"type": "boolean"},
    "metadata": _OBJECT,
    "text_assertion": _OBJECT,
    "flow_assertion": _OBJECT,
    "context_assertion": _OBJECT,
}
_CHECK: Final[dict[str, Schema]] = {
    "weight": {"type": "number", "exclusiveMinimum": 0},
    "soft": {"type": "boolean"},
}

_ASSERTS: Final[Schema] = {"not": {"propertyNames": {"enum": list(CHECK)}}}
"""Something stands there besides weight and softness."""

_SILENT: Final[Schema] = {"required": ["outputs"], "properties": {"outputs": {"maxItems": 0}}}
_REPLY_RULES: Final[Schema] = {
    "dependencies": {"order": ["outputs"]},
    "allOf": [
        *(_not_both(key, "outputs") for key in SAYS_ALL),
        {"if": {"required": ["silence"]}, "then": {"maxProperties": 1}},
        {
            "if": _SILENT,
            "then": {
                "properties": {
                    **dict.fromkeys(sorted(NEED_AN_OUTPUT), False),
                    "order": {"enum": [word for word in ORDERS if word != "among"]},
                    "not": {"not": {"required": ["silence"]}},
                }
            },
        },
    ],
}


def _mapping(keys: dict[str, str], shapes: dict[str, Schema], required: list[str] | None = None) -> Schema:
    """A mapping of these keys and no others, each with its description."""
    shape: Schema = {
        "type": "object",
        "properties": {key: _described(shapes[key], about) for key, about in keys.items()},
        "additionalProperties": False,
    }
    return {**shape, "required": required} if required else shape


def _described(shape: Schema, about: str) -> Schema:
    """Beside a `$ref` a description would not be seen."""
    return {"description": about, "allOf": [shape]} if "$ref" in shape else {"description": about, **shape}


def _case() -> Schema:
    """With `steps`, or flat: the one step's keys beside the case's."""
    flat = {key: {"not": {"required": [key, "steps"]}} for key in STEP}
    return {
        **_mapping({**CASE, **STEP}, {**_CASE, **_STEP}),
        "allOf": list(flat.values()),
        "anyOf": [{"required": [key]} for key in ("steps", "say", "trigger", "fixture", "opening")],
    }


def _assertions(
    scope: Scope, more: dict[str, str] | None = None, shapes: dict[str, Schema] | None = None
) -> Schema:
    """A mapping of assertions of one output, or of the whole reply."""
    groups: dict[str, Schema] = {
        "any_of": {"type": "array", "items": _ref(f"{scope}Group"), "minItems": 1},
        "not": _ref(f"{scope}Not"),
        "checks": {"type": "array", "items": _ref(f"{scope}Check"), "minItems": 1},
        "assertions": _LIST_OF_OBJECTS,
    }
    return _with_known(scope, _mapping({**(more or {}), **GROUPS}, {**(shapes or {}), **groups}))


def _negated(scope: Scope) -> Schema:
    group: Schema = {"type": "array", "items": _ref(f"{scope}Group"), "minItems": 1}
    return _with_known(scope, _mapping({"any_of": GROUPS["any_of"]}, {"any_of": group}))


def _with_known(scope: Scope, shape: Schema) -> Schema:
    known = {
        key: _ref(f"{key}Assertion")
        for key, one in ASSERTIONS.items()
        if scope == "reply" or not one.reply_only
    }
    return {**shape, "properties": {**shape["properties"], **known}, "minProperties": 1}


def _text() -> Schema:
    keys: dict[str, Any] = {
        "text": {"description": "The text that is expected.", **TEXT},
        "template": {"description": "The template that is expected, as JSON.", "type": ["object", "array"]},
        "dynamic": {"description": "Parts that may differ.", "type": "array", "items": _ref("span")},
        "dynamic_paths": {"description": "JSONPaths into a template at which values may differ.", **TEXTS},
    }
    shape = {"type": "object", "properties": keys, "additionalProperties": False}
    return {"anyOf": [TEXT, {**shape, "oneOf": [{"required": ["text"]}, {"required": ["template"]}]}]}


def _span() -> Schema:
    keys: dict[str, Any] = {
        "text": {"description": "The part itself; it stands once in the text.", **TEXT},
        "start": {"description": "Where it begins, in characters from 0.", **_COUNT},
        "end": {"description": "Where it ends.", **_COUNT},
        "kind": {"description": "What may stand there.", "enum": list(VALUE_KINDS)},
    }
    ends = {"type": "array", "items": _COUNT, "minItems": 2, "maxItems": 2}
    return {"anyOf": [TEXT, ends, {"type": "object", "properties": keys, "additionalProperties": False}]}


def _capture() -> Schema:
    shapes: dict[str, Schema] = {
        "matches": {**TEXT, "minLength": 1},
        "path": TEXT,
        "context": TEXT,
        "group": {"type": ["integer", "string"]},
        "output": {"type": "integer", "minimum": 1},
    }
    one_of = [{"required": [key]} for key in ("matches", "path", "context")]
    rules: Schema = {"dependencies": {"group": ["matches"]}, **_not_both("output", "context")}
    return {**_mapping(CAPTURE, shapes), "oneOf": one_of, **rules}
