"""Options that stand on every command, also before the subcommand, and how they become settings."""

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


def settings_of(context: typer.Context, **flags: Any) -> Settings:
    """Settings from the environment, the options before the subcommand, and the subcommand's own."""
    before = context.obj or {}
    merged = {**before, **{name: value for name, value in flags.items() if value is not None}}
    return Settings.read(os.environ, **merged)
