"""The conversation driver: plays one test case turn by turn and judges each reply.

Repeats are for connector errors only, never for a wrong answer (testing-api.md 8.13).
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from vivavoce.domain.bot import Limits
from vivavoce.domain.errors import ConnectorError, Retry, StepTimeout
from vivavoce.domain.judging import judge_step, step_in_error, step_not_executed
from vivavoce.domain.output import Reply
from vivavoce.domain.suite import Step, SuiteHead, TestCase
from vivavoce.domain.verdict import StepResult
from vivavoce.engine.pace import Pacer
from vivavoce.engine.ports import Clock, Connector, Message, NewId, Opening, Session

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


class _Replay(Exception):
    """The conversation has to be played again from its start."""

    def __init__(self, results: list[StepResult], error: ConnectorError) -> None:
        self.results = results  # of the steps before the break
        self.error = error


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
        step_played: Callable[[int, int], None] = lambda first, played: None,
    ) -> None:
        self._connector = connector
        self._head = head
        self._limits = limits
        self._language = language
        self._pacer = pacer
        self._clock = clock
        self._new_id = new_id
        self._step_played = step_played  # (the case's first step index, its steps played so far)

    async def play(self, case: TestCase, first: int) -> Played:
        """Play a case whose first step has the index `first`; always one result a step."""
        for replay in range(self._limits.retries + 1):
            try:
                return await self._play_once(case, first, replay)
            except _Replay as broken:
                if replay == self._limits.retries:
                    return _broken_off(case, first, broken.results, broken.error, replay)
                await self._clock.sleep(backoff_s(broken.error, replay))
        raise AssertionError("the loop above returns")

    async def _play_once(self, case: TestCase, first: int, replays: int) -> Played:
        facts = self._connector.facts
        results: list[StepResult] = []
        session: Session | None = None
        to_drop = self._head.welcome_message_count
        try:
            for position, step in enumerate(case.steps):
                attempt = 0
                while True:
                    if self._pacer is not None:
                        await self._pacer.take()  # waiting for our own limit is not the bot's time
                    began = self._clock.monotonic()
                    try:
                        async with asyncio.timeout(self._limits.step_timeout_s):
                            if session is None:
                                session = await self._connector.open(self._opening())
                            reply = await session.send(message_of(step))
                        break
                    except TimeoutError as timeout:
                        error: ConnectorError = StepTimeout(
                            f"the bot did not answer within {self._limits.step_timeout_s:g} s"
                        )
                        error.__cause__ = timeout
                    except ConnectorError as caught:
                        error = caught
                    except Exception as fault:
                        log.exception("a connector failed in an unforeseen way")
                        error = ConnectorError(f"fault in the connector: {type(fault).__name__}: {fault}")
                    if error.retry is Retry.SAME_TURN and attempt < self._limits.retries:
                        await self._clock.sleep(backoff_s(error, attempt))
                        attempt += 1
                    elif error.retry is Retry.REPLAY:
                        raise _Replay(results, error)
                    else:
                        took_ms = (self._clock.monotonic() - began) * 1000
                        return _broken_off(case, first, results, error, attempt + replays, took_ms)
                took_ms = (self._clock.monotonic() - began) * 1000
                if to_drop:
                    dropped = reply.outputs[:to_drop]
                    to_drop -= len(dropped)
                    reply = _without_first(reply, len(dropped))
                results.append(judge_step(first + position, case.name, step, reply, facts, took_ms))
                self._step_played(first, position + 1)
                if reply.ended and position + 1 < len(case.steps):
                    reason = f"the bot ended the session after step {first + position}"
                    results += _not_executed(case, first, position + 1, reason)
                    break
            return Played(tuple(results))
        finally:
            if session is not None:
                await session.close()

    def _opening(self) -> Opening:
        return Opening(self._new_id("conversation"), self._language)


def _broken_off(
    case: TestCase,
    first: int,
    before: list[StepResult],
    error: ConnectorError,
    attempts: int,
    took_ms: float = 0.0,
) -> Played:
    """The results of a case that a connector error ended at the step after `before`."""
    at = len(before)
    broken = step_in_error(first + at, case.name, case.steps[at], retried(error, attempts), took_ms)
    reason = f"the conversation broke off at step {first + at}"
    return Played((*before, broken, *_not_executed(case, first, at + 1, reason)), outage=error.outage)


def _not_executed(case: TestCase, first: int, start: int, reason: str) -> list[StepResult]:
    rest = range(start, len(case.steps))
    return [step_not_executed(first + i, case.name, case.steps[i], reason) for i in rest]


def _without_first(reply: Reply, count: int) -> Reply:
    return Reply(
        outputs=reply.outputs[count:],
        context=reply.context,
        intents=reply.intents,
        faqs=reply.faqs,
        smalltalk=reply.smalltalk,
        nlp_version=reply.nlp_version,
        ended=reply.ended,
    )
