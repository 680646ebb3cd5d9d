"""The conversation driver: plays one test case turn by turn and judges each reply.

Repeats are for connector errors only, never for a wrong answer (testing-api.md 8.13).
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from vivavoce.domain.bot import Limits
from vivavoce.domain.errors import ConnectorError, Retry, StepTimeout
from vivavoce.domain.judging import judge_step, step_in_error, step_not_executed
from vivavoce.domain.output import Reply
from vivavoce.domain.suite import Step, SuiteHead, TestCase
from vivavoce.domain.verdict import StepResult
from vivavoce.engine.pace import Pacer
from vivavoce.engine.ports import Clock, Connector, Message, NewId, Opening, Session
from vivavoce.engine.turn_limit import TurnLimit

log = logging.getLogger(__name__)

LONGEST_RETRY_AFTER_S = 30.0
FIRST_BACKOFF_S = 0.2


@dataclass(frozen=True)
class Played:
    """A conversation's results, and whether it ended because the bot seems to be down."""

    results: tuple[StepResult, ...]
    outage: bool = False


def backoff_s(error: ConnectorError, attempt: int) -> float:
    """How long to wait before repeat number `attempt` (from 0): what the bot asked for, else doubling."""
    wait = FIRST_BACKOFF_S * 2**attempt if error.retry_after_s is None else error.retry_after_s
    return min(wait, LONGEST_RETRY_AFTER_S)


def retried(error: ConnectorError, attempts: int) -> str:
    """The error's message, with how often the turn was repeated."""
    if attempts == 0:
        return error.message
    return f"{error.message} (after {attempts} {'retry' if attempts == 1 else 'retries'})"


def message_of(step: Step) -> Message:
    """What is sent for a step; with a trigger, an input that repeats its name is not a text (8.3)."""
    if step.trigger is None:
        return Message(step.input)
    return Message("" if step.input == step.trigger else step.input, step.trigger)


class _BrokenOff(Exception):
    """A turn drew no reply, and sending it again is of no use in this session."""

    def __init__(self, error: ConnectorError, attempts: int, took_ms: float) -> None:
        self.error = error
        self.attempts = attempts  # repeats of the turn
        self.took_ms = took_ms


class ConversationDriver:
    """Plays test cases of one run through one connector; keeps no state between them."""

    def __init__(
        self,
        connector: Connector,
        head: SuiteHead,
        limits: Limits,
        language: str,
        *,
        pacer: Pacer | None,
        clock: Clock,
        new_id: NewId,
        step_played: Callable[[int, Sequence[StepResult]], None] = lambda first, results: None,
    ) -> None:
        self._connector = connector
        self._head = head
        self._limits = limits
        self._language = language
        self._pacer = pacer
        self._clock = clock
        self._new_id = new_id
        self._step_played = step_played  # (the case's first step index, its results so far)

    async def play(self, case: TestCase, first: int) -> Played:
        """Play a case whose first step has the index `first`; always one result a step."""
        replays = 0
        while True:
            results: list[StepResult] = []
            try:
                await self._play_once(case, first, results)
                return Played(tuple(results))
            except _BrokenOff as broken:
                error = broken.error
                if error.retry is not Retry.REPLAY or replays >= self._limits.retries:
                    return _broken_off(case, first, results, broken, replays)
                await self._clock.sleep(backoff_s(error, replays))
                replays += 1

    async def _play_once(self, case: TestCase, first: int, results: list[StepResult]) -> None:
        """Play a case in one session, appending to `results`. Raises _BrokenOff."""
        talk = _Talk(self._connector, self._opening(), TurnLimit(self._limits.step_timeout_s))
        to_drop = self._head.welcome_message_count
        try:
            if self._head.discard_message and not self._connector.fresh_sessions:
                reply, _ = await self._turn(talk, Message(self._head.discard_message))
                to_drop = max(0, to_drop - len(reply.outputs))
            for position, step in enumerate(case.steps):
                reply, took_ms = await self._turn(talk, message_of(step))
                if to_drop:
                    dropped = len(reply.outputs[:to_drop])
                    to_drop -= dropped
                    reply = replace(reply, outputs=reply.outputs[dropped:])
                results.append(
                    judge_step(first + position, case.name, step, reply, self._connector.facts, took_ms)
                )
                self._step_played(first, results)
                if reply.ended and position + 1 < len(case.steps):
                    reason = f"the bot ended the session after step {first + position}"
                    results += not_executed(case, first, position + 1, reason)
                    return
        finally:
            await talk.close()

    async def _turn(self, talk: "_Talk", message: Message) -> tuple[Reply, float]:
        """The reply to one turn and how long it took, in ms; the bot is asked again where it did not take
        the turn. Raises _BrokenOff."""
        attempt = 0
        while True:
            if self._pacer is not None:
                await self._pacer.take()  # waiting for our own limit is not the bot's time
            began = self._clock.monotonic()
            try:
                with talk.limit:
                    reply = await talk.send(message)
                return reply, (self._clock.monotonic() - began) * 1000
            except TimeoutError:
                error: ConnectorError = StepTimeout(
                    f"the bot did not answer within {self._limits.step_timeout_s:g} s"
                )
            except ConnectorError as caught:
                error = caught
            except Exception as fault:
                log.exception("a connector failed in an unforeseen way")
                error = ConnectorError(f"fault in the connector: {type(fault).__name__}: {fault}")
            took_ms = (self._clock.monotonic() - began) * 1000
            if error.retry is not Retry.SAME_TURN or attempt >= self._limits.retries:
                raise _BrokenOff(error, attempt, took_ms)
            await self._clock.sleep(backoff_s(error, attempt))
            attempt += 1

    def _opening(self) -> Opening:
        return Opening(self._new_id("conversation"), self._language)


class _Talk:
    """A session that opens with its first turn, so that opening shares the turn's time and repeats."""

    def __init__(self, connector: Connector, opening: Opening, limit: TurnLimit) -> None:
        self.limit = limit
        self._connector = connector
        self._opening = opening
        self._session: Session | None = None

    async def send(self, message: Message) -> Reply:
        if self._session is None:
            self._session = await self._connector.open(self._opening)
        return await self._session.send(message)

    async def close(self) -> None:
        self.limit.close()
        if self._session is not None:
            await self._session.close()


def _broken_off(
    case: TestCase, first: int, before: list[StepResult], broken: _BrokenOff, replays: int
) -> Played:
    """The results of a case that a connector error ended at the step after `before`."""
    at = len(before)
    message = retried(broken.error, broken.attempts + replays)
    in_error = step_in_error(first + at, case.name, case.steps[at], message, broken.took_ms)
    reason = f"the conversation broke off at step {first + at}"
    return Played((*before, in_error, *not_executed(case, first, at + 1, reason)), outage=broken.error.outage)


def not_executed(case: TestCase, first: int, start: int, reason: str) -> list[StepResult]:
    """The results of a case's steps from `start` (0-based) on, none of which was sent."""
    rest = range(start, len(case.steps))
    return [step_not_executed(first + i, case.name, case.steps[i], reason) for i in rest]
