"""The JSON Schema of the JSON report, made of the types that write it.

`report.schema.json` beside this module is what `schema_text` gives. It is closed: it describes what this
version writes and nothing else, while `reading` leaves alone what a newer version may say besides.
"""

from typing import Final

import msgspec

from vivavoce.formats.reports.shapes.published import Schema, closed_schema, published
from vivavoce.formats.reports.shapes.report import Report, Run
from vivavoce.formats.reports.shapes.results import Step, Utterance

SCHEMA_NAME: Final = "report.schema.json"


def schema_text() -> str:
    """The schema as it is published."""
    return published(report_schema())


def report_schema() -> Schema:
    """Draft 2020-12."""
    return closed_schema("Vivavoce report", Report, Step, Utterance, refine=_by_kind)


def _by_kind(definitions: Schema) -> None:
    """What a run's results are, and where there are figures."""
    definitions[Run.__name__] |= {
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
