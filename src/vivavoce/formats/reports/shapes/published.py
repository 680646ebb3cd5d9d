"""JSON Schemas of what is written, made of the types that write it."""

from collections.abc import Callable
from typing import Any

import msgspec

Schema = dict[str, Any]


def closed_schema(
    title: str, *shapes: type[msgspec.Struct], refine: Callable[[Schema], None] = lambda definitions: None
) -> Schema:
    """Draft 2020-12; the document is the first shape. It describes what this version writes and nothing else.

    `refine` adds to the definitions, by their names, what types cannot say.
    """
    _, definitions = msgspec.json.schema_components(shapes, ref_template="#/$defs/{name}")
    top = definitions.pop(shapes[0].__name__)
    refine(definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_closed(top),
        "title": title,
        "$defs": {name: _closed(shape) for name, shape in sorted(definitions.items())},
    }


def published(schema: Schema) -> str:
    """The schema as its file holds it."""
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"


def _closed(shape: Schema) -> Schema:
    return {**shape, "additionalProperties": False} if "properties" in shape else shape
