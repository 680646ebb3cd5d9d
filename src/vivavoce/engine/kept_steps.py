"""The steps of a suite's file beside what a run kept of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from vivavoce.domain.errors import InputError
from vivavoce.domain.naming import with_names
from vivavoce.domain.output import Fact, Output, Reply
from vivavoce.domain.rejudging import rejudge_case
from vivavoce.domain.suite import Step, TestCase
from vivavoce.domain.validating import settled_case
from vivavoce.domain.values.expanding import names_in
from vivavoce.domain.verdict import StepResult, Verdict
from vivavoce.engine.rejudging import KeptCases, keyed
from vivavoce.engine.suite_text import SuiteText
from vivavoce.formats.step_places import StepPlace

Key = tuple[str, int]
"""A case by its name, and which of that name it is."""


@dataclass(frozen=True)
class KeptStep:
    """A kept step beside the step of the file that it was said for; several repeats of it, or one."""

    key: Key
    position: int  # in its case
    written: Step
    kept: tuple[StepResult, ...]
    judged: tuple[StepResult, ...]  # the same, by the file as it stands
    place: StepPlace
    verbatim: bool  # `{{` in its texts is just that

    @property
    def name(self) -> str:
        return f"{self.place}: {self.kept[0].case}, step {self.position + 1}"

    @property
    def failed(self) -> bool:
        return any(result.verdict is Verdict.FAILED for result in self.judged)

    def replies(self) -> list[Reply]:
        """What was said, as it is written in the file: with names in place of their values."""
        return [self._written_reply(repeat, result) for repeat, result in enumerate(self.kept)]

    def _written_reply(self, repeat: int, result: StepResult) -> Reply:
        outputs = result.reply.outputs if result.reply else ()
        if self.verbatim:
            return Reply(tuple(Output(output.text) for output in outputs))
        names = names_in((self.written.outputs, self.written.assertions))
        values = self.judged[repeat].values or {}
        return Reply(tuple(Output(with_names(output.text, values, names)) for output in outputs))


class KeptSteps:
    """All that a run kept beside a suite's file."""

    def __init__(self, kept: KeptCases, suite: SuiteText, facts: frozenset[Fact]) -> None:
        self.kept = kept
        self.suite = suite
        self._facts = facts

    def judge(self, case: TestCase, results: Sequence[StepResult]) -> list[StepResult]:
        """By a case as it is written, without a model's opinion."""
        steps = rejudge_case(settled_case(case, self._facts), results, self._facts)
        return [step.judged(self._facts, self.kept.today) for step in steps]

    def cases(self) -> Iterator[tuple[Key, list[list[StepResult]]]]:
        """The suite's cases that the run has, each with the results of its repeats."""
        for key, _ in keyed(self.suite.read.cases()):
            if repeats := [*self.kept.repeats(key).values()]:
                yield key, repeats

    def beside(self, key: Key, repeats: Sequence[Sequence[StepResult]]) -> Iterator[KeptStep]:
        """The steps of a case that all these repeats have. Raises InputError: the file says something else
        than the run did."""
        index, case = self._cases[key]
        judged = [self.judge(case, results) for results in repeats]
        verbatim = case.variables is None and self.suite.read.native is None
        for position, step in enumerate(case.steps):
            if any(position >= len(results) for results in repeats):
                continue
            found = KeptStep(
                key,
                position,
                step,
                tuple(results[position] for results in repeats),
                tuple(results[position] for results in judged),
                self.suite.places.cases[index][position],
                verbatim,
            )
            _refuse_changed(found)
            yield found

    @cached_property
    def _cases(self) -> dict[Key, tuple[int, TestCase]]:
        return {key: (index, case) for index, (key, case) in enumerate(keyed(self.suite.read.cases()))}


def _refuse_changed(step: KeptStep) -> None:
    for kept, judged in zip(step.kept, step.judged, strict=True):
        if judged.verdict is Verdict.NOT_EXECUTED and kept.reply is not None:
            way_out = "run the suite again first"
            raise InputError(f"{step.name}: the file has changed since the run: {judged.error} ({way_out})")
