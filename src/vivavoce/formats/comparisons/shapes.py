"""The JSON comparison as types: what is written, and what the published schema is made of."""

from typing import Annotated, Literal

from vivavoce.domain.bot import Version
from vivavoce.domain.comparing.judging import Trend
from vivavoce.domain.evaluation.intervals import Interval
from vivavoce.domain.run import RunStatus
from vivavoce.domain.verdict import Verdict
from vivavoce.formats.reports.shapes.base import Count, Figures, Shape, Share, Time, about

Chance = Annotated[float | None, about("A p-value, from 0 to 1; null: there is none.")]
Named = Annotated[str | None, about("null: no intent.")]
Names = tuple[str, ...]


class Bot(Shape, frozen=True, kw_only=True):
    id: str
    name: str


class Run(Shape, frozen=True, kw_only=True):
    """One of the two runs."""

    id: str
    suite: str
    revision: int
    bot: Bot
    bot_version: Version
    language: str
    status: RunStatus
    created_on: Time
    cases: Annotated[Count, about("Utterances, or conversations over all their repeats.")]


class Rule(Shape, frozen=True, kw_only=True):
    """What is borne."""

    max_regressions: Annotated[Count, about("Cases that may newly fail.")]
    significance: Annotated[float | None, about("A worse result only counts below this p-value.")]
    max_errors: Annotated[Count, about("Errors that may hide a case that newly fails.")]


class Verdicts(Shape, frozen=True, kw_only=True):
    """What the comparison comes to."""

    standing: Annotated[Literal["held", "worse", "unknown"], about("By the rule; exit codes 0, 1 and 3.")]
    trend: Annotated[Trend, about("Of the whole, beyond chance; same: no real difference.")]
    sentence: str
    rule: Rule


class Effect(Shape, frozen=True, kw_only=True):
    """How much, and how surely, over the cases that count."""

    p_value: Annotated[float | None, about("McNemar's exact test, two-sided; null: nothing to compare.")]
    pass_rate_before: Share
    pass_rate_after: Share
    change: Annotated[float | None, about("Of the pass rate, -1 to 1.")]
    change_interval: Annotated[Interval | None, about("Agresti and Min's 95 % interval of it.")]
    least_change: Annotated[float | None, about("The smallest change that so many cases could have shown.")]


class Label(Figures, frozen=True, kw_only=True):
    """An intent in one run over the cases that count, one against the rest."""

    support: Count


class Drift(Shape, frozen=True, kw_only=True):
    """A confused pair whose count changed."""

    expected: Named
    matched: Named
    before: Count
    after: Count
    kind: Literal["new", "grown", "shrunk", "gone"]


class Intent(Shape, frozen=True, kw_only=True):
    """An intent of which something changed."""

    intent: Named
    before: Label
    after: Label
    newly_failing: Annotated[Count, about("Of the cases that expect it.")]
    newly_passing: Count
    p_value: Annotated[float, about("McNemar's exact test over the cases that expect it.")]
    adjusted_p_value: Annotated[
        float | None, about("After Holm's correction; null: too few of its cases changed to tell anything.")
    ]
    moved: Annotated[tuple[Drift, ...], about("The confused pairs that changed most.")]


class Case(Shape, frozen=True, kw_only=True):
    """An utterance or a conversation."""

    name: Annotated[str, about("The utterance, or the case's name.")]
    case_id: str = ""
    line: Annotated[Count, about("Of the suite's file, from 1.")] = 0
    before: Annotated[Verdict | None, about("null: not in the earlier run.")]
    after: Annotated[Verdict | None, about("null: not in the later run.")]
    expected: Names
    expected_before: Annotated[Names, about("Where it is another.")] = ()
    matched_before: Names
    matched_after: Names
    reasons: Annotated[Names, about("Why it does not pass in the later run.")]


class Cases(Shape, frozen=True, kw_only=True):
    """Cases of one sort."""

    count: Count
    shown: Annotated[tuple[Case, ...], about("The first of them, at most 200.")]


class Comparison(Shape, frozen=True, kw_only=True):
    """Two runs of a suite, paired by case."""

    suite: str
    kind: Literal["batch", "conversation"]
    verdict: Verdicts
    before: Run
    after: Run
    compared: Annotated[Count, about("The same case, judged in both runs; all figures are of these.")]
    newly_failing: Cases
    newly_passing: Cases
    still_failing: Cases
    still_passing: Count
    changed: Annotated[Cases, about("Other words under the same id, or another expectation; in no figure.")]
    unjudged: Annotated[Cases, about("In error or not executed in one of the runs; in no figure.")]
    hidden: Annotated[Count, about("Of the unjudged: those that may newly fail.")]
    appeared: Annotated[Cases, about("In the later run alone.")]
    disappeared: Annotated[Cases, about("In the earlier run alone.")]
    effect: Effect
    figures_before: Annotated[Figures | None, about("Over the cases that count; null of conversations.")]
    figures_after: Figures | None
    intents: Annotated[tuple[Intent, ...], about("Those of which something changed, worst first.")]
    drift: Annotated[tuple[Drift, ...], about("Confused pairs, grown most first, shrunk most last.")]


class Document(Shape, frozen=True, kw_only=True):
    """Suites in two runs each."""

    format: Literal["vivavoce-comparison"]
    version: Literal[1]
    comparisons: tuple[Comparison, ...]
