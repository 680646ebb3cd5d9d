"""What the server answers, typed. Every answer also keeps the whole document in `raw`.

Names are ours; the wire's stand in `field(name=...)`. A key that is not listed here is found in `raw`.
"""

from datetime import datetime
from typing import Any, Literal, TypeVar

import msgspec
from msgspec import field

from vivavoce.client.errors import UnexpectedAnswer


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One JSON object of the server."""

    raw: dict[str, Any]


A = TypeVar("A", bound=Answer)


def read(document: dict[str, Any], kind: type[A]) -> A:
    """The document as a typed answer. Raises UnexpectedAnswer, naming the place."""
    try:
        return msgspec.convert({**document, "raw": document}, kind)
    except msgspec.ValidationError as error:
        raise UnexpectedAnswer(f"the server's answer is not a {kind.__name__}: {error}") from error


class UploadedFile(Answer, frozen=True):
    id: str = field(name="fileId")
    hash: str = ""  # SHA-256, hex


# --- conversation suites ------------------------------------------------------------------------


class Log(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an import's log; `step` is 0-based."""

    level: str
    message: str
    time: datetime | None = None
    step: int | None = None


class Import(Answer, frozen=True):
    """How the import (with its validation) of a conversation suite stands."""

    id: str = field(name="_id")
    status: Literal["IN_PROGRESS", "SUCCESS", "FAILED"]
    percentage: int = field(name="percentageComplete")
    suite_id: str = field(name="testSuiteId", default="")
    logs: tuple[Log, ...] = field(name="statusLogs", default=())
    suite: dict[str, Any] | None = field(name="response", default=None)  # the suite document, on SUCCESS
    proposals: tuple[dict[str, Any], ...] = ()  # of an import with `replays`: what may vary, by step

    @property
    def ended(self) -> bool:
        return self.status != "IN_PROGRESS"

    @property
    def ok(self) -> bool:
        return self.status == "SUCCESS"


class StepCounts(msgspec.Struct, frozen=True, kw_only=True):
    passed: int
    failed: int
    total: int
    not_executed: int = field(name="notExecuted", default=0)


class Execution(msgspec.Struct, frozen=True, kw_only=True):
    """One played step; outputs as on the wire."""

    input: str
    status: Literal["passed", "failed", "notExecuted"]
    actual: tuple[dict[str, Any], ...] = field(name="actualOutput")
    expected: tuple[dict[str, Any], ...] = field(name="outputs")
    request_id: str = field(name="requestId", default="")
    event: str = ""
    intents: tuple[str, ...] = ()
    faqs: tuple[str, ...] = ()
    smalltalk: tuple[str, ...] = ()
    repeat: int = 1  # from 1, of a run that repeats its cases


class ConversationResult(msgspec.Struct, frozen=True, kw_only=True):
    version: str  # configured (in development) or published
    start: datetime | None = field(name="startTime", default=None)
    steps: StepCounts | None = field(name="stepDetails", default=None)  # when ended
    duration_ms: int | None = field(name="duration", default=None)  # when ended
    error_details: str | None = field(name="errorDetails", default=None)  # not in the brief form
    repeats: dict[str, Any] | None = None  # when ended, of a run that repeated its cases: see docs
    executions: tuple[Execution, ...] = field(name="executionResults", default=())  # not in the brief form


class ConversationRun(Answer, frozen=True):
    """How a run of a conversation suite stands."""

    id: str = field(name="_id")
    suite_id: str = field(name="testSuiteId")
    status: Literal["inprogress", "passed", "failed", "aborted"]
    total_steps: int = field(name="totalTestStepsCount")
    percentage: int = field(name="percentageCompleted")
    result: ConversationResult
    suite_revision: int = field(name="suiteRevision", default=1)

    @property
    def ended(self) -> bool:
        return self.status != "inprogress"

    @property
    def ok(self) -> bool:
        return self.status == "passed"


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation suite as it was from one import to the next."""

    number: int = field(name="revision")
    name: str
    description: str = ""
    tags: tuple[str, ...] = ()
    created_by: str = field(name="createdBy", default="")  # u-<uuid>
    created_on: datetime | None = field(name="createdOn", default=None)
    file_name: str = field(name="fileName", default="")
    file_id: str = field(name="fileId", default="")
    total_cases: int = field(name="totalTestCasesCount", default=0)
    total_steps: int = field(name="totalTestStepsCount", default=0)


class RevisionPage(Answer, frozen=True):
    """The history of a conversation suite, newest first."""

    count: int
    more: bool = field(name="moreAvailable")
    revisions: tuple[Revision, ...]


class SuiteLine(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation suite in a list."""

    id: str = field(name="_id")
    name: str
    description: str = ""
    tags: tuple[str, ...] = ()
    created_on: datetime | None = field(name="createdOn", default=None)
    modified_on: datetime | None = field(name="lModOn", default=None)
    total_steps: int = field(name="totalTestStepsCount", default=0)
    last_run: dict[str, Any] | None = field(name="lastRun", default=None)


class SuitePage(Answer, frozen=True):
    """Conversation suites by name; `count` is the size of the whole list."""

    count: int
    more: bool = field(name="moreAvailable")
    suites: tuple[SuiteLine, ...] = field(name="testSuites")


class RunPage(Answer, frozen=True):
    """Runs of a conversation suite as brief status documents, newest first."""

    count: int
    more: bool = field(name="moreAvailable")
    runs: tuple[dict[str, Any], ...]


# --- batch suites -------------------------------------------------------------------------------


class BatchSuite(Answer, frozen=True):
    """The record of an imported batch suite."""

    id: str = field(name="_id")
    name: str
    description: str = ""
    language: str = ""
    file_id: str = field(name="fileId", default="")
    file_name: str = field(name="fileName", default="")


class Tally(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a batch run adds up to; errored utterances are in `failed_utterance_count`, not in TP to FN."""

    tp: int = field(name="TP", default=0)
    tn: int = field(name="TN", default=0)
    fp: int = field(name="FP", default=0)
    fn: int = field(name="FN", default=0)
    success: int = 0
    failure: int = 0
    trait_success: int = 0
    trait_failure: int = 0
    total_entities_count: int = 0
    matched_entities_count: int = 0
    total_traits_count: int = 0
    matched_traits_count: int = 0
    failed_utterance_count: int = 0
    failed_entities_count: int = 0


class BatchResult(msgspec.Struct, frozen=True, kw_only=True):
    """Scores are the wire's two decimals, 0.00 where undefined; None while running."""

    run_type: str = field(name="runType", default="")
    language: str = field(name="botLanguage", default="")
    partial_failure: bool = field(name="isPartialFailure", default=False)
    available: bool = field(name="isAvailable", default=False)
    start: datetime | None = field(name="startTime", default=None)
    end: datetime | None = field(name="endTime", default=None)
    f1_text: str | None = field(name="f1_score", default=None)
    precision_text: str | None = field(name="precision", default=None)
    recall_text: str | None = field(name="recall", default=None)
    tally: Tally | None = field(name="results", default=None)
    file_id: str | None = field(name="fileId", default=None)
    file_url: str | None = field(name="fileUrl", default=None)  # signed: works without a token, for a day
    error_details: str | None = field(name="errorDetails", default=None)

    @property
    def f1(self) -> float | None:
        return None if self.f1_text is None else float(self.f1_text)

    @property
    def precision(self) -> float | None:
        return None if self.precision_text is None else float(self.precision_text)

    @property
    def recall(self) -> float | None:
        return None if self.recall_text is None else float(self.recall_text)


class BatchRun(Answer, frozen=True):
    """How a run of a batch suite stands."""

    id: str = field(name="_id")
    suite_id: str = field(name="testSuiteId")
    status: Literal["running", "completed", "failed", "cancelled"]
    total: int = field(name="utterance_count")
    result: BatchResult
    utterances_run: int | None = field(name="utterance_ran", default=None)  # while running
    running_percentage: int | None = field(name="percentage", default=None)  # while running

    @property
    def ended(self) -> bool:
        return self.status != "running"

    @property
    def percentage(self) -> int:
        if self.running_percentage is not None:
            return self.running_percentage
        return 100 if self.status == "completed" else 0

    @property
    def ok(self) -> bool:
        """The run was carried out; how good the bot is stands in `result`."""
        return self.status == "completed"


class BatchSuiteLine(msgspec.Struct, frozen=True, kw_only=True):
    """A batch suite in a list; the prebuilt ones have no name of their own."""

    id: str = ""
    kind: str = field(name="testSuiteType")  # custom | prebuilt
    name: str = ""
    description: str = ""
    results: tuple[dict[str, Any], ...] = ()


class BatchSuitePage(Answer, frozen=True):
    """Batch suites; `count` leaves the prebuilt ones out."""

    count: int
    more: bool = field(name="moreAvailable")
    suites: tuple[BatchSuiteLine, ...] = ()


class Export(Answer, frozen=True):
    """Where an exported batch suite can be fetched (`Client.save`)."""

    name: str
    url: str = field(name="downloadUrl")
    description: str = ""


# --- find intent --------------------------------------------------------------------------------


class Resolver(msgspec.Struct, frozen=True, kw_only=True):
    winning: tuple[dict[str, Any], ...] = field(name="winningIntent", default=())
    entities: tuple[dict[str, Any], ...] = ()


class Detection(Answer, frozen=True):
    """What the bot recognised in one utterance."""

    result: str  # successintent | failintent | ambiguousintent
    task: str = ""
    resolver: Resolver = field(name="finalResolver", default_factory=Resolver)
