"""`viva schema`: the JSON Schemas of native suite files, for editors, and of what is written as JSON."""

from collections.abc import Callable
from enum import Enum
from typing import Annotated, Final

import typer

from vivavoce.cli.console import out
from vivavoce.formats.comparisons import schema as comparison_schema
from vivavoce.formats.native import schema as native
from vivavoce.formats.reports import report_schema
from vivavoce.formats.training_reports import schema as training_schema


class Described(Enum):
    SUITE = "suite"
    REPORT = "report"
    COMPARISON = "comparison"
    TRAINING = "training"


_TEXTS: Final[dict[Described, Callable[[], str]]] = {
    Described.SUITE: native.schema_text,
    Described.REPORT: report_schema.schema_text,
    Described.COMPARISON: comparison_schema.schema_text,
    Described.TRAINING: training_schema.schema_text,
}


def schema(
    what: Annotated[
        Described,
        typer.Argument(
            metavar="[suite|report|comparison|training]",
            help="A native suite file, a JSON report, or JSON of `viva compare` or `viva training check`.",
        ),
    ] = Described.SUITE,
) -> None:
    """Print the JSON Schema of native suite files, of JSON reports, comparisons or training reports."""
    out().print(_TEXTS[what](), end="", markup=False, highlight=False, soft_wrap=True)
