"""Kept replies judged again with other assertions: which reply belongs to which step, and by what values.

A step is judged where the run said at its place what the step says; what was never said draws no reply, and
is not executed. Judging asks no bot, and no model by itself: `Rejudged` says what must be asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from msgspec.structs import replace

from vivavoce.domain.assertions.wording import quote
from vivavoce.domain.judging import Circumstances, judge_step, questions, step_in_error, step_not_executed
from vivavoce.domain.output import Fact, Reply
from vivavoce.domain.questions import Answer, Question, Turn
from vivavoce.domain.suite import Step, TestCase
from vivavoce.domain.template import readable
from vivavoce.domain.values.captures import capture
from vivavoce.domain.values.expanding import expand, names_in, secrets_in
from vivavoce.domain.values.variables import Unique, Values
from vivavoce.domain.verdict import StepResult, Verdict


@dataclass(frozen=True)
class Rejudged:
    """A step that waits for its judgement, or that cannot have one (`result`)."""

    index: int
    case: str
    step: Step  # as it was said
    result: StepResult | None = None
    kept: StepResult | None = None  # None where `result` stands
    reply: Reply = field(default_factory=Reply)
    transcript: tuple[Turn, ...] = ()
    values: Values | None = None

    def questions(self, facts: frozenset[Fact], today: date) -> tuple[Question, ...]:
        """What must be asked before it can be judged."""
        if self.kept is None:
            return ()
        around = Circumstances(today=today, transcript=self.transcript)
        return questions(self.step, self.reply, facts, self.kept.duration_ms, around)

    def judged(
        self, facts: frozenset[Fact], today: date, answers: Mapping[Question, Answer] | None = None
    ) -> StepResult:
        """The judgement; the case's threshold is not in it yet."""
        if self.result is not None:
            return self.result
        assert self.kept is not None, "a step has a result or a kept reply"
        around = Circumstances(today=today, transcript=self.transcript, answers=dict(answers or {}))
        took_ms = self.kept.duration_ms
        judged = judge_step(self.index, self.case, self.step, self.reply, facts, took_ms, around)
        evidence = self.kept.evidence if judged.verdict is not Verdict.PASSED else None
        return replace(judged, values=self.values, evidence=evidence)


def rejudge_case(
    case: TestCase, kept: Sequence[StepResult], facts: frozenset[Fact], *, first: int = 0
) -> list[Rejudged]:
    """The steps of a case, each with the reply that the run kept for it; always one a step.

    `kept`: the results of the conversation of the same name, in order; none: the run has no such case.
    `first`: the index of the case's first step in its run.
    """
    found: list[Rejudged] = []
    transcript: list[Turn] = []
    captured: Values = {}
    declared = {
        name: value for name, value in (case.variables or {}).items() if not isinstance(value, Unique)
    }
    for position, step in enumerate(case.steps):
        index = first + position
        if position >= len(kept):
            reason = "the run has no reply at this place" if kept else "the run has no case of this name"
            found.append(_without(index, case.name, step, reason))
            continue
        played = kept[position]
        values = {**declared, **(played.values or {}), **captured}
        said = step if case.variables is None else expand(step, values)
        if reason := _parting(step, said, played, case.variables is not None):
            found.append(_without(index, case.name, said, reason))
            continue
        if played.reply is None:
            found.append(_without_reply(index, case.name, said, played))
            continue
        turn = _turn(said, played.reply)
        found.append(
            Rejudged(
                index,
                case.name,
                said,
                kept=played,
                reply=played.reply,
                transcript=tuple(transcript),
                values=values if case.variables is not None else None,
            )
        )
        transcript.append(turn)
        captured = {**captured, **capture(said.captures, played.reply, facts)[0]}
    return found


def _parting(step: Step, said: Step, played: StepResult, expands: bool) -> str:
    """Why the kept reply is no answer to this step; empty: it is one."""
    if expands:
        missing = [name for name in names_in(said) if name in names_in(step)]
        if missing:
            return f"{{{{{missing[0]}}}}} has no value in the run"
        if secrets := [*secrets_in([step.outputs, step.assertions])]:
            return f"its expectation names ${{{secrets[0]}}}, and what that stood for is never kept"
    if said.input != played.step.input:
        return f"the run said {quote(played.step.input)} here, the suite says {quote(said.input)}"
    if said.trigger != played.step.trigger:
        was = quote(played.step.trigger) if played.step.trigger else "none"
        now = quote(said.trigger) if said.trigger else "none"
        return f"the run sent another trigger here: {was}, the suite has {now}"
    return ""


def _without(index: int, case: str, step: Step, reason: str) -> Rejudged:
    return Rejudged(index, case, step, result=step_not_executed(index, case, step, reason))


def _without_reply(index: int, case: str, step: Step, played: StepResult) -> Rejudged:
    """What the bot did not answer stays as it was."""
    if played.verdict is Verdict.ERROR:
        result = step_in_error(index, case, step, played.error, played.duration_ms)
        return Rejudged(index, case, step, result=replace(result, evidence=played.evidence))
    return _without(index, case, step, played.error)


def _turn(step: Step, reply: Reply) -> Turn:
    bot = "\n".join(readable(output.text) for output in reply.outputs)
    return Turn(step.input or step.trigger or "", bot)
