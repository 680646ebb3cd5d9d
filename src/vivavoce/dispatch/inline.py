"""Plays one run in the calling process, for commands that wait for it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

from vivavoce.dispatch.lease import HEARTBEAT_S, LEASE_S, Owner
from vivavoce.domain.events import Event
from vivavoce.domain.run import Run
from vivavoce.engine.core import Engine
from vivavoce.engine.pace import Ceilings
from vivavoce.engine.playing import Stop, play_run


async def play_inline(
    engine: Engine, run: Run, units: Sequence[int] | None = None, *, stop: Stop
) -> AsyncIterator[Event]:
    """Accept a new run of some units of its suite (None: all), leased to this process, and play it to its
    end."""
    owner = Owner.this_process()
    await engine.call(
        engine.store.runs.accept, run, units, owner=owner.name, host=owner.host, lease_s=LEASE_S
    )
    beat = asyncio.create_task(_beat(engine, owner, run.id, stop))
    try:
        async for event in play_run(engine, run, ceilings=Ceilings(engine), stop=stop):
            yield event
    finally:
        beat.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await beat


async def _beat(engine: Engine, owner: Owner, run_id: str, stop: Stop) -> None:
    while True:
        await asyncio.sleep(HEARTBEAT_S)
        now = engine.clock.now()
        heartbeat = engine.store.runs.heartbeat
        if await engine.call(heartbeat, owner.name, [run_id], now=now):
            stop.cancel()
