"""Options that several commands have, and how those of every command become settings."""

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from vivavoce.settings import Settings

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir", metavar="D", help="Folder of what is kept (VIVA_DATA_DIR).", show_default=False
    ),
]
DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        "--database-url",
        metavar="U",
        help="Database; default SQLite in the data dir (VIVA_DATABASE_URL).",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]

# Reports: files that a command writes.
JunitFile = Annotated[Path | None, typer.Option("--junit", metavar="F", help="JUnit XML; `-` is stdout.")]
CsvFile = Annotated[Path | None, typer.Option("--csv", metavar="F", help="CSV report.")]
JsonFile = Annotated[Path | None, typer.Option("--json", metavar="F", help="JSON report.")]
MarkdownFile = Annotated[Path | None, typer.Option("--markdown", metavar="F", help="Markdown report.")]
HtmlFile = Annotated[
    Path | None, typer.Option("--html", metavar="F", help="HTML report: one page that opens anywhere.")
]

# What replaces the rule that all must pass.
MaxErrors = Annotated[int, typer.Option("--max-errors", metavar="N", min=0, help="So many errors are borne.")]


def settings_of(context: typer.Context, **flags: Any) -> Settings:
    """Settings from the environment, the options before the subcommand, and the subcommand's own."""
    before = context.obj or {}
    merged = {**before, **{name: value for name, value in flags.items() if value is not None}}
    return Settings.read(os.environ, **merged)
