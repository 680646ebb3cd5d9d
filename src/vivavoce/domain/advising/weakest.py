"""The intents that need attention first."""

from vivavoce.domain.evaluation.values import Evaluation, LabelMetrics


def weakest(evaluation: Evaluation, limit: int | None = None) -> list[LabelMetrics]:
    """The expected intents, lowest F1 first.

    Of intents with the same F1 the one comes first that is more surely weak: whose F1's interval ends lower,
    which is the one with more cases. Intents that were matched but never expected are not in the list: the
    suite does not test them, and what they took is among the confusions.
    """
    expected = [row for row in evaluation.intents if row.support]
    return sorted(expected, key=_weakness)[:limit]


def _weakness(row: LabelMetrics) -> tuple[float, float, str]:
    interval = row.f1_interval
    return (row.f1 or 0.0, interval.high if interval else 1.0, row.name)
