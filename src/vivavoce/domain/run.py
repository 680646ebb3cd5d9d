"""A run: one execution of one suite against one version of one bot."""

from datetime import datetime
from enum import Enum

import msgspec

from vivavoce.domain.bot import Bot, Version
from vivavoce.domain.suite import PassRule


class RunKind(Enum):
    CONVERSATION = "conversation"
    BATCH = "batch"
    VALIDATION = "validation"  # an import's trial play that captures metadata


class RunStatus(Enum):
    """How a run stands or ended; `server` alone maps these to the platform's words."""

    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"  # nothing failed, something is in error
    CANCELLED = "cancelled"
    UNUSABLE = "unusable"  # the bot was down or throttling (breaker)
    BROKEN = "broken"  # it could not be carried out: our fault, or the run's time was up

    @property
    def ended(self) -> bool:
        return self is not RunStatus.RUNNING


class Counts(msgspec.Struct, frozen=True, omit_defaults=True):
    """Steps of a conversation run, or cases of a batch run, by verdict."""

    passed: int = 0
    failed: int = 0
    error: int = 0
    not_executed: int = 0

    @property
    def judged(self) -> int:
        return self.passed + self.failed

    @property
    def total(self) -> int:
        return self.passed + self.failed + self.error + self.not_executed


class Tally(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a batch run adds up to (the wire's `results`); errored cases are only in `failed_utterances`."""

    tp: int = 0
    tn: int = 0
    fp: int = 0
    fn: int = 0
    trait_success: int = 0
    trait_failure: int = 0
    total_entities: int = 0
    matched_entities: int = 0
    total_traits: int = 0
    matched_traits: int = 0
    failed_utterances: int = 0  # could not be classified: the bot failed
    failed_entities: int = 0


class LogEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of a validation's log (the wire's `statusLogs`)."""

    time: datetime
    level: str  # warning | error
    message: str
    step: int | None = None  # 0-based


class Shard(msgspec.Struct, frozen=True):
    """Part `index` (from 1) of a suite's chosen cases, dealt out in turn to `of` runs."""

    index: int
    of: int


class Selection(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which cases of a suite a run plays. Empty conditions choose all; the shard is taken last."""

    cases: tuple[str, ...] = ()  # patterns of names (`*`, `?`, `[...]`), one of which must fit the whole name
    tags: tuple[str, ...] = ()  # one of which the case, or the suite, must have
    last_failed: bool = False  # only what did not pass when it was last played; all, where all passed
    shard: Shard | None = None


class CaseSum(msgspec.Struct, frozen=True, omit_defaults=True):
    """A case over all its repeats."""

    name: str
    unit: int
    passed: int  # repeats
    played: int  # repeats that were judged: passed or failed
    repeats: int
    rule: PassRule = "all"
    durations_ms: tuple[float, ...] = ()  # of the played repeats
    errors: int = 0  # repeats in error

    @property
    def flaky(self) -> bool:
        """Whether its repeats disagree."""
        return 0 < self.passed < self.played


class Repeated(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a run that plays each case several times adds up to, set at its end."""

    cases: Counts  # by whether they met their pass rule
    flaky: tuple[CaseSum, ...] = ()  # cases whose repeats disagree; the first 100
    flaky_count: int = 0  # of all of them
    own_rules: dict[int, PassRule] = {}  # by unit, of cases that name one


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One run as it is kept. Times are UTC."""

    id: str  # ctr-, tr- or ds-<uuid>
    kind: RunKind
    bot: Bot  # a snapshot
    suite_id: str
    suite_name: str
    revision: int  # of the suite
    version: Version
    language: str
    total: int  # steps (conversation, validation) or cases (batch)
    created_on: datetime
    triggered_by: str = ""  # u-<uuid>
    engine: str = ""  # batch: regression | dgpt
    notes: str = ""
    status: RunStatus = RunStatus.RUNNING
    done: int = 0  # the high-water mark of finished steps or cases
    started_on: datetime | None = None
    ended_on: datetime | None = None
    modified_on: datetime | None = None
    cancel_requested: bool = False
    error_details: str = ""
    counts: Counts | None = None  # set at the end
    tally: Tally | None = None  # batch, set at the end
    logs: tuple[LogEntry, ...] = ()  # validation
    report_file: str = ""  # batch: id of the CSV report's file, set at the end
    thresholds: dict[str, str] = {}  # batch: the bot's NLU settings by their name in the CSV report (4.5)
    # --- conversation runs
    selection: Selection = Selection()
    fail_fast: bool = False  # the first case that does not pass ends the run
    repeats: int = 1  # how often each case is played
    pass_rule: PassRule = "all"  # of cases that name none
    repeated: Repeated | None = None  # of a run with repeats, set at the end
    judged_from: str = ""  # id of the run whose kept replies this one judged again

    @property
    def flaky(self) -> tuple[CaseSum, ...]:
        """Cases whose repeats disagree; the first 100."""
        return self.repeated.flaky if self.repeated else ()

    @property
    def percentage(self) -> int:
        """0 to 100; 100 only of a run that has ended."""
        if self.status.ended:
            return 100 if self.total == 0 else int(self.done * 100 / self.total)
        return min(99, int(self.done * 100 / max(self.total, 1)))
