"""The JSON Schema of the JSON report, made of the types that write it.

`report.schema.json` beside this module is what `schema_text` gives. It is closed: it describes what this
version writes and nothing else, while `reading` leaves alone what a newer version may say besides.
"""

from typing import Any, Final

import msgspec

from vivavoce.formats.reports.shapes.report import Report, Run
from vivavoce.formats.reports.shapes.results import Step, Utterance

SCHEMA_NAME: Final = "report.schema.json"

Schema = dict[str, Any]


def schema_text() -> str:
    """The schema as it is published."""
    return msgspec.json.format(msgspec.json.encode(report_schema()), indent=2).decode() + "\n"


def report_schema() -> Schema:
    """Draft 2020-12."""
    _, definitions = msgspec.json.schema_components((Report, Step, Utterance), ref_template="#/$defs/{name}")
    top = definitions.pop(Report.__name__)
    definitions[Run.__name__] |= _by_kind()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_closed(top),
        "title": "Vivavoce report",
        "$defs": {name: _closed(shape) for name, shape in sorted(definitions.items())},
    }


def _closed(shape: Schema) -> Schema:
    return {**shape, "additionalProperties": False} if "properties" in shape else shape


def _by_kind() -> Schema:
    """What a run's results are, and where there are figures."""
    return {
        "if": {"properties": {"kind": {"const": "batch"}}},
        "then": {
            "properties": {
                "metrics": {"type": "object"},
                "intents": {"type": "array"},
                "evaluation": {"type": "object"},
                "results": {"items": _ref(Utterance)},
            },
            "required": ["evaluation"],
        },
        "else": {
            "properties": {
                "metrics": {"type": "null"},
                "intents": {"type": "null"},
                "evaluation": {"type": "null"},
                "results": {"items": _ref(Step)},
            },
        },
    }


def _ref(shape: type[msgspec.Struct]) -> Schema:
    return {"$ref": f"#/$defs/{shape.__name__}"}
