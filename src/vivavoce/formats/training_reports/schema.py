"""The JSON Schema of the training report; `training.schema.json` beside this module holds it."""

from typing import Final

from vivavoce.formats.reports.shapes.published import Schema, closed_schema, published
from vivavoce.formats.training_reports.shapes import Document

SCHEMA_NAME: Final = "training.schema.json"


def schema_text() -> str:
    """The schema as it is published."""
    return published(training_schema())


def training_schema() -> Schema:
    """Draft 2020-12."""
    return closed_schema("Vivavoce training report", Document)
