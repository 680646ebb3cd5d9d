"""The local dispatcher: runs are played in this process.

Durable because state is in the tables: a run is leased to its owner; when the owner dies, its lease runs
out (or is dropped at once, where it was a process of this host), and whoever claims the run goes on with the
units that have no committed results.
"""

import asyncio
import contextlib
import logging
from dataclasses import dataclass

from vivavoce.dispatch.lease import HEARTBEAT_S, LEASE_S, Owner
from vivavoce.domain.errors import NotFound
from vivavoce.domain.events import RunFinished
from vivavoce.domain.run import Run
from vivavoce.engine.core import Engine
from vivavoce.engine.pace import Ceilings
from vivavoce.engine.playing import Stop, Stopped, play_run
from vivavoce.engine.ports.players import Listener

POLL_S = 1.0
CANCEL_PATIENCE_S = 10.0
RUNS_AT_ONCE = 32  # claimed by one process; the others wait in the database

log = logging.getLogger(__name__)


@dataclass
class Playing:
    """A run that this process plays."""

    stop: Stop
    task: "asyncio.Task[None]"


class LocalDispatcher:
    """Claims accepted runs and plays them side by side in the running event loop."""

    def __init__(self, engine: Engine, *, listener: Listener = lambda event: None) -> None:
        self._engine = engine
        self._listener = listener
        self._owner = Owner.this_process()
        self._ceilings = Ceilings(engine)
        self._playing: dict[str, Playing] = {}
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to claim and play; runs of this host's dead processes at once."""
        await self._engine.call(self._drop_dead_owners)
        self._tasks = [
            asyncio.create_task(self._claim_forever()),
            asyncio.create_task(self._beat_forever()),
        ]

    async def submit(self, run_id: str) -> None:
        self._wake.set()

    async def cancel(self, run_id: str) -> None:
        """Wait until the run is over, where this process plays it; another one sees it by its heartbeat."""
        playing = self._playing.get(run_id)
        if playing is None:
            self._wake.set()
            return
        playing.stop.cancel()
        await asyncio.wait({playing.task}, timeout=CANCEL_PATIENCE_S)

    async def aclose(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for playing in self._playing.values():
            playing.stop.pause()
        await asyncio.gather(*(playing.task for playing in self._playing.values()), return_exceptions=True)

    def healthy(self) -> bool:
        return bool(self._tasks) and not any(task.done() for task in self._tasks)

    async def _claim_forever(self) -> None:
        while True:
            try:
                while len(self._playing) < RUNS_AT_ONCE and (run := await self._claim()) is not None:
                    if run.id not in self._playing:  # our own lease ran out: the clock jumped, and we go on
                        self._begin(run)
            except Exception:
                log.exception("no run could be claimed; trying again")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_S):
                    await self._wake.wait()
            self._wake.clear()

    async def _claim(self) -> Run | None:
        now = self._engine.clock.now()
        claim = self._engine.store.runs.claim
        return await self._engine.call(
            claim, self._owner.name, host=self._owner.host, now=now, lease_s=LEASE_S
        )

    def _begin(self, run: Run) -> None:
        stop = Stop()
        self._playing[run.id] = Playing(stop, asyncio.create_task(self._play(run, stop)))

    async def _play(self, run: Run, stop: Stop) -> None:
        try:
            async for event in play_run(self._engine, run, ceilings=self._ceilings, stop=stop):
                self._listener(event)
                if isinstance(event, RunFinished):
                    log.info("run %s ended: %s", run.id, event.run.status.value)
        except Stopped:
            await self._engine.call(self._engine.store.runs.release, self._owner.name, run.id)
        except Exception as fault:
            if (
                isinstance(fault, NotFound)
                and await self._engine.call(self._engine.store.runs.get, run.id) is None
            ):
                log.info("run %s was deleted while it was played", run.id)
            else:
                # The lease runs out and the run is claimed again: nothing is lost, and the log tells.
                log.exception("run %s was left by a fault", run.id)
        finally:
            self._playing.pop(run.id, None)
            self._wake.set()

    async def _beat_forever(self) -> None:
        """Renew the leases, and see which runs were asked to cancel."""
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            if not self._playing:
                continue
            try:
                beat = self._engine.store.runs.heartbeat
                now = self._engine.clock.now()
                cancelled = await self._engine.call(beat, self._owner.name, list(self._playing), now=now)
            except Exception:
                log.exception("the leases could not be renewed; trying again")
                continue
            for run_id in cancelled:
                if (playing := self._playing.get(run_id)) is not None:
                    playing.stop.cancel()

    def _drop_dead_owners(self) -> None:
        for name, host in self._engine.store.runs.owners():
            if host == self._owner.host and not Owner(name, host).alive():
                self._engine.store.runs.drop_owner(name)
