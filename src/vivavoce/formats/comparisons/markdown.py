"""Comparisons as Markdown, bounded; for pull requests."""

from collections.abc import Iterable, Iterator, Sequence

from vivavoce.domain.comparing.values import Cases, Comparison
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
from vivavoce.formats.reports.markdown_text import escaped

MAX_CASES = 50  # of each sort
MAX_ROWS = 20  # intents, confused pairs
_SORTS = (
    "Newly failing",
    "Newly passing",
    "Still failing",
    "Still passing",
    "Changed",
    "Not judged",
    "New",
    "Gone",
)


def markdown_comparison(judged: Sequence[JudgedComparison]) -> Iterator[str]:
    """The comparisons in chunks, verdicts first."""
    yield "# Comparison\n\n"
    for one in judged:
        yield f"- **{escaped(one.comparison.after.suite_name)}**: {escaped(one.judgement.sentence)}\n"
    yield "\n"
    yield from _table(("Suite", *_SORTS), (_counts(one.comparison) for one in judged))
    for one in judged:
        yield from _details(one)


def _details(judged: JudgedComparison) -> Iterator[str]:
    found = judged.comparison
    yield f"\n## {escaped(found.after.suite_name)}: what changed\n\n{escaped(which_runs(found))}\n\n"
    for remark in remarks(judged):
        yield f"- {escaped(remark)}\n"
    if found.is_batch:
        yield "\n"
        yield from _table(FIGURE_TITLES, figure_rows(found))
    yield from _cases("Newly failing", found.newly_failing, is_batch=found.is_batch)
    yield from _cases("Newly passing", found.newly_passing, is_batch=found.is_batch)
    yield from _cases("Other expectation or words than before", found.changed, is_batch=found.is_batch)
    worse, better = worse_and_better(found.intents)
    yield from _rows("Intents that got worse", intent_titles(), [intent_cells(one) for one in worse])
    yield from _rows("Intents that got better", intent_titles(), [intent_cells(one) for one in better])
    drift = [drift_cells(one) for one in most_moved(found.drift)]
    yield from _rows("Confused pairs that changed", DRIFT_TITLES, drift)


def _counts(found: Comparison) -> Cells:
    sorts = (
        found.newly_failing.count,
        found.newly_passing.count,
        found.still_failing.count,
        found.still_passing,
        found.changed.count,
        found.unjudged.count,
        found.appeared.count,
        found.disappeared.count,
    )
    return found.after.suite_name, *(f"{count:,}" for count in sorts)


def _cases(title: str, cases: Cases, *, is_batch: bool) -> Iterator[str]:
    if cases.count:
        rows = (case_cells(case, is_batch=is_batch) for case in cases.examples[:MAX_CASES])
        yield f"\n### {title}\n\n"
        yield from _table(case_titles(is_batch=is_batch), rows)
        yield from _more(cases.count, MAX_CASES)


def _rows(title: str, titles: Cells, rows: Sequence[Cells]) -> Iterator[str]:
    if rows:
        yield f"\n### {title}\n\n"
        yield from _table(titles, rows[:MAX_ROWS])
        yield from _more(len(rows), MAX_ROWS)


def _more(count: int, shown: int) -> Iterator[str]:
    if count > shown:
        yield f"\nand {count - shown:,} more\n"


def _table(titles: Cells, rows: Iterable[Cells]) -> Iterator[str]:
    yield _row(titles)
    yield f"|{' --- |' * len(titles)}\n"
    yield from map(_row, rows)


def _row(cells: Cells) -> str:
    return f"| {' | '.join(map(escaped, cells))} |\n"
