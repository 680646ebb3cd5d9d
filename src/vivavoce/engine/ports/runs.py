"""Where runs and their results are kept."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from vivavoce.domain.batch.utterance import CaseResult
from vivavoce.domain.catalog import StoredFile, Suite
from vivavoce.domain.evaluation.values import Evaluation
from vivavoce.domain.run import Counts, LogEntry, Repeated, Run, RunStatus, Tally
from vivavoce.domain.verdict import StepResult
from vivavoce.engine.ports.suites import Page
from vivavoce.engine.ports.units import BEFORE_ALL, FinishedUnit, Place


class RunPage(Page, frozen=True):
    items: tuple[Run, ...]


class RunStore(Protocol):
    """Runs, their units' state, and results. Every write is one transaction."""

    def accept(
        self,
        run: Run,
        units: Sequence[int] | None = None,
        *,
        owner: str = "",
        host: str = "",
        lease_s: float = 0.0,
    ) -> None:
        """Keep a run and plan its units in one transaction: those named of its suite's revision (None: all),
        each so often as the run repeats it. With an owner it is leased to it from the start, so that nobody
        else claims it."""

    def get(self, run_id: str) -> Run | None: ...
    def page(self, suite_id: str, *, skip: int, limit: int) -> RunPage:
        """Newest first."""

    def going(self, suite_id: str) -> list[Run]:
        """Runs and imports of a suite that have not ended."""

    def recent(self, *, limit: int, bot_id: str = "") -> list[Run]:
        """Newest first, over all suites, validations left out."""

    def last_of(self, suite_ids: Sequence[str]) -> dict[str, Run]:
        """The newest run of each suite that has one."""

    def claim(self, owner: str, *, host: str, now: datetime, lease_s: float, run_id: str = "") -> Run | None:
        """Take a running run that nobody owns or whose lease has run out; that one run when `run_id` is
        given. None: there is none."""

    def heartbeat(self, owner: str, run_ids: Sequence[str], *, now: datetime) -> list[str]:
        """Renew leases; returns those of the runs that were asked to cancel."""

    def release(self, owner: str, run_id: str) -> None:
        """Give a run back unfinished (clean stop)."""

    def owners(self) -> list[tuple[str, str]]:
        """(owner, host) of the leases of running runs, for finding dead processes of this host."""

    def drop_owner(self, owner: str) -> None:
        """Free every lease of an owner that is known to be dead."""

    def start(self, run_id: str, now: datetime) -> Run:
        """Set `started_on` unless it stands; returns the run."""

    def pending_units(self, run_id: str, *, after: Place = BEFORE_ALL, limit: int = 1000) -> list[Place]:
        """Units without committed results, in order."""

    def planned_units(self, run_id: str) -> list[int]:
        """Every unit of the run, in order."""

    def commit(self, run_id: str, units: Sequence[FinishedUnit], *, now: datetime) -> int:
        """Write units' results and mark the units finished, idempotently; returns the run's high-water
        mark, which this raises to the number of finished steps or cases."""

    def progress(self, run_id: str, done: int, *, now: datetime) -> None:
        """Raise the high-water mark (never lowers it); steps of unfinished units may count."""

    def log(self, run_id: str, entries: Sequence[LogEntry], *, now: datetime) -> None: ...
    def request_cancel(self, run_id: str) -> bool:
        """False when the run has ended."""

    def finish(
        self,
        run_id: str,
        status: RunStatus,
        *,
        now: datetime,
        error_details: str = "",
        report_file: str = "",
        broken_off: Sequence[FinishedUnit] = (),
        publish: Suite | None = None,
        repeated: Repeated | None = None,
        revision: int | None = None,
        evaluation: Evaluation | None = None,
    ) -> Run:
        """End a run that is still running, once: sets counts, tally, `ended_on`, and `done` = total where it
        was not ended from outside; frees the lease. In the same transaction `broken_off` (what the end left
        of units in flight) is kept, and `publish` (the suite that an import makes seen, see
        SuiteStore.publish) is shown. `revision` takes the place of the run's: of an import that changed
        nothing it is the one that was seen already. `evaluation` is kept beside
        the run. Returns the run as it stands (an ended run is not changed)."""

    def counts(self, run_id: str) -> Counts:
        """By verdict; steps without a result count as not executed."""

    def tally(self, run_id: str) -> Tally:
        """Of the committed case results; cases without one are not counted."""

    def step_results(self, run_id: str, *, first: int = 0, limit: int | None = None) -> Iterator[StepResult]:
        """In order of (unit, repeat, index), those of an index from `first` on, read page by page."""

    def case_results(self, run_id: str, *, first: int = 0, limit: int | None = None) -> Iterator[CaseResult]:
        """In order of index from `first` on, read page by page."""

    def case_chunk(self, run_id: str, unit: int) -> bytes:
        """The packed results (formats.payloads) of a finished unit of a batch run. Raises NotFound."""

    def evaluation(self, run_id: str) -> Evaluation | None:
        """What a batch run that was played through came to, as it was kept at its end."""

    def remove(self, run_id: str) -> list[StoredFile]:
        """With its results; returns the files that are nobody's now (see SuiteStore.remove)."""
