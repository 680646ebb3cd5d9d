"""Reports: rendered views of runs, streamed as text.

Every report is a function over `ReportedRun` values that yields chunks of text (UTF-8 when written; without
newline translation). Results are read as they are written, so memory stays flat; a report that needs sums in
front of its rows reads them twice.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from vivavoce.domain.evaluation.evaluating import evaluate
from vivavoce.domain.evaluation.values import Evaluation
from vivavoce.domain.run import Run, RunKind
from vivavoce.domain.utterance import CaseResult
from vivavoce.domain.verdict import StepResult


@dataclass(frozen=True)
class ReportedRun:
    """A run and where its results come from: a fresh iterator at each call, in order of index."""

    run: Run
    results: Callable[[], Iterable[StepResult] | Iterable[CaseResult]]

    @property
    def is_batch(self) -> bool:
        return self.run.kind is RunKind.BATCH

    def steps(self) -> Iterable[StepResult]:
        """The results of a conversation run."""
        assert not self.is_batch
        return cast(Iterable[StepResult], self.results())

    def cases(self) -> Iterable[CaseResult]:
        """The results of a batch run."""
        assert self.is_batch
        return cast(Iterable[CaseResult], self.results())

    @cached_property
    def evaluation(self) -> Evaluation:
        """The figures of a batch run, added up when first asked for."""
        return evaluate(self.cases())
