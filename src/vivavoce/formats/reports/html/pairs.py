"""The confused pair that a failing case belongs to, in the form in which names are equal."""

from vivavoce.domain.batch.names import fold
from vivavoce.domain.batch.scoring import by_traits_alone
from vivavoce.domain.batch.utterance import CaseResult
from vivavoce.domain.evaluation.labels import Labels
from vivavoce.domain.evaluation.values import NO_INTENT, Confusion

Pair = tuple[str, str]
"""Expected and matched, folded."""


class Pairs:
    """Finds the pairs of a run's cases, as the evaluation counts them."""

    def __init__(self) -> None:
        self._labels = Labels()

    def of(self, result: CaseResult) -> Pair | None:
        """Of several pairs the first; None where the intent is right, or traits alone are judged."""
        found = result.classification
        if found is None or result.outcome not in ("FP", "FN") or by_traits_alone(result.case):
            return None
        _, missed, wrong = self._labels.compare(result, found)
        return (missed or (NO_INTENT,))[0], (wrong or (NO_INTENT,))[0]


def pair_of_cell(cell: Confusion) -> Pair:
    return fold(cell.expected), fold(cell.matched)
