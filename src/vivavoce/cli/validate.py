"""`viva validate`: plays a suite several times and proposes what of its expectations may vary."""

from pathlib import Path
from typing import Annotated

import typer

from vivavoce import wiring
from vivavoce.cli.bots import checked_version
from vivavoce.cli.changing import show_changes, suite_text
from vivavoce.cli.console import err
from vivavoce.cli.judge import kept_cases, read_conversation_file
from vivavoce.cli.options import DatabaseUrl, DataDir, settings_of
from vivavoce.cli.outcome import Thresholds, outcome
from vivavoce.cli.playing import Interrupted, play_files
from vivavoce.cli.report import reported
from vivavoce.cli.show import show_run
from vivavoce.domain.run import Run
from vivavoce.domain.selecting import MOST_REPEATS, Plan
from vivavoce.engine.accepting import Changes
from vivavoce.engine.core import Engine
from vivavoce.engine.kept_steps import KeptSteps
from vivavoce.engine.proposing import propose_changes
from vivavoce.engine.rejudging import facts_of


def validate(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A conversation suite's file.")],
    bot: Annotated[
        str, typer.Option("--bot", metavar="BOTFILE|ID", help="A bot file, or a registered bot's id.")
    ],
    replays: Annotated[
        int, typer.Option("--replays", metavar="N", min=2, max=MOST_REPEATS, help="Play each case N times.")
    ] = 3,
    version: Annotated[
        str, typer.Option("--version", metavar="V", help="published or inDevelopment.")
    ] = "inDevelopment",
    language: Annotated[
        str | None, typer.Option("--language", metavar="L", help="Default: the bot's.", show_default=False)
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Change the file as proposed.")] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Play a suite several times; show what does not hold, and propose dynamic parts where replies vary."""
    chosen = checked_version(version)
    suite, _ = read_conversation_file(file)
    settings = settings_of(context, data_dir=data_dir, database_url=database_url)
    with wiring.open_engine(settings) as engine:
        under_test = wiring.bot_for_run(engine.store, bot)
        played: list[Run] = []
        signal = 0
        try:
            play_files(
                engine,
                under_test,
                [suite],
                version=chosen,
                language=language,
                plan=Plan(repeats=replays),
                finished=lambda _, ended: played.append(ended),
            )
        except Interrupted as interrupted:
            signal = interrupted.signal
        (run,) = played
        judged = outcome(run, Thresholds())
        label = f"{file}, played {replays} times ({run.id})"
        show_run(err(), reported(engine.store, run), label=label, words=judged.words)
        changes = Changes() if signal else wiring.run_async(_proposed(engine, run.id, file))
    show_changes(changes, write=write)
    raise typer.Exit(128 + signal if signal else int(judged.code))


async def _proposed(engine: Engine, run_id: str, file: Path) -> Changes:
    kept = await engine.call(kept_cases, engine, run_id)
    facts = await facts_of(engine, kept)
    return await engine.call(lambda: propose_changes(KeptSteps(kept, suite_text(file), facts)))
