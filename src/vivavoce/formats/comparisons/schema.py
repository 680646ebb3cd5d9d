"""The JSON Schema of the JSON comparison; `comparison.schema.json` beside this module holds it."""

from typing import Final

from vivavoce.formats.comparisons.shapes import Document
from vivavoce.formats.reports.shapes.published import Schema, closed_schema, published

SCHEMA_NAME: Final = "comparison.schema.json"


def schema_text() -> str:
    """The schema as it is published."""
    return published(comparison_schema())


def comparison_schema() -> Schema:
    """Draft 2020-12."""
    return closed_schema("Vivavoce comparison", Document)
