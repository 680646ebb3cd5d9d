"""`viva mutate`: how many wrong replies a suite would notice, by changing those that a run kept."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from vivavoce import wiring
from vivavoce.cli.console import out
from vivavoce.cli.judge import kept_cases, read_conversation_file
from vivavoce.cli.options import DatabaseUrl, DataDir, settings_of
from vivavoce.cli.reports import STDOUT, report_targets, write_whole
from vivavoce.domain.errors import InputError
from vivavoce.domain.mutating import StepStrength, score
from vivavoce.engine.core import Engine
from vivavoce.engine.strength import strength_of
from vivavoce.formats.conversations import ConversationFile
from vivavoce.formats.step_places import StepPlaces
from vivavoce.formats.strength_report import strength_report

SHOWN = 50  # survivors in the terminal; the JSON report holds all


def mutate(
    context: typer.Context,
    suite: Annotated[
        Path, typer.Argument(metavar="SUITE", help="The suite file whose strength is measured.")
    ],
    run_id: Annotated[
        str, typer.Option("--run", metavar="RUN", help="The run whose replies are changed; see `viva runs`.")
    ],
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Another seed, other changes.")] = 0,
    min_score: Annotated[
        float | None,
        typer.Option("--min-score", metavar="X", min=0, max=1, help="Exit with 1 below this score."),
    ] = None,
    json: Annotated[
        Path | None, typer.Option("--json", metavar="F", help="All of it as JSON; `-` is stdout.")
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Change a run's replies and tell which changes the suite's assertions would not notice."""
    report_targets([suite], json=json)
    _, read = read_conversation_file(suite)
    settings = settings_of(context, data_dir=data_dir, database_url=database_url)
    console = out(to_stderr=json == STDOUT)
    with wiring.open_engine(settings) as engine:
        steps = wiring.run_async(_strength(engine, run_id, read, seed))
    if not steps:
        way_out = f"`viva judge {run_id} --with {suite}` tells why"
        raise InputError(f"no step of {suite} passes on the replies of {run_id}: {way_out}")
    places = StepPlaces.of(suite.read_bytes(), str(suite), read)
    reached = score(steps)
    _show(console, str(suite), steps, reached, places)
    if json is not None:
        write_whole(json, strength_report(str(suite), run_id, seed, steps, places))
    if min_score is not None and (reached is None or reached < min_score):
        shown = "undefined" if reached is None else f"{reached:.4f}"
        console.print(f"  at least {min_score:.4f} wanted, the score is {shown}", style="red")
        raise typer.Exit(1)


async def _strength(engine: Engine, run_id: str, read: ConversationFile, seed: int) -> list[StepStrength]:
    kept = await engine.call(kept_cases, engine, run_id)
    return await strength_of(engine, kept, read.cases(), seed=seed)


def _show(
    console: Console, label: str, steps: Sequence[StepStrength], reached: float | None, places: StepPlaces
) -> None:
    survivors = sum(len(step.survivors) for step in steps)
    tried = sum(step.tried for step in steps)
    shown = "undefined" if reached is None else f"{reached:.4f}"
    console.print(f"{label}: mutation score {shown} ({tried - survivors} of {tried} changes noticed)")
    for _, group in groupby(steps, key=lambda step: step.unit):
        its_steps = list(group)
        console.print(f"  {_number(score(its_steps))}  {its_steps[0].case}")
    left = SHOWN
    for step in steps:
        for survivor in step.survivors[: max(left, 0)]:
            place = places.of_step(step.index)
            console.print(f"  not noticed: {place}: {step.case}, after {step.said!r}: {survivor.change}")
        left -= len(step.survivors)
    if left < 0:
        console.print(f"  ... and {-left} more: --json holds all of them")


def _number(value: float | None) -> str:
    return " -  " if value is None else f"{value:.2f}"
