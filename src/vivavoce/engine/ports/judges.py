"""Whoever classifies and judges whole chunks of utterances outside this process."""

from typing import Protocol

from vivavoce.domain.run import Run
from vivavoce.engine.ports.units import Extract, JudgedUnit, RawChunk


class ChunkJudge(Protocol):
    """Classifies and judges the chunks of one run, to the same results as a Classifier and this process."""

    at_once: int  # chunks that it likes to have at a time

    async def judge(self, chunk: RawChunk, limit_s: float) -> JudgedUnit:
        """Raises TimeoutError when it takes longer, InternalError when it cannot be done."""

    async def extract(self, packed: bytes) -> Extract:
        """What the end of the run needs of a chunk that was judged before. Raises InternalError."""


class Judges(Protocol):
    async def of(self, run: Run) -> ChunkJudge | None:
        """None: this run's utterances are classified and judged in this process. Raises Malformed when the
        bot's settings make no classifier."""


class _NoJudges:
    async def of(self, run: Run) -> ChunkJudge | None:
        return None


NO_JUDGES: Judges = _NoJudges()
"""All is judged in this process."""
