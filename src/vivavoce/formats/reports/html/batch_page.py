"""What the page shows of a batch run, and how much of it."""

from typing import Final

from vivavoce.domain.advising.values import Advice
from vivavoce.domain.advising.weakest import weakest
from vivavoce.domain.evaluation.intervals import Interval, f1_interval
from vivavoce.domain.evaluation.values import (
    NO_INTENT,
    Confusion,
    Evaluation,
    LabelMetrics,
)
from vivavoce.domain.numbers import counted, figure, span
from vivavoce.formats.reports import digest
from vivavoce.formats.reports.html import charts
from vivavoce.formats.reports.html.batch_view import (
    AdviceRow,
    BatchPage,
    Card,
    FailingTable,
    LabelTable,
    LostTo,
    PairRow,
    Weak,
)
from vivavoce.formats.reports.html.failing import DETAILS, ERRORS, Failing, choose_failing
from vivavoce.formats.reports.html.figures import count
from vivavoce.formats.reports.html.matrix import matrix_of
from vivavoce.formats.reports.html.pairs import Pair, pair_of_cell
from vivavoce.formats.reports.html.run_head import RunHead, run_head
from vivavoce.formats.reports.reported import ReportedRun

NOT_BETTER: Final = "Not better than this run by more than chance."
MAX_ADVICE: Final = 10
MAX_WEAKEST: Final = 12
MAX_LOST_TO: Final = 3  # of a weak intent
MAX_PAIRS: Final = 20
MAX_LABELS: Final = 1_000  # rows of a table


def batch_page(reported: ReportedRun, number: int) -> BatchPage:
    """The page of a report's `number`th run, from 1."""
    evaluation = reported.evaluation
    head = run_head(reported, number)
    failing = choose_failing(reported.cases(), evaluation)
    links = {group.key: f"{head.anchor}-p{place}" for place, group in enumerate(failing.groups, 1)}
    pairs = tuple(_pair_row(pair, evaluation, links) for pair in evaluation.confusions[:MAX_PAIRS])
    return BatchPage(
        head=head,
        evaluation=evaluation,
        sentence=_sentence(evaluation, head),
        cards=_cards(evaluation),
        advice=tuple(_advice_row(each, evaluation, links) for each in reported.advice[:MAX_ADVICE]),
        more_advice=max(0, len(reported.advice) - MAX_ADVICE),
        weakest=_weakest(evaluation, links),
        tables=tuple(_tables(evaluation)),
        matrix=matrix_of(evaluation.confusions, evaluation.intents, evaluation.no_intent, links),
        pairs=pairs,
        more_pairs=len(evaluation.confusions) - len(pairs),
        histogram=charts.histogram_of(evaluation.calibration),
        dots=charts.dots_of(evaluation.calibration),
        threshold_note=digest.threshold(reported.advice) or NOT_BETTER,
        sweep=charts.sweep_of(evaluation.sweep, evaluation.best),
        failing=failing,
        failing_tables=tuple(_failing_tables(failing, evaluation, links)),
    )


def _cards(evaluation: Evaluation) -> tuple[Card, ...]:
    tally = evaluation.tally
    whole = LabelMetrics(name="", tp=tally.tp, fp=tally.fp, fn=tally.fn)
    macro = evaluation.averages.macro
    errors = tally.failed_utterances
    return (
        _card(
            "Accuracy",
            evaluation.accuracy.value,
            evaluation.accuracy.interval,
            f"{count(evaluation.accuracy.hits)} of {count(evaluation.judged)} right",
        ),
        _card("Precision", whole.precision, whole.precision_rate.interval, "TP of TP and FP"),
        _card("Recall", whole.recall, whole.recall_rate.interval, "TP of TP and FN"),
        _card("F1", whole.f1, f1_interval(whole.tp, whole.fp, whole.fn), "of precision and recall"),
        _card("Macro F1", macro.f1, None, f"mean of {counted(len(evaluation.intents), 'intent')}"),
        Card(
            name="Errors",
            value=None,
            text=count(errors),
            interval=None,
            explained="not classified; in no figure" if errors else "all could be classified",
            tone="error" if errors else "",
        ),
    )


def _card(name: str, value: float | None, interval: Interval | None, explained: str) -> Card:
    return Card(name, value, figure(value), interval, explained)


def _sentence(evaluation: Evaluation, head: RunHead) -> str:
    """The run in a few plain sentences."""
    accuracy = evaluation.accuracy
    if accuracy.value is None:
        errors = f"; {count(head.counts.error)} are in error" if head.counts.error else ""
        return f"No utterance was judged{errors}."
    said = [
        f"{head.bot} understood {count(accuracy.hits)} of {count(accuracy.of)} judged utterances: accuracy "
        f"{figure(accuracy.value)}, 95 % interval {span(accuracy.interval)}."
    ]
    if evaluation.confusions and evaluation.confusions[0].count > 1:
        said.append(_most_frequent(evaluation.confusions[0]))
    details = evaluation.accuracy.hits - evaluation.passed.hits
    if details > 0:
        said.append(f"{count(details)} with the right intent failed for their entities or traits.")
    if head.counts.error:
        said.append(f"{count(head.counts.error)} could not be classified and enter no figure.")
    if head.counts.not_executed:
        said.append(f"{count(head.counts.not_executed)} were not executed.")
    return " ".join(said)


def _advice_row(advice: Advice, evaluation: Evaluation, links: dict[Pair, str]) -> AdviceRow:
    """With a link to the most frequent confusion among its intents, else of its first one with any."""
    found = ""
    if advice.cases and advice.intents:
        first = advice.intents[0]
        pairs = [pair for pair in evaluation.confusions if first in (pair.expected, pair.matched)]
        pairs.sort(key=lambda pair: not {pair.expected, pair.matched} <= set(advice.intents))
        found = next((link for pair in pairs if (link := links.get(pair_of_cell(pair), ""))), "")
    return AdviceRow(advice, found)


def _most_frequent(pair: Confusion) -> str:
    if pair.matched == NO_INTENT:
        what = f"found no intent where “{pair.expected}” was meant"
    elif pair.expected == NO_INTENT:
        what = f"matched “{pair.matched}” where nothing was meant"
    else:
        what = f"took “{pair.expected}” for “{pair.matched}”"
    return f"It most often {what}: {count(pair.count)} times."


def _weakest(evaluation: Evaluation, links: dict[Pair, str]) -> tuple[Weak, ...]:
    """Those that are wrong at times, with what they lose to."""
    weak = [label for label in weakest(evaluation) if label.fn or label.fp]
    found = []
    for label in weak[:MAX_WEAKEST]:
        lost = evaluation.lost_to(label.name)
        shown_ones = tuple(
            LostTo(pair.matched, pair.count, links.get(pair_of_cell(pair), ""), pair.examples[:2])
            for pair in lost[:MAX_LOST_TO]
        )
        found.append(Weak(label, shown_ones, sum(pair.count for pair in lost[MAX_LOST_TO:])))
    return tuple(found)


def _tables(evaluation: Evaluation) -> list[LabelTable]:
    intents = evaluation.intents
    if evaluation.no_intent.support or evaluation.no_intent.fp:
        intents = (*intents, evaluation.no_intent)
    types = evaluation.types if len(evaluation.types) > 1 else ()
    each = (
        ("intents", "Intent", "All intents", intents),
        ("types", "Type", "Intent types", types),
        ("entities", "Entity", "Entities", evaluation.entities),
        ("traits", "Trait", "Traits", evaluation.traits),
    )
    return [
        LabelTable(anchor, kind, title, rows[:MAX_LABELS], max(0, len(rows) - MAX_LABELS))
        for anchor, kind, title, rows in each
        if rows
    ]


def _pair_row(pair: Confusion, evaluation: Evaluation, links: dict[Pair, str]) -> PairRow:
    support = next((label.support for label in evaluation.intents if label.name == pair.expected), 0)
    if pair.expected == NO_INTENT:
        support = evaluation.no_intent.support
    return PairRow(
        expected=pair.expected,
        matched=pair.matched,
        count=pair.count,
        share=pair.count / support if support else None,
        link=links.get(pair_of_cell(pair), ""),
        examples=pair.examples[:2],
    )


def _failing_tables(failing: Failing, evaluation: Evaluation, links: dict[Pair, str]) -> list[FailingTable]:
    cells = {pair_of_cell(pair): pair for pair in evaluation.confusions}
    titles = {DETAILS: "Right intent, wrong entities or traits", ERRORS: "In error: could not be classified"}
    found = []
    for group in failing.groups:
        cell = cells.get(group.key)
        found.append(
            FailingTable(
                anchor=links[group.key],
                expected=cell.expected if cell else "",
                matched=cell.matched if cell else "",
                title=titles.get(group.key, ""),
                count=group.count,
                cases=tuple(group.cases),
            )
        )
    return found
