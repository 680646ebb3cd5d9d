"""The confusion matrix as a table: intents that are confused with each other stand side by side."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log
from typing import Final

from vivavoce.domain.evaluation.values import NO_INTENT, Confusion, LabelMetrics
from vivavoce.formats.reports.html.pairs import Pair, pair_of_cell

MAX_SIDE: Final = 150  # intents; those with most confusions are shown
SHADES: Final = 5


@dataclass(frozen=True)
class Cell:
    """`shade`: 0 (none) to SHADES, by how many there are. `link`: the id of its failing cases."""

    count: int = 0
    shade: int = 0
    link: str = ""
    expected: str = ""
    matched: str = ""


@dataclass(frozen=True)
class MatrixRow:
    name: str
    support: int
    right: int
    cells: tuple[Cell, ...]  # as many as there are columns
    diagonal: int | None  # the column of the same intent


@dataclass(frozen=True)
class Matrix:
    columns: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    unconfused: int  # intents that are in no confusion
    left_out: int  # confusions whose row or column is beyond the cap


def matrix_of(
    confusions: Sequence[Confusion],
    labels: Sequence[LabelMetrics],
    no_intent: LabelMetrics,
    links: Mapping[Pair, str],
) -> Matrix:
    """`links`: ids of the failing cases that are shown, by pair."""
    weight: Counter[str] = Counter()
    for pair in confusions:
        weight[pair.expected] += pair.count
        weight[pair.matched] += pair.count
    chosen = {name for name, _ in weight.most_common(MAX_SIDE)} | {NO_INTENT}
    inside = [pair for pair in confusions if pair.expected in chosen and pair.matched in chosen]
    order = _neighbours(inside)
    expected = {pair.expected for pair in inside}
    matched = {pair.matched for pair in inside}
    cells = {(pair.expected, pair.matched): pair for pair in inside}
    most = max((pair.count for pair in inside), default=0)
    known = {label.name: label for label in labels} | {NO_INTENT: no_intent}
    # A row needs its column for the diagonal, so that what is right stands beside what is lost.
    columns = tuple(name for name in order if name in matched or name in expected)
    rows = []
    for name in columns:
        if name not in expected:
            continue
        label = known.get(name)
        rows.append(
            MatrixRow(
                name=name,
                support=label.support if label else 0,
                right=label.tp if label else 0,
                cells=tuple(_cell(cells.get((name, other)), most, links) for other in columns),
                diagonal=columns.index(name),
            )
        )
    return Matrix(
        columns=columns,
        rows=tuple(rows),
        unconfused=sum(label.name not in weight for label in labels),
        left_out=sum(pair.count for pair in confusions) - sum(pair.count for pair in inside),
    )


def _cell(pair: Confusion | None, most: int, links: Mapping[Pair, str]) -> Cell:
    if pair is None:
        return _EMPTY
    # By the logarithm: one pair that is confused all the time would pale all others.
    shade = ceil(SHADES * log(pair.count + 1) / log(most + 1))
    link = links.get(pair_of_cell(pair), "")
    return Cell(pair.count, min(SHADES, max(1, shade)), link, pair.expected, pair.matched)


_EMPTY: Final = Cell()


def _neighbours(pairs: Sequence[Confusion]) -> list[str]:
    """The names so that those which are confused most stand side by side.

    Clusters are joined along the strongest pairs first (single linkage); biggest cluster first, no
    intent last.
    """
    strength: Counter[tuple[str, str]] = Counter()
    for pair in pairs:
        strength[min(pair.expected, pair.matched), max(pair.expected, pair.matched)] += pair.count
    cluster_of: dict[str, list[str]] = {}
    for (left, right), _ in sorted(strength.items(), key=lambda item: (-item[1], item[0])):
        if NO_INTENT in (left, right):
            for name in (left, right):
                if name != NO_INTENT:
                    cluster_of.setdefault(name, [name])
            continue
        first, second = cluster_of.setdefault(left, [left]), cluster_of.setdefault(right, [right])
        if first is not second:
            if len(second) > len(first):
                first, second = second, first
            first.extend(second)
            for name in second:
                cluster_of[name] = first
    clusters = {id(cluster): cluster for cluster in cluster_of.values()}.values()
    ordered = [name for cluster in sorted(clusters, key=lambda c: (-len(c), c)) for name in cluster]
    if any(NO_INTENT in (pair.expected, pair.matched) for pair in pairs):
        ordered.append(NO_INTENT)
    return ordered
