"""`viva bot`: bots that are registered, and a first word with one."""

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer

from vivavoce import wiring
from vivavoce.cli.console import out, print_json, print_table
from vivavoce.cli.options import DatabaseUrl, DataDir, Json, settings_of
from vivavoce.connectors.trial import Trial, try_bot
from vivavoce.domain.bot import Version
from vivavoce.domain.errors import NotFound
from vivavoce.engine.removing import remove_bot

app = typer.Typer(no_args_is_help=True, help="Bots under test.")

BotFilePath = Annotated[Path, typer.Argument(metavar="FILE", help="The bot file (YAML).")]


@app.command("add")
def add(
    context: typer.Context,
    file: BotFilePath,
    json: Json = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Register a bot from its bot file; on a known name, update it. Prints its id."""
    settings = settings_of(context, data_dir=data_dir, database_url=database_url)
    read = wiring.read_bot(file)
    with wiring.open_store_of(settings) as store:
        bot = wiring.register_bot(store, read)
    if json:
        print_json({"id": bot.id, "name": bot.name})
    else:
        out().print(bot.id)


@app.command("list")
def list_bots(
    context: typer.Context,
    json: Json = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Show the registered bots."""
    settings = settings_of(context, data_dir=data_dir, database_url=database_url)
    with wiring.open_store_of(settings) as store:
        bots = store.bots.all()
    if json:
        print_json(
            [
                {"id": bot.id, "name": bot.name, "type": bot.connector.get("type"), "language": bot.language}
                for bot in bots
            ]
        )
        return
    rows = ((bot.id, bot.name, str(bot.connector.get("type", "")), bot.language) for bot in bots)
    print_table(("id", "name", "type", "language"), rows)


@app.command("remove")
def remove(
    context: typer.Context,
    bot_id: Annotated[str, typer.Argument(metavar="ID", help="The bot's id, `st-...`.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Remove a bot with its suites and runs."""
    settings = settings_of(context, data_dir=data_dir, database_url=database_url)
    with wiring.open_engine(settings) as engine:
        known = engine.store.bots.get(bot_id)
        if known is None:
            raise NotFound(f"there is no bot {bot_id}; `viva bot list` shows the known ones")
        wiring.run_async(remove_bot(engine, known))
    out().print(f"removed {bot_id}")


@app.command("try")
def try_(
    file: BotFilePath,
    text: Annotated[str, typer.Argument(metavar="[TEXT]", help="What to say.")] = "hello",
    version: Annotated[str, typer.Option("--version", help="published or inDevelopment.")] = "inDevelopment",
    language: Annotated[str | None, typer.Option("--language", metavar="L", help="Language code.")] = None,
) -> None:
    """Send one message; show the request, the raw reply, and what each mapping path yields."""
    bot = wiring.read_bot(file)
    chosen = checked_version(version)
    with wiring.placed_in(bot):
        trial = asyncio.run(
            try_bot(
                bot.connector_for(chosen),
                text,
                language=language or bot.language,
                environment=os.environ,
                timeout_s=bot.limits.step_timeout_s,
                types=wiring.connector_types(chosen),
            )
        )
    _show(trial)
    if trial.error or (trial.nlu is not None and trial.nlu.error):
        raise typer.Exit(3)


def checked_version(text: str) -> Version:
    """The version's exact name, or a clear refusal."""
    for known in ("published", "inDevelopment"):
        if text.lower() == known.lower():
            return known
    raise typer.BadParameter(f"{text!r} is neither published nor inDevelopment", param_hint="--version")


def _show(trial: Trial) -> None:
    console = out()
    for title, body in (("request", trial.request), ("reply", trial.reply)):
        if body:
            console.print(f"--- {title}", style="bold")
            console.print(body)
    if trial.paths:
        console.print("--- mapping", style="bold")
        for path in trial.paths:
            console.print(f"{path.key}: {path.path} -> {path.value}")
            if path.hint:
                console.print(f"    {path.hint}", style="yellow")
    if trial.error:
        console.print(f"error: {trial.error}", style="red")
    if trial.nlu is not None:
        console.print("=== the call that classifies", style="bold")
        _show(trial.nlu)
