"""What a batch run comes to, in the terminal: figures, weak intents, what was confused, what to do next.

Fits the terminal's width; elsewhere nothing is wider than `console.PLAIN_WIDTH`. A run in which all passed
takes one line.
"""

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from vivavoce.cli.console import one_line
from vivavoce.domain.advising.values import Advice
from vivavoce.domain.evaluation.values import Evaluation, LabelMetrics
from vivavoce.domain.numbers import figure, span
from vivavoce.formats.reports import digest
from vivavoce.formats.reports.reported import ReportedRun

INTENTS = 10  # weakest ones shown
LABELS = 5  # entities, traits
ADVICE = 5
ADVICE_LENGTH = 700  # characters
INDENT = 4
SCORES_WIDTH = 38  # columns of an intent's four numbers, with what separates them
LEAST_WIDTH = 20  # of an example


def show_evaluation(console: Console, reported: ReportedRun) -> None:
    """The figures of a batch run, as far as anything was judged."""
    evaluation = reported.evaluation
    if not evaluation.judged:
        return
    if evaluation.passed.hits == evaluation.passed.of:
        accuracy = evaluation.accuracy
        console.print(f"  accuracy {figure(accuracy.value)} (95 % interval {span(accuracy.interval)})")
        return
    _show_figures(console, evaluation)
    _show_weakest(console, evaluation)
    _show_labels(console, "entities", evaluation.entities)
    _show_labels(console, "traits", evaluation.traits)
    if scope := digest.out_of_scope(evaluation):
        _block(console, "out of scope", _wrapped(scope))
    _show_advice(console, reported.advice)
    _block(
        console,
        "look further",
        _wrapped("--html F: every figure, the confusion matrix, the cases behind it. --csv F: all cases."),
    )


def _show_figures(console: Console, evaluation: Evaluation) -> None:
    table = _table()
    table.add_column()
    table.add_column(justify="right", no_wrap=True)
    table.add_column("95 % interval", no_wrap=True)
    table.add_column()
    for one in digest.figures_of(evaluation):
        table.add_row(one.name, figure(one.value), span(one.interval), Text(one.ground, "dim"))
    _print(console, table)


def _show_weakest(console: Console, evaluation: Evaluation) -> None:
    weak, more = digest.weak_intents(evaluation, INTENTS)
    if not weak:
        return
    names = [one_line(one.row.name, 90) for one in weak]
    widest = max(16, console.width * 3 // 10)
    table = _table()
    table.add_column("Intent", max_width=widest, overflow="fold")
    for title in ("Support", "Precision", "Recall", "F1"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("Loses to, for example", overflow="fold")
    left = console.width - INDENT - min(widest, max(map(cell_len, names))) - SCORES_WIDTH
    for name, one in zip(names, weak, strict=True):
        lost_to = Text(one_line(one.lost_to))
        if one.example:  # on one line
            example = Text(f'"{one_line(one.example)}"', "dim")
            example.truncate(max(left, LEAST_WIDTH), overflow="ellipsis")
            lost_to.append("\n").append_text(example)
        table.add_row(Text(name), str(one.row.support), *_scores(one.row), lost_to)
    _block(console, f"weakest intents (of {len(evaluation.intents)})", table)
    _say_more(console, more, "intent was wrong at times", "intents were wrong at times")


def _show_labels(console: Console, what: str, rows: Sequence[LabelMetrics]) -> None:
    wrong, more = digest.most_wrong(rows, LABELS)
    if not wrong:
        return
    table = _table()
    table.add_column(overflow="fold", max_width=max(16, console.width * 4 // 10))
    for title in ("Expected", "Found", "Recall"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("95 % interval", no_wrap=True)
    for row in wrong:
        recall = row.recall_rate
        table.add_row(
            Text(one_line(row.name, 90)),
            str(row.support),
            str(row.tp),
            figure(recall.value),
            span(recall.interval),
        )
    _block(console, f"{what} that are wrong most", table)
    _say_more(console, more, f"of the {what} was wrong at times", f"{what} were wrong at times")


def _show_advice(console: Console, advice: Sequence[Advice]) -> None:
    """The first pieces, and the one about the threshold in any case."""
    if not advice:
        return
    shown = [each for place, each in enumerate(advice) if place < ADVICE or each.topic == "threshold"]
    table = _table(titles=False)
    table.add_column(justify="right")
    table.add_column(overflow="fold")
    for number, each in enumerate(shown, 1):
        table.add_row(f"{number}.", Text(one_line(each.text, ADVICE_LENGTH)))
    _block(console, "what to do next", table)
    _say_more(console, len(advice) - len(shown), "piece of advice", "pieces of advice")


def _say_more(console: Console, more: int, one: str, several: str) -> None:
    if more:
        what = one if more == 1 else several
        _print(console, Text(f"... and {more} more {what}: the reports hold all of them"))


def _scores(row: LabelMetrics) -> Iterable[str]:
    return figure(row.precision), figure(row.recall), figure(row.f1)


def _table(*, titles: bool = True) -> Table:
    return Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=titles, header_style="bold")


def _wrapped(text: str) -> Text:
    return Text(one_line(text, ADVICE_LENGTH))


def _block(console: Console, title: str, content: RenderableType) -> None:
    console.print(f"  {title}", style="bold")
    _print(console, content)


def _print(console: Console, content: RenderableType) -> None:
    """Indented, and without the blanks with which rich fills its lines."""
    inside = console.options.update_width(console.width - INDENT)
    for line in console.render_lines(content, inside, pad=False):
        text = Text.assemble(" " * INDENT, *((part.text, part.style or "") for part in line))
        text.rstrip()
        console.print(text)
