"""Progress: a bar on a terminal, a line now and then elsewhere. Listens to events, nothing more."""

import time
from types import TracebackType
from typing import Any, Self

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from vivavoce.cli.console import err
from vivavoce.domain.events import Event, RunFinished, RunPaused, RunResumed, RunStarted, UnitFinished

LINE_EVERY_S = 5.0


class _Shown:
    """A bar, or lines, on stderr; a context manager."""

    def __init__(self, label: str, *columns: ProgressColumn, total: int | None, **fields: Any) -> None:
        self._label = label
        self._console = err()
        self._bar: Progress | None = None
        if self._console.is_terminal:
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                *columns,
                console=self._console,
                transient=True,
            )
            self._task = self._bar.add_task(label, total=total, **fields)
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

    def _tell(self, line: str) -> None:
        """Where there is no bar: a line, unless the last one was told just now."""
        now = time.monotonic()
        if now - self._told >= LINE_EVERY_S:
            self._told = now
            self._console.print(f"{self._label}: {line}")


class ProgressListener(_Shown):
    """Shows one run at a time; called with each event."""

    def __init__(self, label: str) -> None:
        tally = TextColumn("{task.fields[tally]}")
        columns = (MofNCompleteColumn(), tally, TimeElapsedColumn(), TimeRemainingColumn())
        super().__init__(label, *columns, total=None, tally="")
        self._done = self._total = self._failed = self._errors = 0

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
        self._done += event.counts.total
        self._failed += event.counts.failed
        self._errors += event.counts.error

    def _show(self, *, last: bool) -> None:
        tally = f"{self._failed} failed, {self._errors} in error"
        if self._bar:
            self._bar.update(self._task, completed=self._done, total=self._total, tally=tally)
        elif not last:
            share = 100 * self._done // max(self._total, 1)
            self._tell(f"{self._done} of {self._total} ({share} %), {tally}")


class PercentageProgress(_Shown):
    """Shows how something goes on elsewhere, of which only a percentage is known; called with it."""

    def __init__(self, label: str) -> None:
        super().__init__(label, TaskProgressColumn(), TimeElapsedColumn(), total=100)

    def __call__(self, percentage: int) -> None:
        if self._bar:
            self._bar.update(self._task, completed=percentage)
        else:
            self._tell(f"{percentage} %")
