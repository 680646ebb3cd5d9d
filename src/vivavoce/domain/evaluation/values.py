"""The figures of one batch run as values. Cases in error enter none of them but their own count."""

from typing import Final

import msgspec

from vivavoce.domain import metrics
from vivavoce.domain.batch.utterance import IntentType
from vivavoce.domain.evaluation.intervals import Interval, f1_interval, wilson
from vivavoce.domain.run import Tally

NO_INTENT: Final = ""
"""The name that stands for "no intent" in confusions; reports show `None`."""

EXAMPLES = 5  # utterances kept for each confused pair and each label
WARNINGS = 100  # different ones kept
SWEPT = 101  # thresholds that a sweep looks at: 0.00, 0.01, ... 1.00
BINS = 20  # of a histogram of scores


class Rate(msgspec.Struct, frozen=True):
    """A share: so many of so many."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """0 to 1; None where there was nothing."""
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> Interval | None:
        """Wilson's 95 % interval; None where there was nothing."""
        return wilson(self.hits, self.of)


class Example(msgspec.Struct, frozen=True):
    """A case that shows what a figure is made of."""

    index: int  # 0-based, over the run
    utterance: str
    line: int = 0  # of the suite's file, 0 where unknown
    score: float | None = None  # of what was matched


class Ratios:
    """What follows from TP, FP, FN and TN; None where it is undefined."""

    __slots__ = ()

    @property
    def precision(self: metrics.Hits) -> float | None:
        return metrics.precision(self)

    @property
    def recall(self: metrics.Hits) -> float | None:
        return metrics.recall(self)

    @property
    def f1(self: metrics.Hits) -> float | None:
        return metrics.f1(self)

    @property
    def accuracy(self: metrics.Outcomes) -> float | None:
        return metrics.accuracy(self)


class LabelMetrics(Ratios, msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One intent, intent type, entity or trait over a run, one against the rest.

    `support`: the judged cases (of an entity or a trait: expectations) that expected it. One against the rest
    means: a wrong match is a false positive of what was matched and a false negative of what was expected, so
    that figures with one expected and one matched intent equal scikit-learn's. That is not how the wire
    counts its TP, FP and FN (testing-api.md 4.4), where each case is counted once; see `Evaluation.tally`.
    """

    name: str
    support: int = 0
    tp: int = 0
    fp: int = 0
    fn: int = 0
    tn: int = 0
    type: IntentType = ""  # of an intent, where the bot tells it or the name does
    named: bool = False  # of an intent: by the bot, among what it considered
    extra: int = 0  # of a trait: found beside the expected ones, which is no error (4.4), so no `fp` either

    @property
    def precision_rate(self) -> Rate:
        return Rate(self.tp, self.tp + self.fp)

    @property
    def recall_rate(self) -> Rate:
        return Rate(self.tp, self.tp + self.fn)

    @property
    def f1_interval(self) -> Interval | None:
        """95 %; None where F1 is undefined."""
        return f1_interval(self.tp, self.fp, self.fn)


class Average(msgspec.Struct, frozen=True):
    """Precision, recall and F1 over several labels; one where a figure is undefined is not in its mean."""

    precision: float | None
    recall: float | None
    f1: float | None


class Averages(msgspec.Struct, frozen=True):
    """Micro: over the summed counts. Macro: the labels' plain mean. Weighted: their mean by support."""

    micro: Average
    macro: Average
    weighted: Average


class Confusion(msgspec.Struct, frozen=True):
    """One cell of the confusion matrix off its diagonal. `NO_INTENT` may stand on either side."""

    expected: str
    matched: str
    count: int
    examples: tuple[Example, ...] = ()  # the first ones, at most EXAMPLES; of rare pairs among thousands one


class OutOfScope(msgspec.Struct, frozen=True):
    """How utterances that mean nothing to the bot, and those that do, were told apart."""

    rejected: Rate  # of the cases that expect no intent: none was matched (the wire's TN)
    accepted: Rate  # of the cases that expect an intent: one was matched, right or wrong
    precision: Rate  # of the cases where none was matched: none was expected


class ScoreBin(msgspec.Struct, frozen=True):
    """Matches whose score lies in [low, high); the last bin holds 1 as well."""

    low: float
    high: float
    right: int
    wrong: int
    mean_score: float | None  # of all in the bin


class Calibration(msgspec.Struct, frozen=True):
    """How far the bot's scores say how sure one can be. Only matches with a score from 0 to 1 count."""

    bins: tuple[ScoreBin, ...]
    scored: int
    unscored: int  # matches without a usable score
    error: float | None  # expected calibration error: mean of |share right - mean score|, by bin size


class SweepPoint(Ratios, msgspec.Struct, frozen=True):
    """What the run would have come to with this threshold, counted as the wire does (4.4)."""

    threshold: float
    tp: int
    tn: int
    fp: int
    fn: int


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """All figures of one batch run; as JSON some hundred kilobytes, at 150 intents at most some megabytes."""

    tally: Tally  # as the wire counts (4.4); errors in `failed_utterances`
    passed: Rate  # cases that pass as tests, of the judged ones
    intents: tuple[LabelMetrics, ...] = ()  # expected or matched, by name
    no_intent: LabelMetrics  # "no intent" as one more label
    types: tuple[
        LabelMetrics, ...
    ] = ()  # intents by their type: one row a type, name = the type or "unknown"
    entities: tuple[LabelMetrics, ...] = ()  # by entity name
    traits: tuple[LabelMetrics, ...] = ()
    averages: Averages  # over `intents`
    confusions: tuple[Confusion, ...] = ()  # most frequent first, then by names; all cells that are not 0
    out_of_scope: OutOfScope
    calibration: Calibration
    warnings: tuple[tuple[str, int], ...] = ()  # and how often; WARNINGS of them at most
    sweep: tuple[SweepPoint, ...] = ()  # rising thresholds; empty where no scores were stored

    @property
    def accuracy(self) -> Rate:
        """(TP + TN) of all judged cases."""
        return Rate(self.tally.tp + self.tally.tn, self.judged)

    @property
    def judged(self) -> int:
        tally = self.tally
        return tally.tp + tally.tn + tally.fp + tally.fn

    @property
    def best(self) -> SweepPoint | None:
        """The threshold with the highest F1, of equal ones the highest; None where there is no sweep."""
        return max(reversed(self.sweep), key=lambda point: point.f1 or 0.0, default=None)

    def lost_to(self, intent: str) -> list[Confusion]:
        """What an intent loses to, most frequent first."""
        return [pair for pair in self.confusions if pair.expected == intent]
