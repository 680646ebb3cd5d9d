"""One session with a bot, turn by turn: paced, bounded in time, a turn that was not taken asked again.

Repeats are for connector errors only, never for a wrong answer (testing-api.md 8.13).
"""

import logging

from vivavoce.domain.bot import Limits
from vivavoce.domain.errors import ConnectorError, Retry, StepTimeout
from vivavoce.domain.output import Reply
from vivavoce.domain.suite import Step
from vivavoce.domain.verdict import Exchange
from vivavoce.engine.pace import Pacer
from vivavoce.engine.ports.bots import Connector, Message, Opening, Session
from vivavoce.engine.ports.clock import Clock
from vivavoce.engine.turn_limit import TurnLimit

log = logging.getLogger(__name__)

LONGEST_RETRY_AFTER_S = 30.0
FIRST_BACKOFF_S = 0.2


class BrokenOff(Exception):
    """A turn drew no reply, and sending it again is of no use in this session."""

    def __init__(
        self, error: ConnectorError, attempts: int, took_ms: float, evidence: Exchange | None
    ) -> None:
        self.error = error
        self.attempts = attempts  # repeats of the turn
        self.took_ms = took_ms
        self.evidence = evidence


class Talk:
    """A session that opens with its first turn, so that opening shares the turn's time and repeats."""

    def __init__(
        self, connector: Connector, opening: Opening, limits: Limits, *, pacer: Pacer | None, clock: Clock
    ) -> None:
        self._connector = connector
        self._opening = opening
        self._limits = limits
        self._pacer = pacer
        self._clock = clock
        self._limit = TurnLimit(limits.step_timeout_s)
        self._session: Session | None = None

    async def turn(self, message: Message) -> tuple[Reply, float]:
        """The reply to one turn and how long it took, in ms. Raises BrokenOff."""
        attempt = 0
        while True:
            if self._pacer is not None:
                await self._pacer.take()  # waiting for our own limit is not the bot's time
            began = self._clock.monotonic()
            try:
                with self._limit:
                    if self._session is None:
                        self._session = await self._connector.open(self._opening)
                        began = self._clock.monotonic()  # beginning a conversation is not answering
                    reply = await self._session.send(message)
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
                raise BrokenOff(error, attempt, took_ms, self.evidence())
            await self._clock.sleep(backoff_s(error, attempt))
            attempt += 1

    def evidence(self) -> Exchange | None:
        """The last turn as it went over the wire."""
        return None if self._session is None else self._session.evidence()

    async def close(self) -> None:
        self._limit.close()
        if self._session is not None:
            await self._session.close()


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
