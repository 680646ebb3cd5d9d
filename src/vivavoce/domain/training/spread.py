"""How far a figure varies from fold to fold."""

import math
from collections.abc import Sequence

import msgspec

from vivavoce.domain.numbers import UNDEFINED, figure


class FoldFigures(msgspec.Struct, frozen=True):
    """One fold of a cross-validation."""

    fold: int  # from 1
    learned: int  # utterances
    tested: int
    accuracy: float | None
    macro_f1: float | None


class Spread(msgspec.Struct, frozen=True):
    """Mean and sample standard deviation (n - 1) over the folds where a figure is defined."""

    mean: float | None
    deviation: float | None  # None with fewer than two

    @classmethod
    def of(cls, figures: Sequence[float | None]) -> "Spread":
        known = [figure for figure in figures if figure is not None]
        if not known:
            return cls(None, None)
        mean = math.fsum(known) / len(known)
        if len(known) < 2:
            return cls(mean, None)
        return cls(mean, math.sqrt(math.fsum((figure - mean) ** 2 for figure in known) / (len(known) - 1)))

    def __str__(self) -> str:
        if self.mean is None:
            return UNDEFINED
        return figure(self.mean) + ("" if self.deviation is None else f" +- {self.deviation:.3f}")
