"""Plays chunks of utterances that are classified and judged outside this process."""

import asyncio
from dataclasses import dataclass

from vivavoce.domain.batch.scoring import case_in_error
from vivavoce.domain.bot import Limits
from vivavoce.domain.errors import StepTimeout
from vivavoce.engine.breaker import Breaker
from vivavoce.engine.extracts import judged_unit
from vivavoce.engine.pace import Pacer
from vivavoce.engine.ports.judges import ChunkJudge
from vivavoce.engine.ports.units import JudgedUnit, RawChunk
from vivavoce.formats.payloads import decode_cases


@dataclass(frozen=True)
class _Judged:
    unit: JudgedUnit
    outage: bool = False


class ChunkDriver:
    """Has one run's chunks judged, within the same limits as calls of a classifier: a chunk is one call."""

    def __init__(
        self,
        judge: ChunkJudge,
        limits: Limits,
        *,
        in_flight: asyncio.Semaphore,
        breaker: Breaker,
        pacer: Pacer | None,
    ) -> None:
        self._judge = judge
        self._limits = limits
        self._in_flight = in_flight
        self._breaker = breaker
        self._pacer = pacer

    async def play(self, chunk: RawChunk) -> JudgedUnit:
        """Raises BotDown, InternalError."""

        async def attempt() -> _Judged:
            async with self._in_flight:
                return await self._attempt(chunk)

        return (await self._breaker.play(attempt)).unit

    async def _attempt(self, chunk: RawChunk) -> _Judged:
        if self._pacer is not None:
            await self._pacer.take()
        limit = self._limits.step_timeout_s
        try:
            return _Judged(await self._judge.judge(chunk, limit * chunk.size))
        except TimeoutError:
            late = StepTimeout(f"the bot did not answer within {limit:g} s")
            cases = enumerate(decode_cases(chunk.payload), chunk.first)
            return _Judged(judged_unit([case_in_error(*case, late.message) for case in cases]), late.outage)
