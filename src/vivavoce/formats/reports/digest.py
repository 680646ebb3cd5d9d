"""What a batch run says first: the lines and rows that the terminal and the Markdown report share.

Names and texts are a bot's and a suite's: whoever shows them makes them harmless.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from vivavoce.domain.advising.values import Advice
from vivavoce.domain.advising.weakest import weakest
from vivavoce.domain.evaluation.intervals import Interval, f1_interval
from vivavoce.domain.evaluation.values import NO_INTENT, Confusion, Evaluation, LabelMetrics, Rate
from vivavoce.domain.metrics import f1
from vivavoce.domain.numbers import counted, figure, span
from vivavoce.formats.reports import wording

LOST_TO: Final = 2  # intents that one is lost to


@dataclass(frozen=True)
class Figure:
    """One figure of the whole run."""

    name: str
    value: float | None
    interval: Interval | None
    ground: str = ""  # what it is made of


@dataclass(frozen=True)
class WeakIntent:
    """An intent that is wrong at times, with what it loses to; where it loses nothing, what it takes."""

    row: LabelMetrics
    lost_to: str  # `Help (5), None (2)`, or `takes Help (5), None (2)`
    example: str  # an utterance that was lost or taken; empty where none was


def figures_of(evaluation: Evaluation) -> Iterator[Figure]:
    """Accuracy, precision, recall and F1 as the platform counts, and the intents' mean F1."""
    tally, accuracy = evaluation.tally, evaluation.accuracy
    precision, recall = Rate(tally.tp, tally.tp + tally.fp), Rate(tally.tp, tally.tp + tally.fn)
    yield Figure("accuracy", accuracy.value, accuracy.interval, f"{accuracy.hits} of {accuracy.of} right")
    # A case that is judged by traits alone is a TP or an FN, whatever the bot finds.
    never = "" if evaluation.intents or not tally.total_traits else "; no case of traits alone is an FP"
    yield Figure("precision", precision.value, precision.interval, f"TP {tally.tp}, FP {tally.fp}{never}")
    yield Figure("recall", recall.value, recall.interval, f"TP {tally.tp}, FN {tally.fn}")
    yield Figure("F1", f1(tally), f1_interval(tally.tp, tally.fp, tally.fn))
    over = f"mean of {counted(len(evaluation.intents), 'intent')}" if evaluation.intents else "no intents"
    yield Figure("macro F1", evaluation.averages.macro.f1, None, over)


def weak_intents(evaluation: Evaluation, limit: int) -> tuple[list[WeakIntent], int]:
    """The weakest intents, weakest first, and how many more were wrong at times."""
    wrong = [row for row in weakest(evaluation) if row.fn or row.fp]
    return [_weak(evaluation, row) for row in wrong[:limit]], len(wrong[limit:])


def _weak(evaluation: Evaluation, row: LabelMetrics) -> WeakIntent:
    lost = evaluation.lost_to(row.name)
    if lost:
        return WeakIntent(
            row, _counted((pair.matched, pair.count) for pair in lost[:LOST_TO]), _example(lost)
        )
    taken = [pair for pair in evaluation.confusions if pair.matched == row.name]
    names = _counted((pair.expected, pair.count) for pair in taken[:LOST_TO])
    return WeakIntent(row, f"takes {names}" if names else "", _example(taken))


def _counted(names: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{shown_name(name)} ({count})" for name, count in names)


def _example(pairs: Iterable[Confusion]) -> str:
    return next((one.utterance for pair in pairs for one in pair.examples), "")


def most_wrong(rows: Iterable[LabelMetrics], limit: int) -> tuple[list[LabelMetrics], int]:
    """Entities or traits that were wrong, most often wrong first, and how many more were."""
    wrong = sorted((row for row in rows if row.fn or row.fp), key=lambda row: (-row.fn - row.fp, row.name))
    return wrong[:limit], len(wrong[limit:])


def out_of_scope(evaluation: Evaluation) -> str:
    """How utterances that mean nothing to the bot were told from the others; empty where there are none."""
    scope = evaluation.out_of_scope
    if not scope.rejected.of:
        return ""
    missed, of = scope.accepted.of - scope.accepted.hits, scope.accepted.of
    were = "was" if missed == 1 else "were"
    meant = f"; of {of} that mean something, {missed} {were} left unmatched, too" if of else ""
    return (
        f"{scope.rejected.hits} of {scope.rejected.of} utterances that mean nothing to the bot were left "
        f"unmatched ({figure(scope.rejected.value)}, 95 % interval {span(scope.rejected.interval)})"
        f"{meant}"
    )


def threshold(advice: Iterable[Advice]) -> str:
    """What another threshold would have come to, where it is better by more than chance; else empty."""
    return next((each.text for each in advice if each.topic == "threshold"), "")


def shown_name(name: str) -> str:
    """An intent's name, as reports write "no intent"."""
    return wording.NO_INTENT if name == NO_INTENT else name
