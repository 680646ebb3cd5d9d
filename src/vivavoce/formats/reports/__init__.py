"""Reports: rendered views of runs, streamed as text.

Every report is a function over `ReportedRun` values that yields chunks of text (UTF-8 when written; without
newline translation). Results are read as they are written, so memory stays flat; a report that needs sums in
front of its rows reads them twice.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from vivavoce.domain.advising.advising import advise
from vivavoce.domain.advising.values import Advice
from vivavoce.domain.evaluation.evaluating import Evaluator, evaluate
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

    def evaluated_cases(self) -> Iterator[CaseResult]:
        """As `cases`; when all were read, `evaluation` is there without another reading."""
        if "evaluation" in vars(self):
            yield from self.cases()
            return
        evaluator = Evaluator()
        for result in self.cases():
            evaluator.add(result)
            yield result
        vars(self)["evaluation"] = evaluator.evaluation()

    @cached_property
    def evaluation(self) -> Evaluation:
        """The figures of a batch run, added up when first asked for."""
        return evaluate(self.cases())

    @cached_property
    def advice(self) -> list[Advice]:
        """What to do next, after a batch run; most urgent first."""
        return advise(self.evaluation)
