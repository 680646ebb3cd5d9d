"""Micro, macro and weighted averages over intents."""

from collections.abc import Callable, Sequence
from math import fsum

from vivavoce.domain.evaluation.values import Average, Averages, LabelMetrics


def averages_of(rows: Sequence[LabelMetrics]) -> Averages:
    """A label where a figure is undefined is left out of that figure's mean, with its weight.

    So does scikit-learn with `zero_division=nan`.
    """
    summed = LabelMetrics(
        name="",
        tp=sum(row.tp for row in rows),
        fp=sum(row.fp for row in rows),
        fn=sum(row.fn for row in rows),
    )
    return Averages(
        micro=Average(summed.precision, summed.recall, summed.f1),
        macro=_mean(rows, lambda row: 1),
        weighted=_mean(rows, lambda row: row.support),
    )


def _mean(rows: Sequence[LabelMetrics], weight: Callable[[LabelMetrics], int]) -> Average:
    def mean(figure: Callable[[LabelMetrics], float | None]) -> float | None:
        defined = [(value, weight(row)) for row in rows if (value := figure(row)) is not None]
        whole = sum(share for _, share in defined)
        return fsum(value * share for value, share in defined) / whole if whole else None

    return Average(
        precision=mean(lambda row: row.precision),
        recall=mean(lambda row: row.recall),
        f1=mean(lambda row: row.f1),
    )
