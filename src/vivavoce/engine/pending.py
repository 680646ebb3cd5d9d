"""Hands out the units that a run has still to play."""

import asyncio
from collections.abc import Callable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import Generic, TypeVar

from vivavoce.domain.run import Run
from vivavoce.engine.core import Engine
from vivavoce.engine.ports.units import BEFORE_ALL, RawChunk, Unit

U = TypeVar("U", Unit, RawChunk)


class PendingUnits(Generic[U]):
    """The units without committed results, each with its repeat, in order, read a page at a time."""

    def __init__(
        self, engine: Engine, run: Run, at_a_time: int, read_from: Callable[[int], Iterator[U]]
    ) -> None:
        """`read_from`: the suite's units from an index on."""
        self._engine = engine
        self._run = run
        self._at_a_time = at_a_time
        self._read_from: Callable[[int], Iterator[U]] = read_from
        self._page: Iterator[tuple[int, U]] = iter(())
        self._after = BEFORE_ALL
        self._ended = False
        self._lock = asyncio.Lock()

    async def next(self) -> tuple[int, U] | None:
        pending = next(self._page, None)
        if pending is not None or self._ended:
            return pending
        async with self._lock:
            pending = next(self._page, None)
            if pending is None and not self._ended:
                self._page = iter(await self._engine.call(self._read))
                pending = next(self._page, None)
                self._ended = pending is None
            return pending

    def _read(self) -> list[tuple[int, U]]:
        """Runs in a thread."""
        wanted = self._engine.store.runs.pending_units(self._run.id, after=self._after, limit=self._at_a_time)
        found: list[tuple[int, U]] = []
        for repeat, places in groupby(wanted, key=attrgetter("repeat")):
            found += ((repeat, unit) for unit in self._units({place.unit for place in places}))
        if wanted:
            self._after = wanted[-1]
        return found

    def _units(self, wanted: set[int]) -> Iterator[U]:
        last = max(wanted)
        for unit in self._read_from(min(wanted)):
            if unit.index in wanted:
                yield unit
            if unit.index >= last:
                break
