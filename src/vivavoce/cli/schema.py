"""`viva schema`: the JSON Schemas of native suite files, for editors, and of the JSON report."""

from enum import Enum
from typing import Annotated

import typer

from vivavoce.cli.console import out
from vivavoce.formats.native import schema as native
from vivavoce.formats.reports import report_schema


class Described(Enum):
    SUITE = "suite"
    REPORT = "report"


def schema(
    what: Annotated[
        Described, typer.Argument(metavar="[suite|report]", help="A native suite file, or a JSON report.")
    ] = Described.SUITE,
) -> None:
    """Print the JSON Schema of native suite files, or of JSON reports."""
    text = report_schema.schema_text() if what is Described.REPORT else native.schema_text()
    out().print(text, end="", markup=False, highlight=False, soft_wrap=True)
