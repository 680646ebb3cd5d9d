"""Progress of a run: a bar on a terminal, a line now and then elsewhere. Listens to events, nothing more."""

import time
from types import TracebackType
from typing import Self

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from vivavoce.cli.console import err
from vivavoce.domain.events import Event, RunFinished, RunPaused, RunResumed, RunStarted, UnitFinished
from vivavoce.domain.utterance import CaseResult
from vivavoce.domain.verdict import Verdict

LINE_EVERY_S = 5.0


class ProgressListener:
    """Shows one run at a time on stderr; use as a context manager, call it with each event."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._console = err()
        self._bar = (
            Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[tally]}"),
                TimeElapsedColumn(),
                TimeRemainingColumn(),
                console=self._console,
                transient=True,
            )
            if self._console.is_terminal
            else None
        )
        self._task = self._bar.add_task(label, total=None, tally="") if self._bar else None
        self._done = self._total = self._failed = self._errors = 0
        self._told = time.monotonic()

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def __call__(self, event: Event) -> None:
        if isinstance(event, RunStarted):
            self._total, self._done = event.run.total, event.done
        elif isinstance(event, UnitFinished):
            self._count(event)
        elif isinstance(event, RunPaused):
            self._console.print(f"{self._label}: paused: {event.reason}", style="yellow")
        elif isinstance(event, RunResumed):
            self._console.print(f"{self._label}: the bot answers again", style="yellow")
        self._show(last=isinstance(event, RunFinished))

    def _count(self, event: UnitFinished) -> None:
        self._done += len(event.results)
        for result in event.results:
            if isinstance(result, CaseResult):
                self._errors += bool(result.error)
                self._failed += not result.passed and not result.error
            else:
                self._errors += result.verdict is Verdict.ERROR
                self._failed += result.verdict is Verdict.FAILED

    def _show(self, *, last: bool) -> None:
        tally = f"{self._failed} failed, {self._errors} in error"
        if self._bar and self._task is not None:
            self._bar.update(self._task, completed=self._done, total=self._total, tally=tally)
            return
        now = time.monotonic()
        if not last and now - self._told >= LINE_EVERY_S:
            self._told = now
            share = 100 * self._done // max(self._total, 1)
            self._console.print(f"{self._label}: {self._done} of {self._total} ({share} %), {tally}")


class PercentageProgress:
    """Shows how something goes on elsewhere, of which only a percentage is known."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._console = err()
        self._bar = (
            Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TaskProgressColumn(),
                TimeElapsedColumn(),
                console=self._console,
                transient=True,
            )
            if self._console.is_terminal
            else None
        )
        self._task = self._bar.add_task(label, total=100) if self._bar else None
        self._told = time.monotonic()

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def __call__(self, percentage: int) -> None:
        if self._bar and self._task is not None:
            self._bar.update(self._task, completed=percentage)
            return
        now = time.monotonic()
        if now - self._told >= LINE_EVERY_S:
            self._told = now
            self._console.print(f"{self._label}: {percentage} %")
