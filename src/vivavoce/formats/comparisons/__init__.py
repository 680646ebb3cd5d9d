"""Comparisons of two runs, rendered: JSON with a published schema, Markdown for pull requests, words."""

from dataclasses import dataclass

from vivavoce.domain.comparing.chance import SIGNIFICANCE
from vivavoce.domain.comparing.judging import Borne, Judgement, judge
from vivavoce.domain.comparing.values import Comparison


@dataclass(frozen=True)
class JudgedComparison:
    """A comparison with what it comes to."""

    comparison: Comparison
    borne: Borne

    @property
    def judgement(self) -> Judgement:
        return judge(self.comparison, self.borne)

    @property
    def level(self) -> float:
        """The p-value below which a difference is called real."""
        return SIGNIFICANCE if self.borne.significance is None else self.borne.significance
