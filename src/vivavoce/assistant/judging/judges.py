"""Which runs are judged by the pool, and how."""

import asyncio
import hashlib
import weakref
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path

import msgspec

from vivavoce.assistant.definition import Edition
from vivavoce.assistant.judging.orders import Extracting, Judge, Train
from vivavoce.assistant.judging.pool import Pool
from vivavoce.domain.bot import Bot, Version
from vivavoce.domain.run import Run
from vivavoce.engine.ports.judges import ChunkJudge
from vivavoce.engine.ports.units import Extract, JudgedUnit, RawChunk

FROM = 5_000  # utterances: starting the processes takes about as long as judging so many here
TRAINING_S = 3_600.0  # more than any training takes
MODELS = 8  # trained editions whose files are kept for further runs

EditionOf = Callable[[Bot, Version], Awaitable[Edition]]
"""The edition that a bot of the embedded assistant is. Raises Malformed."""


class AssistantJudges:
    """Implements engine.ports.judges.Judges: large runs on the embedded assistant are judged by the pool.

    Each edition is trained once, by one of the workers; the others load what it learned. The last editions
    are kept for further runs, and those of the runs that are going.
    """

    def __init__(
        self, edition_of: EditionOf, *, pool: Pool | None = None, least: int = FROM, keep: int = MODELS
    ) -> None:
        self._edition_of = edition_of
        self._pool = pool or Pool()
        self._least = least
        self._keep = keep
        self._last: OrderedDict[str, _Model] = OrderedDict()
        # Both hold what somebody else holds: models the last ones and judges of runs, locks who waits.
        self._models: weakref.WeakValueDictionary[str, _Model] = weakref.WeakValueDictionary()
        self._training: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    @property
    def pids(self) -> list[int]:
        """Of the processes that are there."""
        return self._pool.pids

    async def of(self, run: Run) -> ChunkJudge | None:
        """Of runs on the embedded assistant alone."""
        if run.total - run.done < self._least:
            return None
        edition = await self._edition_of(run.bot, run.version)
        return _EditionJudge(self._pool, run, await self._model(edition), _today(edition))

    def close(self) -> None:
        """End the processes. Blocking, quick."""
        self._pool.close()

    async def _model(self, edition: Edition) -> "_Model":
        name = hashlib.sha256(msgspec.msgpack.encode(edition)).hexdigest()
        async with self._training.setdefault(name, asyncio.Lock()):
            model = self._models.get(name)
            if model is None:
                model = _Model(self._pool.folder / name)
                await self._pool.ask(Train(edition, model.file), TRAINING_S)
                self._models[name] = model
        self._last[name] = model
        self._last.move_to_end(name)
        while len(self._last) > self._keep:
            self._last.popitem(last=False)
        return model


class _Model:
    """What an edition learned, in a file that is there as long as this is."""

    def __init__(self, file: Path) -> None:
        self.file = file
        # Not at the end of the process: the pool's folder goes as a whole then.
        weakref.finalize(self, file.unlink, missing_ok=True).atexit = False


class _EditionJudge:
    """Implements engine.ports.judges.ChunkJudge."""

    def __init__(self, pool: Pool, run: Run, model: _Model, today: Callable[[], date]) -> None:
        self.at_once = pool.size + 1  # one waits, so that no worker does
        self._pool = pool
        self._run = run
        self._model = model
        self._today = today

    async def judge(self, chunk: RawChunk, limit_s: float) -> JudgedUnit:
        order = Judge(self._model.file, self._run.id, self._run.engine, self._today(), chunk)
        answer = await self._pool.ask(order, limit_s)
        assert isinstance(answer, JudgedUnit)
        return answer

    async def extract(self, packed: bytes) -> Extract:
        answer = await self._pool.ask(Extracting(packed), TRAINING_S)
        assert isinstance(answer, Extract)
        return answer


def _today(edition: Edition) -> Callable[[], date]:
    from vivavoce.assistant.connector import day_of  # NumPy, which it needs, loads slowly

    return day_of(edition)
