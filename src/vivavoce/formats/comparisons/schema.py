"""The JSON Schema of the JSON comparison, made of the types that write it.

`comparison.schema.json` beside this module is what `schema_text` gives; it describes what this version writes
and nothing else.
"""

from typing import Any, Final

import msgspec

from vivavoce.formats.comparisons.shapes import Document

SCHEMA_NAME: Final = "comparison.schema.json"

Schema = dict[str, Any]


def schema_text() -> str:
    """The schema as it is published."""
    return msgspec.json.format(msgspec.json.encode(comparison_schema()), indent=2).decode() + "\n"


def comparison_schema() -> Schema:
    """Draft 2020-12."""
    _, definitions = msgspec.json.schema_components((Document,), ref_template="#/$defs/{name}")
    top = definitions.pop(Document.__name__)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_closed(top),
        "title": "Vivavoce comparison",
        "$defs": {name: _closed(shape) for name, shape in sorted(definitions.items())},
    }


def _closed(shape: Schema) -> Schema:
    return {**shape, "additionalProperties": False} if "properties" in shape else shape
