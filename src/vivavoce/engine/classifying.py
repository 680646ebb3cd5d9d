"""Plays a chunk of batch cases: classifies each utterance and scores it."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from vivavoce.domain.batch.scoring import Scorer, case_in_error
from vivavoce.domain.batch.utterance import BatchCase, CaseResult, Classification
from vivavoce.domain.bot import Limits
from vivavoce.domain.errors import ConnectorError, Retry, StepTimeout
from vivavoce.engine.breaker import BotDown, Breaker
from vivavoce.engine.pace import Pacer
from vivavoce.engine.ports.bots import Classifier, Utterance
from vivavoce.engine.ports.clock import Clock
from vivavoce.engine.ports.units import Unit
from vivavoce.engine.talk import backoff_s, retried


def in_order(results: Iterable[CaseResult]) -> tuple[CaseResult, ...]:
    return tuple(sorted(results, key=attrgetter("index")))


@dataclass(frozen=True)
class Scored:
    """The results of one call, and whether it failed because the bot seems to be down."""

    results: tuple[CaseResult, ...]
    outage: bool = False


class BatchDriver:
    """Plays chunks of utterances of one run through one classifier."""

    def __init__(
        self,
        classifier: Classifier,
        limits: Limits,
        language: str,
        *,
        scorer: Scorer,
        in_flight: asyncio.Semaphore,
        breaker: Breaker,
        pacer: Pacer | None,
        clock: Clock,
        case_played: Callable[[int, Sequence[CaseResult]], None] = lambda first, results: None,
    ) -> None:
        self._classifier = classifier
        self._limits = limits
        self._language = language
        self._scorer = scorer
        self._in_flight = in_flight
        self._breaker = breaker
        self._pacer = pacer
        self._clock = clock
        self._case_played = case_played  # (the unit's first case index, its results so far, in any order)

    async def play(self, unit: Unit, cases: Sequence[BatchCase]) -> tuple[CaseResult, ...]:
        """One result a case, in order; as many calls in flight as the bot allows. Raises BotDown."""
        chunk = self._classifier.chunk
        calls = iter(range(0, len(cases), chunk))
        results: list[CaseResult] = []

        async def work() -> None:
            for start in calls:
                part = cases[start : start + chunk]
                index = unit.first + start

                async def attempt(index: int = index, part: Sequence[BatchCase] = part) -> Scored:
                    async with self._in_flight:
                        return await self._classify(index, part)

                scored = await self._breaker.play(attempt)
                results.extend(scored.results)
                self._case_played(unit.first, results)

        workers = min(self._limits.max_conversations, -(-len(cases) // chunk))
        down: BotDown | None = None
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(workers):
                    group.create_task(work())
        except* BotDown as raised:
            down = BotDown(str(raised.exceptions[0]))
        if down is not None:
            raise down
        return in_order(results)

    async def _classify(self, first: int, cases: Sequence[BatchCase]) -> Scored:
        utterances = [Utterance(case.utterance, self._language, case.parent_intents) for case in cases]
        attempt = 0
        while True:
            if self._pacer is not None:
                await self._pacer.take()
            began = self._clock.monotonic()
            answers = await self._answers(utterances)
            took_ms = (self._clock.monotonic() - began) * 1000 / max(len(cases), 1)
            error = answers[0] if len(answers) == 1 and isinstance(answers[0], ConnectorError) else None
            if error is None or error.retry is Retry.NEVER or attempt >= self._limits.retries:
                break
            # An utterance stands alone, so "play again from the start" is the same call once more.
            await self._clock.sleep(backoff_s(error, attempt))
            attempt += 1
        results: list[CaseResult] = []
        outage = False
        for offset, (case, answer) in enumerate(zip(cases, answers, strict=True)):
            if isinstance(answer, ConnectorError):
                outage = outage or answer.outage
                results.append(case_in_error(first + offset, case, retried(answer, attempt), took_ms))
            else:
                results.append(self._scorer.score(first + offset, case, answer, took_ms))
        return Scored(tuple(results), outage)

    async def _answers(self, utterances: list[Utterance]) -> Sequence[Classification | ConnectorError]:
        limit = self._limits.step_timeout_s
        try:
            async with asyncio.timeout(limit * len(utterances)):
                return await self._classifier.classify(utterances)
        except TimeoutError:
            return [StepTimeout(f"the bot did not answer within {limit:g} s") for _ in utterances]
