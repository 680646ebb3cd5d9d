"""The report and its runs, without their results: the results follow each on a line of its own."""

from typing import Annotated, Any, Literal

from msgspec import Meta, field

from vivavoce.domain.bot import Version
from vivavoce.domain.run import RunKind, RunStatus
from vivavoce.domain.suite import PassRule
from vivavoce.formats.reports.shapes.base import Count, Shape, Share, Time, about
from vivavoce.formats.reports.shapes.figures import Evaluation


class Bot(Shape, frozen=True, kw_only=True):
    """The bot that was tested."""

    id: str
    name: str


class Counts(Shape, frozen=True, kw_only=True):
    """Steps of a conversation run, or utterances of a batch run."""

    passed: Count
    failed: Annotated[Count, about("The bot is wrong.")]
    error: Annotated[Count, about("The bot or the network failed, or what came is undecided.")]
    not_executed: Count


class Metrics(Shape, frozen=True, kw_only=True):
    """What a batch run comes to, counted as the platform does: each utterance is one of TP, TN, FP and FN."""

    precision: Share
    recall: Share
    f1: Share
    accuracy: Share
    tp: Annotated[Count, Meta(description="The right intent.")] = field(name="TP")
    tn: Annotated[Count, Meta(description="Rightly none.")] = field(name="TN")
    fp: Annotated[Count, Meta(description="A wrong intent.")] = field(name="FP")
    fn: Annotated[Count, Meta(description="Wrongly none.")] = field(name="FN")
    errors: Annotated[Count, about("Could not be classified; in no other figure.")]


class Intent(Shape, frozen=True, kw_only=True):
    """One intent, one against the rest; `evaluation.intents` says more of it."""

    intent: str
    support: Annotated[Count, about("Judged utterances that expected it.")]
    tp: Count = field(name="TP")
    fp: Count = field(name="FP")
    fn: Count = field(name="FN")
    precision: Share
    recall: Share
    f1: Share


class Plan(Shape, frozen=True, kw_only=True):
    """What was chosen of a suite, and how often it was played: the names are those of the API's run body."""

    cases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    last_failed: bool = False
    shard: str = ""
    fail_fast: bool = False
    repeat: Annotated[int, Meta(ge=1)] = 1
    pass_rule: PassRule | None = None


class Spread(Shape, frozen=True, kw_only=True):
    """How long the repeats took, in milliseconds."""

    shortest: float
    median: float
    longest: float


class FlakyCase(Shape, frozen=True, kw_only=True):
    """A case whose repeats disagree."""

    case: str
    unit: Count
    passed: Count
    failed: Count
    error: Count
    repeats: Annotated[int, Meta(ge=1)]
    pass_rule: PassRule
    duration_ms: Spread


class Repeats(Shape, frozen=True, kw_only=True):
    """Cases by whether they met their pass rule over their repeats."""

    passed: Count
    failed: Count
    error: Count
    not_executed: Count
    flaky_count: Count
    flaky: Annotated[tuple[FlakyCase, ...], about("The first 100.")]


class Head(Shape, frozen=True, kw_only=True):
    """A run without its results, as it is written."""

    id: str
    kind: RunKind
    suite: str
    revision: Annotated[Count, about("Of the suite.")]
    bot: Bot
    bot_version: Version
    language: str
    engine: Annotated[str, about("Of a batch run: regression or dgpt.")]
    notes: str
    status: RunStatus
    error_details: str | None
    created_on: Time
    started_on: Time
    ended_on: Time
    total: Annotated[Count, about("Steps or utterances that were to be played.")]
    counts: Counts
    pass_rate: Share
    metrics: Annotated[Metrics | None, about("null for conversation runs.")]
    intents: Annotated[tuple[Intent, ...] | None, about("null for conversation runs.")]
    thresholds: Annotated[dict[str, str], about("The bot's NLU settings, as in the CSV report.")] = field(
        default_factory=dict
    )
    judged_from: Annotated[str, about("Id of the run whose kept replies this one judged again.")] = ""
    plan: Plan | None = None
    repeats: Repeats | None = None
    evaluation: Annotated[Evaluation | None, about("All figures of a batch run.")] = None


class Run(Head, frozen=True, kw_only=True):
    """One execution of one suite against one version of one bot."""

    results: Annotated[tuple[Any, ...], about("Steps or utterances, by the kind of the run.")]


class Report(Shape, frozen=True, kw_only=True):
    """The report that `--json` writes, and that `--baseline` compares with."""

    format: Literal["vivavoce-report"]
    version: Literal[1]
    runs: tuple[Run, ...]
