"""Ends a run at the first case that can no longer pass, where that was asked for."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from vivavoce.domain.repeats import needed, one_verdict, repeats_of
from vivavoce.domain.run import Run
from vivavoce.domain.suite import TestCase
from vivavoce.domain.verdict import StepResult, Verdict
from vivavoce.engine.ports.store import Store


class FailedFast(Exception):
    """A case did not pass: the rest of the run is not played."""


class FailFastWatch:
    """Counts the repeats of each case that did not pass."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._missed: Counter[int] = Counter()  # by unit
        self._lost = ""

    def note(self, unit: int, case: TestCase, results: Sequence[StepResult]) -> None:
        """A case was played once."""
        if one_verdict(results) is Verdict.PASSED:
            return
        self._missed[unit] += 1
        rule = self._run.pass_rule if case.pass_rule is None else case.pass_rule
        if self._missed[unit] > self._run.repeats - needed(rule, self._run.repeats):
            self._lost = self._lost or case.name or f"conversation {unit + 1}"

    def check(self) -> None:
        """Raises FailedFast once a case is lost."""
        if self._lost:
            raise FailedFast(f"ended at the first case that did not pass: {self._lost}")


def fail_fast_watch(store: Store, run: Run) -> FailFastWatch:
    """A watch that knows what an earlier process played of the run. Blocking."""
    watch = FailFastWatch(run)
    for index, steps in groupby(store.runs.step_results(run.id), key=lambda step: step.unit):
        for once in repeats_of(steps):
            if one_verdict(once) is not Verdict.PASSED:
                case = store.suites.unit(run.suite_id, run.revision, index).cases[0]
                assert isinstance(case, TestCase), "only conversations fail fast"
                watch.note(index, case, once)
    return watch
