"""The figures of a batch run: `domain.evaluation.values`, with what follows from the counts written out."""

from typing import Annotated

from msgspec import field

from vivavoce.domain.advising.values import Tag, Topic
from vivavoce.domain.batch.utterance import IntentType
from vivavoce.domain.evaluation.intervals import Interval
from vivavoce.formats.reports.shapes.base import Count, Ends, Figures, Shape, Share, about

Named = Annotated[str | None, about("null: no intent.")]


class Rate(Shape, frozen=True, kw_only=True):
    """So many of so many."""

    hits: Count
    of: Count
    value: Share
    interval: Ends


class Tally(Shape, frozen=True, kw_only=True):
    """What the utterances add up to, counted as the platform does."""

    tp: Count = field(name="TP")
    tn: Count = field(name="TN")
    fp: Count = field(name="FP")
    fn: Count = field(name="FN")
    errors: Annotated[Count, about("Could not be classified; in no other figure.")]
    trait_success: Annotated[Count, about("Utterances whose expected traits were all found.")]
    trait_failure: Count
    total_traits: Count
    matched_traits: Count
    total_entities: Count
    matched_entities: Count
    failed_entities: Count


class Label(Shape, frozen=True, kw_only=True):
    """One intent, intent type, entity or trait, one against the rest."""

    name: str
    type: Annotated[IntentType, about("Of an intent, where it is known.")] = ""
    support: Annotated[Count, about("Judged utterances, or expectations, that expected it.")]
    tp: Count = field(name="TP")
    fp: Count = field(name="FP")
    fn: Count = field(name="FN")
    tn: Count = field(name="TN")
    precision: Share
    precision_interval: Ends
    recall: Share
    recall_interval: Ends
    f1: Share
    f1_interval: Annotated[Interval | None, about("Both ends of a 95 % interval.")]
    extra: Annotated[Count, about("Of a trait: found beside the expected ones, which is no error.")] = 0
    accuracy: Share


class Average(Shape, frozen=True, kw_only=True):
    """Over the intents; where one is undefined, it is left out of its mean."""

    precision: Share
    recall: Share
    f1: Share


class Averages(Shape, frozen=True, kw_only=True):
    """Micro: over the summed counts. Macro: the plain mean. Weighted: the mean by support."""

    micro: Average
    macro: Average
    weighted: Average


class Example(Shape, frozen=True, kw_only=True):
    """An utterance that shows what a figure is made of."""

    index: Annotated[Count, about("Of its result.")]
    utterance: str
    line: Annotated[Count, about("Of the suite's file; 0: unknown.")]
    score: Annotated[float | None, about("Of what was matched.")]


class Confusion(Shape, frozen=True, kw_only=True):
    """A cell of the confusion matrix off its diagonal."""

    expected: Named
    matched: Named
    count: Count
    examples: Annotated[tuple[Example, ...], about("The first ones.")]


class OutOfScope(Shape, frozen=True, kw_only=True):
    """How utterances that mean nothing to the bot, and those that do, were told apart."""

    rejected: Annotated[Rate, about("Of those that expect no intent: none was matched.")]
    accepted: Annotated[Rate, about("Of those that expect an intent: one was matched, right or wrong.")]
    precision: Annotated[Rate, about("Of those where none was matched: none was expected.")]


class ScoreBin(Shape, frozen=True, kw_only=True):
    """Matches with a score from `low` up to `high`."""

    low: float
    high: float
    right: Count
    wrong: Count
    mean_score: float | None


class Calibration(Shape, frozen=True, kw_only=True):
    """How far the bot's scores say how sure one can be."""

    bins: tuple[ScoreBin, ...]
    scored: Count
    unscored: Annotated[Count, about("Matches without a score from 0 to 1.")]
    error: Annotated[Share, about("Expected calibration error.")]


class SweepPoint(Figures, frozen=True, kw_only=True):
    """What the run would have come to with this threshold."""

    threshold: float


class Advice(Shape, frozen=True, kw_only=True):
    """What to do next, and why."""

    topic: Topic
    tag: Annotated[Tag, about("The platform's follow-up tag; empty: it has none for this.")]
    intents: Annotated[tuple[str, ...], about("What is to be changed first, then what it concerns besides.")]
    text: Annotated[str, about("Plain sentences, with the numbers.")]
    cases: Annotated[Count, about("Utterances that it is about, at most.")]
    examples: tuple[Example, ...]


class Warned(Shape, frozen=True, kw_only=True):
    """What utterances warned of."""

    text: str
    count: Annotated[Count, about("Utterances.")]


class Evaluation(Shape, frozen=True, kw_only=True):
    """All figures of a batch run. Utterances in error enter none of them but their own count."""

    tally: Tally
    judged: Count
    passed: Annotated[Rate, about("Utterances that pass as tests: intent, traits and entities.")]
    accuracy: Annotated[Rate, about("(TP + TN) of all judged ones.")]
    precision: Rate
    recall: Rate
    f1: Share
    averages: Averages
    intents: tuple[Label, ...]
    no_intent: Annotated[Label, about("No intent as one more label.")]
    types: Annotated[tuple[Label, ...], about("Intents by their type.")]
    entities: tuple[Label, ...]
    traits: tuple[Label, ...]
    confusions: Annotated[tuple[Confusion, ...], about("Most frequent first.")]
    out_of_scope: OutOfScope
    calibration: Calibration
    sweep: Annotated[tuple[SweepPoint, ...], about("Empty where no scores were stored.")]
    warnings: Annotated[tuple[Warned, ...], about("Most frequent first; 100 different ones at most.")]
    advice: Annotated[tuple[Advice, ...], about("Most urgent first.")]
