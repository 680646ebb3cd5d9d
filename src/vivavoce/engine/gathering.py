"""Gathers, while a batch run is played, what its end is made of: lines of its CSV report, its evaluation."""

import shutil
import tempfile
from collections import deque
from typing import BinaryIO

from vivavoce.domain.errors import InternalError
from vivavoce.domain.evaluation.evaluating import Evaluator
from vivavoce.domain.evaluation.values import Evaluation
from vivavoce.domain.run import Run
from vivavoce.engine.core import Engine
from vivavoce.engine.extracts import extract_of
from vivavoce.engine.ports.judges import ChunkJudge
from vivavoce.engine.ports.units import Extract
from vivavoce.formats.payloads import unpack_results


class Gathering:
    """One stretch of playing a run. Extracts are taken in the order of units: those of units that an earlier
    process had finished are made of their kept results; one that comes early waits, so that at most as many
    are held as there are units in flight. Lines lie in a file without a name."""

    def __init__(self, engine: Engine, run: Run, judge: ChunkJudge | None) -> None:
        self._engine = engine
        self._run = run
        self._judge = judge
        self._lines = tempfile.TemporaryFile(prefix="viva-report-")
        self._evaluator = Evaluator()
        self._units: deque[int] = deque()  # still to be taken
        self._to_play: set[int] = set()
        self._early: dict[int, Extract] = {}

    async def begin(self) -> None:
        """Before the first unit is played."""
        runs, call = self._engine.store.runs, self._engine.call
        self._units = deque(await call(runs.planned_units, self._run.id))
        pending = await call(runs.pending_units, self._run.id, limit=max(1, len(self._units)))
        self._to_play = {place.unit for place in pending}

    async def add(self, unit: int, extract: Extract) -> None:
        """A unit whose results are committed."""
        self._early[unit] = extract
        await self._take_what_is_there()

    async def complete(self) -> None:
        """Once every unit is played."""
        await self._take_what_is_there()
        if self._units:
            raise InternalError(f"the unit {self._units[0]} of run {self._run.id} has no results")

    def evaluation(self) -> Evaluation:
        return self._evaluator.evaluation()

    def write_lines(self, out: BinaryIO) -> None:
        """The lines of the CSV report, UTF-8. Blocking."""
        self._lines.seek(0)
        shutil.copyfileobj(self._lines, out, 1024 * 1024)

    def close(self) -> None:
        self._lines.close()

    async def _take_what_is_there(self) -> None:
        while self._units:
            unit = self._units[0]
            if unit in self._early:
                extract = self._early.pop(unit)
            elif unit not in self._to_play:
                extract = await self._of_kept(unit)
            else:
                return
            await self._engine.call(self._take, extract)
            self._units.popleft()

    def _take(self, extract: Extract) -> None:
        self._lines.write(extract.lines)
        self._evaluator.absorb(extract.evaluator)

    async def _of_kept(self, unit: int) -> Extract:
        packed = await self._engine.call(self._engine.store.runs.case_chunk, self._run.id, unit)
        if self._judge is not None:
            return await self._judge.extract(packed)
        return await self._engine.call(lambda: extract_of(unpack_results(packed)))
