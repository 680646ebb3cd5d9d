"""Deleting suites and runs. What is going is cancelled first."""

from collections.abc import Sequence

from vivavoce.domain.bot import Bot
from vivavoce.domain.catalog import StoredFile, SuiteKind
from vivavoce.domain.errors import NotFound
from vivavoce.domain.run import Run
from vivavoce.engine.core import Engine
from vivavoce.engine.ports.players import Dispatcher

PAGE = 100


async def remove_suites(
    engine: Engine, dispatcher: Dispatcher, bot: Bot, kind: SuiteKind, names: Sequence[str]
) -> None:
    """Delete suites with their runs: all of them or none. Raises NotFound, naming each unknown one."""
    found = {name: await engine.call(engine.store.suites.get, bot.id, kind, name) for name in names}
    unknown = [name for name, suite in found.items() if suite is None or suite.prebuilt]
    if unknown:
        raise NotFound("there is no suite " + ", ".join(repr(name) for name in unknown))
    for suite in found.values():
        assert suite is not None
        for run in await engine.call(engine.store.runs.going, suite.id):
            await _cancel(engine, dispatcher, run)
        await _delete_blobs(engine, await engine.call(engine.store.suites.remove, suite.id))


async def remove_bot(engine: Engine, bot: Bot) -> None:
    """Delete a bot with its suites, runs and files; who plays one of its runs is asked to stop."""
    for kind in SuiteKind:
        while (page := await engine.call(engine.store.suites.page, bot.id, kind, skip=0, limit=PAGE)).items:
            for suite in page.items:
                for run in await engine.call(engine.store.runs.going, suite.id):
                    await engine.call(engine.store.runs.request_cancel, run.id)
                await _delete_blobs(engine, await engine.call(engine.store.suites.remove, suite.id))
    await engine.call(engine.store.bots.remove, bot.id)


async def remove_run(engine: Engine, dispatcher: Dispatcher, run: Run) -> None:
    """Delete a run with its results and report."""
    if not run.status.ended:
        await _cancel(engine, dispatcher, run)
    await _delete_blobs(engine, await engine.call(engine.store.runs.remove, run.id))


async def _cancel(engine: Engine, dispatcher: Dispatcher, run: Run) -> None:
    if await engine.call(engine.store.runs.request_cancel, run.id):
        await dispatcher.cancel(run.id)


async def _delete_blobs(engine: Engine, files: Sequence[StoredFile]) -> None:
    for file in files:
        await engine.call(engine.blobs.delete, file.key)
