"""What the engine needs from outside. Everything above `engine` implements one of these.

Connectors and the dispatcher are asynchronous; the store is synchronous and called in threads (measured:
1.7 times faster than an asynchronous SQLite driver).
"""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Protocol

import msgspec

from vivavoce.domain.bot import Bot, Version
from vivavoce.domain.catalog import App, StoredFile, Suite, SuiteKind
from vivavoce.domain.errors import ConnectorError
from vivavoce.domain.events import Event
from vivavoce.domain.output import Fact, Reply
from vivavoce.domain.run import Counts, LogEntry, Repeated, Run, RunStatus, Tally
from vivavoce.domain.secrecy import NO_SECRETS, Secrets
from vivavoce.domain.suite import TestCase
from vivavoce.domain.utterance import BatchCase, CaseResult, Classification
from vivavoce.domain.verdict import Exchange, StepResult

# --- the bot's side -----------------------------------------------------------------------------


class Opening(msgspec.Struct, frozen=True):
    """What a fresh conversation starts with."""

    conversation_id: str  # unique for every conversation ever played
    language: str
    context: dict[str, Any] | None = None  # what the session's variables are at its opening
    secrets: Secrets = NO_SECRETS  # what may not be seen in evidence, besides the bot's own


class Message(msgspec.Struct, frozen=True):
    """One user input or trigger. With a trigger, `text` is empty when it equals the trigger's name (8.3)."""

    text: str
    trigger: str = ""


EVIDENCE_LIMIT = 4_000  # characters


class Session(Protocol):
    """A conversation with the bot; sessions of one connector run side by side and share nothing."""

    async def send(self, message: Message) -> Reply:
        """Give the bot one turn. Raises ConnectorError; the caller bounds the time."""

    def evidence(self) -> Exchange | None:
        """The last turn as it went over the wire, also after an error: secrets masked, each part at most
        EVIDENCE_LIMIT characters. None: nothing was sent, or this bot has no wire."""

    async def close(self) -> None: ...


class Connector(Protocol):
    """Our side of a bot's protocol, for one version of one bot."""

    facts: frozenset[Fact]  # what its replies can tell; other facts are not evaluated
    fresh_sessions: bool  # else a suite's `discardMessage` is sent first (testing-api.md 8.1)

    async def open(self, opening: Opening) -> Session:
        """Start a fresh conversation. Raises ConnectorError."""

    async def aclose(self) -> None: ...


class Utterance(msgspec.Struct, frozen=True):
    """One utterance to classify, outside any conversation."""

    text: str
    language: str
    parent_intents: tuple[str, ...] = ()


class Classifier(Protocol):
    """A bot's way to classify utterances; `chunk` says how many it likes at a time (1: one call each)."""

    chunk: int

    async def classify(self, utterances: Sequence[Utterance]) -> list[Classification | ConnectorError]:
        """One answer for each utterance, in order; errors are returned in place, never raised."""

    async def aclose(self) -> None: ...


class Connectors(Protocol):
    """Builds our side of a bot; implemented by `wiring`."""

    def connector(self, bot: Bot, version: Version) -> Connector:
        """Raises Malformed when the bot's settings make no connector."""

    def classifier(self, bot: Bot, version: Version) -> Classifier:
        """Raises Malformed when the bot cannot classify at all."""

    def training(self, bot: Bot, version: Version) -> Iterator[BatchCase] | None:
        """The bot's training utterances, each with its intent; None: we have none. Blocking."""


# --- time, chance -------------------------------------------------------------------------------


class Clock(Protocol):
    def now(self) -> datetime:
        """The time of day, UTC, aware."""

    def monotonic(self) -> float:
        """Seconds that never go back."""

    async def sleep(self, seconds: float) -> None: ...


NewId = Callable[[str], str]
"""`new_id("ctr")` -> "ctr-<uuid>"; `new_id("")` -> 24 hex digits."""


# --- what is kept -------------------------------------------------------------------------------


class Page(msgspec.Struct, frozen=True):
    """A part of a list. `count` is the size of the whole list."""

    count: int
    more: bool


class SuitePage(Page, frozen=True):
    items: tuple[Suite, ...]


class RunPage(Page, frozen=True):
    items: tuple[Run, ...]


class BotStore(Protocol):
    def save(self, bot: Bot) -> None:
        """Add the bot, or replace the one of the same id."""

    def get(self, bot_id: str) -> Bot | None: ...
    def by_name(self, name: str) -> Bot | None: ...
    def all(self) -> list[Bot]: ...
    def remove(self, bot_id: str) -> bool:
        """Also removes its suites and runs; False when there is none."""


class AppStore(Protocol):
    def add(self, app: App) -> None: ...
    def get(self, client_id: str) -> App | None:
        """Revoked apps too."""

    def all(self) -> list[App]: ...
    def revoke(self, client_id: str) -> bool: ...


class FileStore(Protocol):
    """Records of files; their bytes lie in Blobs."""

    def add(self, file: StoredFile) -> None: ...
    def get(self, file_id: str) -> StoredFile | None: ...
    def remove(self, file_id: str) -> None: ...


class Unit(msgspec.Struct, frozen=True):
    """What is played at a time: a conversation, or a chunk of utterances.

    `index` counts units from 0; `first` is the index of its first step or case over the whole suite.
    """

    index: int
    first: int
    cases: "tuple[TestCase] | tuple[BatchCase, ...]"

    @property
    def size(self) -> int:
        """Steps, or batch cases."""
        return sum(len(case.steps) if isinstance(case, TestCase) else 1 for case in self.cases)


class SuiteStore(Protocol):
    """Suites and their units. A staged suite is not seen by `get` and `page`, but its name is taken."""

    def stage(self, suite: Suite) -> None:
        """Begin a new suite, unseen. Raises Conflict when kind and name are taken on this bot."""

    def restage(self, suite: Suite) -> None:
        """Rewrite what a staged suite says besides its units."""

    def stage_revision(self, suite: Suite) -> Suite:
        """Begin the next revision of a suite, unseen, with what it is to say besides its units; returns it
        with its number, which is never given twice. Raises NotFound."""

    def add_units(self, suite_id: str, revision: int, kind: SuiteKind, units: Iterable[Unit]) -> None:
        """Append units to a staged suite or revision, in bulk."""

    def publish(self, suite: Suite) -> None:
        """Make the suite with exactly this revision the one that is seen; `unit_count` and `total` are
        counted here. A conversation suite's older revisions stay, a batch suite's while a run refers to them.
        Raises Conflict for a revision that was overtaken or discarded."""

    def replace_unit(self, suite_id: str, revision: int, unit: Unit) -> None:
        """Put a validated conversation in its place (before `publish`)."""

    def discard(self, suite_id: str, revision: int) -> None:
        """Forget a staged suite or revision."""

    def discard_abandoned(self, before: datetime) -> int:
        """Forget staged suites and revisions begun before a time that no running run refers to; how many.
        Suites staged under their id and revisions without a file belong to a command, which may live: they
        go when they are a day older."""

    def get(self, bot_id: str, kind: SuiteKind, name: str) -> Suite | None: ...
    def by_id(self, suite_id: str) -> Suite | None:
        """Staged ones too."""

    def page(
        self, bot_id: str, kind: SuiteKind, *, skip: int, limit: int, tag: str = "", intent: str = ""
    ) -> SuitePage:
        """By name, without the prebuilt ones. `intent`: suites one of whose steps expects that intent id
        (conversation only)."""

    def revision(self, suite_id: str, revision: int, *, staged: bool = False) -> Suite | None:
        """The suite as it is, or was, with this revision; `staged`: or is to be."""

    def revisions(self, suite_id: str, *, skip: int, limit: int) -> SuitePage:
        """The revisions that are or were seen and are kept, newest first."""

    def same_units(self, suite_id: str, one: int, other: int) -> bool:
        """Whether two revisions hold the same units."""

    def units(self, suite_id: str, revision: int, *, first: int = 0) -> Iterator[Unit]:
        """From the unit `first` on, in order, read page by page."""

    def unit(self, suite_id: str, revision: int, index: int) -> Unit: ...
    def remove(self, suite_id: str) -> list[StoredFile]:
        """With its runs and results; returns the files that nobody refers to any more (their records are
        gone, their blobs are the caller's to delete)."""


class FinishedUnit(msgspec.Struct, frozen=True):
    """A played unit on its way into the store."""

    index: int
    results: "tuple[StepResult, ...] | tuple[CaseResult, ...]"
    repeat: int = 0


class Place(NamedTuple):
    """Where a unit stands in the order of a run: all units once, then all of them again."""

    repeat: int
    unit: int


BEFORE_ALL = Place(0, -1)


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
    ) -> Run:
        """End a run that is still running, once: sets counts, tally, `ended_on`, and `done` = total where it
        was not ended from outside; frees the lease. In the same transaction `broken_off` (what the end left
        of units in flight) is kept, and `publish` (the suite that an import makes seen, see
        SuiteStore.publish) is shown. Returns the run as it stands (an ended run is not changed)."""

    def counts(self, run_id: str) -> Counts:
        """By verdict; steps without a result count as not executed."""

    def tally(self, run_id: str) -> Tally:
        """Of the committed case results; cases without one are not counted."""

    def step_results(self, run_id: str, *, first: int = 0, limit: int | None = None) -> Iterator[StepResult]:
        """In order of (unit, repeat, index), those of an index from `first` on, read page by page."""

    def case_results(self, run_id: str, *, first: int = 0, limit: int | None = None) -> Iterator[CaseResult]:
        """In order of index from `first` on, read page by page."""

    def remove(self, run_id: str) -> list[StoredFile]:
        """With its results; returns the files that are nobody's now (see SuiteStore.remove)."""


class RateStore(Protocol):
    def reserve(self, bot_id: str, tokens: int, per_second: float, *, now: float) -> float:
        """Take tokens from the bot's row over all processes; returns the epoch time from which they may be
        spent, `1 / per_second` apart."""


class Store(Protocol):
    bots: BotStore
    apps: AppStore
    files: FileStore
    suites: SuiteStore
    runs: RunStore
    rates: RateStore

    def ping(self) -> None:
        """Raises when the database does not answer."""

    def close(self) -> None: ...


class Blobs(Protocol):
    """Bytes by key: a local folder or object storage."""

    async def put(self, key: str, chunks: AsyncIterator[bytes] | bytes) -> None: ...
    def put_file(self, key: str, path: Path) -> None:
        """Blocking; called in a thread."""

    def open(self, key: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """Chunks of at most about 1 MiB. Raises NotFound."""

    def reader(self, key: str) -> BinaryIO:
        """A blocking, seekable binary reader; called in a thread. Raises NotFound."""

    def delete(self, key: str) -> None:
        """Blocking; a missing key is fine."""

    def ping(self) -> None: ...


# --- who plays ----------------------------------------------------------------------------------

Listener = Callable[[Event], None]
"""Shows events; must not block and must not raise."""


class Dispatcher(Protocol):
    """Who plays accepted runs: in this process, or over a queue."""

    async def start(self) -> None:
        """Begin to play, the runs of dead owners too."""

    async def submit(self, run_id: str) -> None:
        """A run was accepted: play it soon."""

    async def cancel(self, run_id: str) -> None:
        """A run was asked to cancel: hurry."""

    async def aclose(self) -> None:
        """Stop in good order; unfinished runs go on at the next start."""

    def healthy(self) -> bool: ...
