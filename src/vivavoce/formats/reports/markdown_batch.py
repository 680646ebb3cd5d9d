"""What a batch run comes to, in Markdown: weak intents, what is confused, what to do next; all capped."""

from collections.abc import Iterable, Iterator, Sequence

from vivavoce.domain.advising.values import Advice
from vivavoce.domain.evaluation.intervals import Interval
from vivavoce.domain.evaluation.values import Evaluation, LabelMetrics
from vivavoce.domain.numbers import figure, span
from vivavoce.formats.reports import digest
from vivavoce.formats.reports.markdown_text import escaped, row, rule
from vivavoce.formats.reports.reported import ReportedRun

INTENTS = 10  # weakest ones shown
PAIRS = 10  # confused most
LABELS = 5  # entities, traits
ADVICE = 5
ADVICE_LENGTH = 700  # characters


def metrics_table(batches: Sequence[ReportedRun]) -> Iterator[str]:
    """A line a run, each rate with its 95 % interval."""
    titles = ("Batch suite", "TP", "TN", "FP", "FN", "Accuracy", "Precision", "Recall", "F1", "Macro F1")
    yield "\n" + row(titles) + rule("lrrrrrrrrr")
    for reported in batches:
        tally = reported.evaluation.tally
        counts = (tally.tp, tally.tn, tally.fp, tally.fn)
        figures = (_with_interval(one.value, one.interval) for one in digest.figures_of(reported.evaluation))
        yield row((reported.run.suite_name, *map(str, counts), *figures))
    yield "\nIn brackets: 95 % intervals.\n"


def _with_interval(value: float | None, interval: Interval | None) -> str:
    return f"{figure(value)} ({span(interval)})" if interval else figure(value)


def evaluation_section(reported: ReportedRun) -> Iterator[str]:
    """What is wrong with a run's figures; nothing where nothing is."""
    evaluation = reported.evaluation
    if evaluation.passed.hits == evaluation.passed.of:
        return
    yield from _weakest(evaluation)
    yield from _confused(evaluation)
    yield from _labels("Entities", evaluation.entities)
    yield from _labels("Traits", evaluation.traits)
    if scope := digest.out_of_scope(evaluation):
        yield f"\nOut of scope: {escaped(scope)}.\n"
    if threshold := digest.threshold(reported.advice):
        yield f"\n{escaped(threshold, ADVICE_LENGTH)}\n"
    yield from _advice([each for each in reported.advice if each.topic != "threshold"])


def _weakest(evaluation: Evaluation) -> Iterator[str]:
    weak, more = digest.weak_intents(evaluation, INTENTS)
    if not weak:
        return
    yield f"\n### Weakest intents (of {len(evaluation.intents)})\n\n"
    yield row(("Intent", "Support", "Precision", "Recall", "F1", "Loses to", "For example"))
    yield rule("lrrrrll")
    for one in weak:
        scores = (figure(one.row.precision), figure(one.row.recall), figure(one.row.f1))
        yield row((one.row.name, str(one.row.support), *scores, one.lost_to, one.example))
    yield from _more(more, "intent was wrong at times", "intents were wrong at times")


def _confused(evaluation: Evaluation) -> Iterator[str]:
    pairs = evaluation.confusions
    if not pairs:
        return
    yield "\n### Confused most\n\n"
    yield row(("Expected", "Matched", "Times", "For example")) + rule("llrl")
    for pair in pairs[:PAIRS]:
        example = pair.examples[0].utterance if pair.examples else ""
        names = digest.shown_name(pair.expected), digest.shown_name(pair.matched)
        yield row((*names, str(pair.count), example))
    yield from _more(len(pairs[PAIRS:]), "pair was confused", "pairs were confused")


def _labels(what: str, rows: Iterable[LabelMetrics]) -> Iterator[str]:
    wrong, more = digest.most_wrong(rows, LABELS)
    if not wrong:
        return
    yield f"\n### {what} that are wrong most\n\n"
    yield row((what, "Expected", "Found", "Recall")) + rule("lrrr")
    for one in wrong:
        recall = one.recall_rate
        yield row((one.name, str(one.support), str(one.tp), _with_interval(recall.value, recall.interval)))
    several = what.lower()
    yield from _more(more, f"of the {several} was wrong at times", f"{several} were wrong at times")


def _advice(advice: Sequence[Advice]) -> Iterator[str]:
    if not advice:
        return
    yield "\n### What to do next\n\n"
    for place, each in enumerate(advice[:ADVICE], 1):
        yield f"{place}. {escaped(each.text, ADVICE_LENGTH)}\n"
    yield from _more(len(advice[ADVICE:]), "piece of advice", "pieces of advice")


def _more(more: int, one: str, several: str) -> Iterator[str]:
    if more:
        what = one if more == 1 else several
        yield f"\nand {more} more {what}: the JSON report holds all of them\n"
