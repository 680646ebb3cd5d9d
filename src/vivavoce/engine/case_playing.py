"""One playing of a case in one session: its steps said, judged and kept in order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as with_fields
from datetime import date

from msgspec.structs import replace

from vivavoce.domain.judging import (
    Circumstances,
    asks_more,
    judge_step,
    questions,
    step_in_error,
    step_not_executed,
)
from vivavoce.domain.masking import masked, masked_result
from vivavoce.domain.output import Fact, Reply
from vivavoce.domain.questions import Turn
from vivavoce.domain.secrecy import NO_SECRETS, Secrets
from vivavoce.domain.suite import Step, SuiteHead, TestCase
from vivavoce.domain.template import readable
from vivavoce.domain.verdict import StepResult, Verdict
from vivavoce.engine.case_values import CaseValues
from vivavoce.engine.grading import Grading
from vivavoce.engine.ports.bots import Message
from vivavoce.engine.ports.graders import NO_GRADERS
from vivavoce.engine.talk import BrokenOff, Talk, message_of, retried


@dataclass(frozen=True)
class RunContext:
    """What a run gives to each of its conversations."""

    run_id: str = ""  # what is unique for the run comes from it
    today: date = date.min  # UTC, of the run's start
    secrets: Secrets = NO_SECRETS  # of the bot's settings
    suite_secrets: Mapping[str, str] = field(default_factory=dict)  # what a suite may read, by name
    grading: Grading = field(default_factory=lambda: Grading(NO_GRADERS))


class CasePlaying:
    """A case on its way through a session; `results` holds what was judged so far."""

    def __init__(
        self,
        case: TestCase,
        first: int,
        talk: Talk,
        facts: frozenset[Fact],
        *,
        around: RunContext,
        values: CaseValues | None,
        step_played: Callable[[int, Sequence[StepResult]], None],
    ) -> None:
        """`values` None: the case's texts are just texts."""
        self.results: list[StepResult] = []
        self._case = case
        self._first = first
        self._talk = talk
        self._facts = facts
        self._grading = around.grading
        self._circumstances = Circumstances(today=around.today)
        self._values = values
        self._secrets = around.secrets if values is None else values.secrets
        self._step_played = step_played

    async def play(self, head: SuiteHead, *, discard: bool) -> None:
        """All steps; `discard`: the suite's discard message is sent first. Raises BrokenOff."""
        to_drop = head.welcome_message_count
        if discard:
            reply, _ = await self._talk.turn(Message(head.discard_message))
            to_drop = max(0, to_drop - len(reply.outputs))
        steps = self._case.steps
        for position, step in enumerate(steps):
            if self._values is not None and (reason := self._values.missing(position)):
                self._leave_out(position, reason)
                return
            spoken = step if self._values is None else self._values.spoken(step)
            reply, took_ms = await self._talk.turn(message_of(spoken))
            if to_drop:
                dropped = len(reply.outputs[:to_drop])
                to_drop -= dropped
                reply = replace(reply, outputs=reply.outputs[dropped:])
            result = await self._judged(position, spoken, reply, took_ms)
            if result.verdict is not Verdict.PASSED:
                result = replace(result, evidence=self._talk.evidence())
            self.results.append(self._kept(position, result))
            if step.captures and self._values is not None:
                self._values.take(spoken, reply, self._facts)
            self._step_played(self._first, self.results)
            if reply.ended and position + 1 < len(steps):
                reason = f"the bot ended the session after step {position + 1}"
                self.results += not_executed(self._case, self._first, position + 1, reason)
                return

    def broken_off(self, broken: BrokenOff, replays: int) -> list[StepResult]:
        """The results of a case that a connector error ended at the step after those judged."""
        at = len(self.results)
        message = retried(broken.error, broken.attempts + replays)
        in_error = replace(
            step_in_error(self._first + at, self._case.name, self._case.steps[at], message, broken.took_ms),
            evidence=broken.evidence,
        )
        rest = not_executed(self._case, self._first, at + 1, _broke_off(at))
        return [*self.results, self._kept(at, in_error), *rest]

    def _leave_out(self, position: int, reason: str) -> None:
        """A step that cannot be said ends the conversation: what comes after it relies on it."""
        index, name = self._first + position, self._case.name
        self.results.append(step_not_executed(index, name, self._case.steps[position], reason))
        self.results += not_executed(self._case, self._first, position + 1, _broke_off(position))

    def _kept(self, position: int, result: StepResult) -> StepResult:
        """The result as it is stored: nobody finds a secret in it."""
        if self._values is not None:
            said = self._values.said(self._case.steps[position])
            result = replace(result, step=said, values=self._values.kept)
        return masked_result(result, self._secrets) if self._secrets else result

    async def _judged(self, position: int, step: Step, reply: Reply, took_ms: float) -> StepResult:
        """The judgement, after whoever must be asked for it was asked."""
        around = self._circumstances
        if asks_more(step) and questions(step, reply, self._facts, took_ms, around):
            around = with_fields(around, transcript=_transcript(self.results))
            asked = questions(step, reply, self._facts, took_ms, around)
            shown = [masked(question, self._secrets) for question in asked]
            answers = await self._grading.answer(shown)
            found = {question: answers[one] for question, one in zip(asked, shown, strict=True)}
            around = with_fields(around, answers=found)
        index = self._first + position
        return judge_step(index, self._case.name, step, reply, self._facts, took_ms, around)


def unset(case: TestCase, first: int, names: Sequence[str]) -> list[StepResult]:
    """The results of a case that needs variables of the environment which it cannot have: nothing is sent."""
    listed = ", ".join(f"${{{name}}}" for name in names)
    reason = (
        f"{listed} {'has' if len(names) == 1 else 'have'} no value: set it for the process that plays"
        " (on a server, a suite reads only variables that its bot's file names)"
    )
    return [
        *(step_in_error(first, case.name, step, reason) for step in case.steps[:1]),
        *not_executed(case, first, 1, _broke_off(0)),
    ]


def not_executed(case: TestCase, first: int, start: int, reason: str) -> list[StepResult]:
    """The results of a case's steps from `start` (0-based) on, none of which was sent."""
    rest = range(start, len(case.steps))
    return [step_not_executed(first + i, case.name, case.steps[i], reason) for i in rest]


def _broke_off(position: int) -> str:
    """`position`: 0-based, in the case; people count from 1."""
    return f"the conversation broke off at step {position + 1}"


def _transcript(results: Sequence[StepResult]) -> tuple[Turn, ...]:
    return tuple(
        Turn(
            user=one.step.input or one.step.trigger or "",
            bot="\n".join(readable(output.text) for output in one.reply.outputs),
        )
        for one in results
        if one.reply is not None
    )
