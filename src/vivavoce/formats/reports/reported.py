"""A run with what reports show of it: results read as they are needed, figures added up once."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, cast

from vivavoce.domain.advising.advising import advise
from vivavoce.domain.advising.values import Advice
from vivavoce.domain.batch.utterance import CaseResult
from vivavoce.domain.evaluation.evaluating import Evaluator
from vivavoce.domain.evaluation.values import Evaluation
from vivavoce.domain.metrics import verdict_of
from vivavoce.domain.run import Counts, Run, RunKind
from vivavoce.domain.verdict import StepResult, Verdict


class Seen(NamedTuple):
    """What results add up to."""

    counts: Counts
    seconds: float  # between sending and the end of the reply, over all of them


class _Seeing:
    """Adds results up."""

    def __init__(self) -> None:
        self._verdicts = dict.fromkeys(Verdict, 0)
        self._milliseconds = 0.0

    def add(self, result: StepResult | CaseResult) -> None:
        self._verdicts[verdict_of(result)] += 1
        self._milliseconds += result.duration_ms

    def seen(self) -> Seen:
        verdicts = self._verdicts
        counts = Counts(
            passed=verdicts[Verdict.PASSED],
            failed=verdicts[Verdict.FAILED],
            error=verdicts[Verdict.ERROR],
            not_executed=verdicts[Verdict.NOT_EXECUTED],
        )
        return Seen(counts, self._milliseconds / 1000)


@dataclass(frozen=True)
class ReportedRun:
    """A run and where its results come from: a fresh iterator at each call, in order of index."""

    run: Run
    results: Callable[[], Iterable[StepResult] | Iterable[CaseResult]]
    kept: Callable[[], Evaluation | None] = lambda: None
    """What the run was found to come to at its end, where that was kept."""

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
        """As `cases`; when all were read, `evaluation` and `seen` are there without another reading."""
        known = vars(self).get("evaluation") or self.kept_evaluation
        evaluator, seen = Evaluator(), _Seeing()
        for result in self.cases():
            if known is None:
                evaluator.add(result)
            seen.add(result)
            yield result
        vars(self).update(evaluation=known or evaluator.evaluation(), seen=seen.seen())

    @cached_property
    def kept_evaluation(self) -> Evaluation | None:
        """The figures of a batch run, where nothing has to be read for them."""
        return self.kept()

    @cached_property
    def evaluation(self) -> Evaluation:
        """The figures of a batch run, added up when first asked for."""
        if self.kept_evaluation is not None:
            return self.kept_evaluation
        deque(self.evaluated_cases(), maxlen=0)  # only reads
        return cast(Evaluation, vars(self)["evaluation"])

    @cached_property
    def advice(self) -> list[Advice]:
        """What to do next, after a batch run; most urgent first."""
        return advise(self.evaluation)

    @cached_property
    def seen(self) -> Seen:
        """What the results themselves add up to, which is not all of a run that has not ended."""
        seen = _Seeing()
        for result in self.evaluated_cases() if self.is_batch else self.steps():
            seen.add(result)
        return seen.seen()
