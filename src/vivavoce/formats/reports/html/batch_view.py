"""What the template of a batch run is given, as plain values."""

from dataclasses import dataclass

from vivavoce.domain.advising.values import Advice
from vivavoce.domain.evaluation.intervals import Interval
from vivavoce.domain.evaluation.values import Evaluation, Example, LabelMetrics
from vivavoce.formats.reports.html import charts
from vivavoce.formats.reports.html.failing import Failing, FailingCase
from vivavoce.formats.reports.html.matrix import Matrix
from vivavoce.formats.reports.html.run_head import RunHead, Section


@dataclass(frozen=True)
class Card:
    """A key figure. `explained` says what it is a share of."""

    name: str
    value: float | None
    text: str
    interval: Interval | None
    explained: str
    tone: str = ""


@dataclass(frozen=True)
class LostTo:
    """What an intent loses to. `link`: the id of the failing cases."""

    name: str
    count: int
    link: str
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class Weak:
    label: LabelMetrics
    lost: tuple[LostTo, ...]
    more: int  # confusions with others


@dataclass(frozen=True)
class AdviceRow:
    """What to do. `link`: the id of some of the failing cases that it is about."""

    advice: Advice
    link: str


@dataclass(frozen=True)
class LabelTable:
    """`kind` is the heading of the first column; `left_out` rows are beyond the cap."""

    anchor: str
    kind: str
    title: str
    rows: tuple[LabelMetrics, ...]
    left_out: int


@dataclass(frozen=True)
class PairRow:
    expected: str
    matched: str
    count: int
    share: float | None  # of the cases that expect it
    link: str
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class FailingTable:
    """One confused pair, or another way not to pass, with its cases."""

    anchor: str
    expected: str
    matched: str
    title: str  # in place of the pair
    count: int
    cases: tuple[FailingCase, ...]


@dataclass(frozen=True)
class BatchPage:
    """Everything a template needs; made in one pass over the results besides that of the evaluation."""

    template = "batch.html"

    head: RunHead
    evaluation: Evaluation
    sentence: str
    cards: tuple[Card, ...]
    advice: tuple[AdviceRow, ...]
    more_advice: int
    weakest: tuple[Weak, ...]
    tables: tuple[LabelTable, ...]
    matrix: Matrix
    pairs: tuple[PairRow, ...]
    more_pairs: int
    histogram: charts.Histogram | None
    dots: tuple[charts.Dot, ...]
    sweep: charts.Sweep | None
    threshold_note: str  # how far the best threshold of the sweep can be trusted
    failing: Failing
    failing_tables: tuple[FailingTable, ...]

    @property
    def against_best(self) -> list[tuple[str, float | None, float | None]]:
        """This run's figures and those at the best threshold."""
        assert self.sweep is not None
        best, tally = self.sweep.best, self.evaluation.tally
        now = LabelMetrics(name="", tp=tally.tp, fp=tally.fp, fn=tally.fn, tn=tally.tn)
        return [
            ("F1", now.f1, best.f1),
            ("Precision", now.precision, best.precision),
            ("Recall", now.recall, best.recall),
            ("Accuracy", now.accuracy, best.accuracy),
        ]

    @property
    def sections(self) -> list[Section]:
        """What the table of contents lists."""
        found = [("summary", "Summary")]
        if self.advice:
            found.append(("next", "What to do next"))
        if self.weakest:
            found.append(("weakest", "Weakest intents"))
        if self.pairs:
            found.append(("confusions", "Confusions"))
        found += [(table.anchor, table.title) for table in self.tables]
        if self.evaluation.out_of_scope.rejected.of:
            found.append(("scope", "Out of scope"))
        if self.histogram:
            found.append(("scores", "Scores"))
        if self.sweep:
            found.append(("threshold", "Threshold"))
        if self.failing_tables:
            found.append(("failing", "Failing cases"))
        if self.failing.warnings:
            found.append(("warnings", "Warnings"))
        return [Section(f"{self.head.anchor}-{anchor}", title) for anchor, title in found]
