"""Plays files one after the other for `viva run`, and stops in good order when interrupted."""

import asyncio
import getpass
import signal
from collections.abc import Callable, Sequence
from uuid import NAMESPACE_URL, uuid5

from vivavoce.cli.choosing import choose_in_files
from vivavoce.cli.console import err
from vivavoce.cli.files import SuiteFile
from vivavoce.cli.progress import ProgressListener
from vivavoce.dispatch.inline import play_inline
from vivavoce.domain.bot import Bot, Version
from vivavoce.domain.catalog import Suite, SuiteKind
from vivavoce.domain.events import RunFinished
from vivavoce.domain.output import Fact
from vivavoce.domain.run import Run, RunStatus
from vivavoce.domain.selecting import ALL_ONCE, Plan
from vivavoce.domain.validating import settled_case
from vivavoce.engine.core import Engine
from vivavoce.engine.importing import batch_units, conversation_units
from vivavoce.engine.keeping import keep_suite
from vivavoce.engine.playing import Stop
from vivavoce.engine.running import check_bot, new_run
from vivavoce.wiring import run_async

Finished = Callable[[str, Run], None]


class Interrupted(Exception):
    """A signal asked to stop; what was played is kept."""

    def __init__(self, number: int) -> None:
        self.signal = number


def play_files(
    engine: Engine,
    bot: Bot,
    files: Sequence[SuiteFile],
    *,
    version: Version,
    language: str | None,
    engine_name: str = "",
    plan: Plan = ALL_ONCE,
    finished: Finished,
) -> None:
    """Play each file as a run of its own. Raises Interrupted after SIGINT or SIGTERM, and NothingChosen
    where the plan leaves no case of any file."""
    run_async(_play_files(engine, bot, files, version, language, engine_name, plan, finished))


async def _play_files(
    engine: Engine,
    bot: Bot,
    files: Sequence[SuiteFile],
    version: Version,
    language: str | None,
    engine_name: str,
    plan: Plan,
    finished: Finished,
) -> None:
    chosen = await engine.call(choose_in_files, engine.store, bot, files, plan.selection)
    kinds = {file.kind for file in files}
    for kind in kinds:
        await check_bot(engine, bot, kind, version)
    facts = await _facts(engine, bot, version) if SuiteKind.CONVERSATION in kinds else frozenset[Fact]()
    stop, caught = Stop(), 0

    def interrupt(number: int) -> None:
        nonlocal caught
        caught = number
        stop.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, interrupt, number)
    user = f"u-{uuid5(NAMESPACE_URL, f'os:{getpass.getuser()}')}"
    ended_early = False
    for file, units in chosen:
        if ended_early:
            err().print(f"{file.path}: not played: a case before did not pass (--fail-fast)", style="yellow")
            continue
        suite = await engine.call(_keep, engine, bot, file, user, facts)
        file.forget()
        spoken = language or suite.head.language or bot.language
        run = new_run(
            engine,
            bot,
            suite,
            version=version,
            user=user,
            language=spoken,
            engine_name=engine_name,
            plan=plan,
        )
        label = str(file.path)
        with ProgressListener(file.path.name) as progress:
            async for event in play_inline(engine, run, units, stop=stop):
                progress(event)
                if isinstance(event, RunFinished):
                    run = event.run
        finished(label, run)
        if caught:
            raise Interrupted(caught)
        ended_early = plan.fail_fast and run.status is not RunStatus.PASSED


async def _facts(engine: Engine, bot: Bot, version: Version) -> frozenset[Fact]:
    """What can be read off this bot's replies."""
    connector = engine.connectors.connector(bot, version)
    await connector.aclose()
    return connector.facts


def _keep(engine: Engine, bot: Bot, file: SuiteFile, user: str, facts: frozenset[Fact]) -> Suite:
    """The file as a suite of this bot; played again, it is the same suite's next revision."""
    if file.conversations is not None:
        units = conversation_units(settled_case(case, facts) for case in file.conversations.cases())
    else:
        units = batch_units(file.batch_cases())
    return keep_suite(engine, bot, file.kind, file.head, str(file.path), units, user=user)
