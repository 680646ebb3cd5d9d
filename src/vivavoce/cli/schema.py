"""`viva schema`: the JSON Schema of native suite files, for editors."""

from vivavoce.cli.console import out
from vivavoce.formats.native.schema import schema_text


def schema() -> None:
    """Print the JSON Schema of native suite files."""
    out().print(schema_text(), end="", markup=False, highlight=False, soft_wrap=True)
