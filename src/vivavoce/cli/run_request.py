"""What `viva run` was asked for, and how the end of each run is shown and counted, wherever it was played."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.console import Console

from vivavoce.cli.baseline import BaselineRuns
from vivavoce.cli.outcome import Outcome, Thresholds, outcome, worst
from vivavoce.cli.show import show_run
from vivavoce.cli.show_comparison import show_comparison
from vivavoce.domain.batch.fulfillment import NluEngine
from vivavoce.domain.bot import Version
from vivavoce.domain.selecting import Plan
from vivavoce.formats.comparisons import JudgedComparison
from vivavoce.formats.reports.reported import ReportedRun


@dataclass(frozen=True)
class RunRequest:
    """The flags that hold here as well as at a server, read and found sound."""

    bot: str  # a bot file, or an id
    files: Sequence[Path]
    version: Version
    language: str | None  # None: the suite's, else the bot's
    engine: NluEngine | None
    plan: Plan
    thresholds: Thresholds
    against: BaselineRuns
    reports: dict[str, Path]


class Ended:
    """The runs of a command as they end, one after the other: shown, and counted for the exit code."""

    def __init__(self, console: Console, thresholds: Thresholds) -> None:
        self._console = console
        self._thresholds = thresholds
        self._outcomes: list[Outcome] = []

    def show(self, label: str, played: ReportedRun, judged: JudgedComparison | None) -> None:
        """A run, beside its baseline where it has one."""
        found = outcome(played.run, self._thresholds, judged.comparison if judged else None)
        self._outcomes.append(found)
        show_run(self._console, played, label=label, words=found.words)
        if judged is not None:
            show_comparison(self._console, judged, label="  against the baseline")

    def show_none(self, label: str, why: Outcome) -> None:
        """A suite of which there is no run."""
        self._outcomes.append(why)
        self._console.print(f"{label}: {why.words}", style="yellow")

    def exit(self, signal: int) -> typer.Exit:
        """What ends the command. `signal`: the one that interrupted it, or 0."""
        return typer.Exit(128 + signal if signal else int(worst([one.code for one in self._outcomes])))
