"""The conversation driver: plays the test cases of a run, each from its start again where that may help."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from vivavoce.domain.bot import Limits
from vivavoce.domain.errors import Retry
from vivavoce.domain.suite import SuiteHead, TestCase
from vivavoce.domain.verdict import StepResult
from vivavoce.domain.weighing import weigh
from vivavoce.engine.case_playing import CasePlaying, RunContext, not_executed, unset
from vivavoce.engine.case_values import CaseValues
from vivavoce.engine.pace import Pacer
from vivavoce.engine.ports.bots import Connector, Opening
from vivavoce.engine.ports.clock import Clock, NewId
from vivavoce.engine.talk import BrokenOff, Talk, backoff_s, message_of

__all__ = ["ConversationDriver", "Played", "RunContext", "message_of", "not_executed"]


@dataclass(frozen=True)
class Played:
    """A conversation's results, and whether it ended because the bot seems to be down."""

    results: tuple[StepResult, ...]
    outage: bool = False


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
        around: RunContext | None = None,
        step_played: Callable[[int, Sequence[StepResult]], None] = lambda first, results: None,
    ) -> None:
        self._connector = connector
        self._head = head
        self._limits = limits
        self._language = language
        self._pacer = pacer
        self._clock = clock
        self._new_id = new_id
        self._around = around or RunContext()
        self._step_played = step_played  # (the case's first step index, its results so far)

    async def play(self, case: TestCase, first: int) -> Played:
        """Play a case whose first step has the index `first`; always one result a step."""
        replays = 0
        while True:
            opening, values = self._opening(case)
            if values is not None and values.unset:
                return Played(tuple(unset(case, first, values.unset)))
            talk = Talk(self._connector, opening, self._limits, pacer=self._pacer, clock=self._clock)
            playing = CasePlaying(
                case,
                first,
                talk,
                self._connector.facts,
                around=self._around,
                values=values,
                step_played=self._step_played,
            )
            try:
                discard = bool(self._head.discard_message) and not self._connector.fresh_sessions
                await playing.play(self._head, discard=discard)
                return Played(weigh(case.threshold, playing.results))
            except BrokenOff as broken:
                error = broken.error
                if error.retry is not Retry.REPLAY or replays >= self._limits.retries:
                    results = playing.broken_off(broken, replays)
                    return Played(weigh(case.threshold, results), outage=error.outage)
            finally:
                await talk.close()
            await self._clock.sleep(backoff_s(error, replays))
            replays += 1

    def _opening(self, case: TestCase) -> tuple[Opening, CaseValues | None]:
        """A fresh conversation, and what the case's names stand for in it."""
        opening = Opening(self._new_id("conversation"), self._language, case.context)
        secrets, values = self._around.secrets, None
        if case.variables is not None:
            values = CaseValues(
                case,
                case.variables,
                run_id=self._around.run_id,
                conversation_id=opening.conversation_id,
                readable=self._around.suite_secrets,
                own=secrets,
            )
            secrets = values.secrets
            opening = replace(opening, context=values.context(case.context))
        return (replace(opening, secrets=secrets) if secrets else opening), values
