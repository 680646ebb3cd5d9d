"""Two runs side by side in the terminal: the verdict, what it rests on, then what changed."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from vivavoce.cli.console import one_line
from vivavoce.domain.comparing.judging import Standing
from vivavoce.domain.comparing.values import Cases, IntentChange
from vivavoce.formats.comparisons import JudgedComparison
from vivavoce.formats.comparisons.wording import (
    DRIFT_TITLES,
    FIGURE_TITLES,
    Cells,
    case_cells,
    case_titles,
    drift_cells,
    figure_rows,
    intent_cells,
    intent_titles,
    most_moved,
    remarks,
    which_runs,
    worse_and_better,
)

CASES = 20  # of each sort
ROWS = 10  # intents that got worse, that got better, confused pairs
CELL = 90  # characters
STYLES: Final = {Standing.HELD: "green", Standing.WORSE: "red", Standing.UNKNOWN: "yellow"}
MORE = "--json F and --markdown F hold more"


def show_comparison(console: Console, judged: JudgedComparison, *, label: str) -> None:
    """Print the verdict, and no more tables than something changed."""
    found, judgement = judged.comparison, judged.judgement
    console.print(f"{label}: {judgement.sentence}", style=STYLES[judgement.standing])
    console.print(f"  {one_line(which_runs(found), 300)}")
    for remark in remarks(judged):
        console.print(f"  {remark}")
    if found.newly_failing.count or found.newly_passing.count:
        _show(console, "", FIGURE_TITLES, list(figure_rows(found)))
    _show_cases(console, "newly failing", found.newly_failing, is_batch=found.is_batch)
    _show_cases(console, "newly passing", found.newly_passing, is_batch=found.is_batch)
    _show_cases(
        console, "another expectation or other words than before", found.changed, is_batch=found.is_batch
    )
    worse, better = worse_and_better(found.intents)
    _show_intents(console, "intents that got worse", worse)
    _show_intents(console, "intents that got better", better)
    drift = [drift_cells(one) for one in most_moved(found.drift)]
    _show(console, "confused pairs that changed", DRIFT_TITLES, drift, most=ROWS)


def _show_cases(console: Console, title: str, cases: Cases, *, is_batch: bool) -> None:
    rows = [case_cells(case, is_batch=is_batch) for case in cases.examples[:CASES]]
    _show(console, title, case_titles(is_batch=is_batch), rows, most=CASES, of=cases.count)


def _show_intents(console: Console, title: str, intents: Sequence[IntentChange]) -> None:
    rows = [intent_cells(change) for change in intents]
    _show(console, title, intent_titles(), rows, most=ROWS)


def _show(
    console: Console,
    title: str,
    titles: Cells,
    rows: Sequence[Cells],
    *,
    most: int = ROWS,
    of: int | None = None,
) -> None:
    if not rows:
        return
    if title:
        console.print(f"  {title}", style="bold")
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column, name in enumerate(titles):
        numbers = all(_is_number(row[column]) for row in rows)
        table.add_column(name, justify="right" if numbers else "left", overflow="fold", no_wrap=numbers)
    for row in rows[:most]:
        table.add_row(*(one_line(cell, CELL) for cell in row))
    console.print(Padding(table, (0, 0, 0, 4), expand=False), soft_wrap=False)
    if (left := (len(rows) if of is None else of) - min(most, len(rows))) > 0:
        console.print(f"    ... and {left:,} more: {MORE}", style="dim")


def _is_number(cell: str) -> bool:
    return not cell.strip("+-.,e0123456789")
