"""Runs: started, found, cancelled."""

from functools import partial

from msgspec.structs import replace

from vivavoce.domain.bot import Bot, Version
from vivavoce.domain.catalog import Suite, SuiteKind
from vivavoce.domain.errors import Conflict
from vivavoce.domain.run import Run, RunKind
from vivavoce.domain.selecting import ALL_ONCE, Plan
from vivavoce.engine.core import Engine
from vivavoce.engine.ports.players import Dispatcher
from vivavoce.engine.prebuilt import fill_prebuilt, prebuilt_suite
from vivavoce.engine.selecting import chosen_units

TRIES = 10  # to begin a run of a suite that others are updating
PAUSE_S = 0.02  # before the next, times the number of tries
KINDS = {SuiteKind.CONVERSATION: (RunKind.CONVERSATION, "ctr"), SuiteKind.BATCH: (RunKind.BATCH, "tr")}


async def find_suite(engine: Engine, bot: Bot, kind: SuiteKind, name: str) -> Suite | None:
    """A suite of this bot by its name; the prebuilt batch suites under both their names."""
    return await engine.call(suite_named, engine, bot, kind, name)


def suite_named(engine: Engine, bot: Bot, kind: SuiteKind, name: str) -> Suite | None:
    """`find_suite`, blocking."""
    if kind is SuiteKind.BATCH and (prebuilt := prebuilt_suite(engine, bot, name)) is not None:
        return engine.store.suites.get(bot.id, kind, prebuilt.name) or prebuilt
    return engine.store.suites.get(bot.id, kind, name)


async def check_bot(engine: Engine, bot: Bot, kind: SuiteKind, version: Version) -> None:
    """Refuse a bot that cannot be asked at all, such as one whose secrets are not set or that reports no
    intent, before anything is kept or sent. Raises Malformed."""
    if kind is SuiteKind.BATCH:
        await (await engine.call(engine.connectors.classifier, bot, version)).aclose()
    else:
        await (await engine.call(engine.connectors.connector, bot, version)).aclose()


async def start_run(
    engine: Engine,
    dispatcher: Dispatcher,
    bot: Bot,
    suite: Suite,
    *,
    version: Version,
    user: str,
    language: str,
    notes: str = "",
    engine_name: str = "",
    plan: Plan = ALL_ONCE,
) -> Run:
    """Accept a run of a suite and have it played soon.

    Raises Malformed: a prebuilt suite without source, a bot that cannot be asked at all, or a plan that
    leaves nothing to play (NothingChosen).
    """
    await check_bot(engine, bot, suite.kind, version)
    for tried in range(TRIES):
        try:
            run = await _accepted(
                engine,
                bot,
                suite,
                version=version,
                user=user,
                language=language,
                notes=notes,
                engine_name=engine_name,
                plan=plan,
            )
        except Conflict:  # another call updated the suite between our look at it and our run
            if tried == TRIES - 1:
                raise
            await engine.clock.sleep(PAUSE_S * (tried + 1))
            suite = await find_suite(engine, bot, suite.kind, suite.name) or suite
        else:
            await dispatcher.submit(run.id)
            return run
    raise AssertionError("the last try returns or raises")


async def _accepted(
    engine: Engine, bot: Bot, suite: Suite, *, version: Version, plan: Plan, **asked: str
) -> Run:
    # First, as it may take a while: the sooner the suite is held, the less others can have replaced it.
    run = await engine.call(partial(new_run, engine, bot, suite, version=version, plan=plan, **asked))
    if suite.prebuilt:
        suite = await engine.call(fill_prebuilt, engine, bot, suite, version)
        run = replace(run, revision=suite.revision, total=suite.total)
    units = await engine.call(chosen_units, engine.store, suite, plan.selection)
    await engine.call(engine.store.runs.accept, run, units)
    return await engine.call(engine.store.runs.get, run.id) or run


def new_run(
    engine: Engine,
    bot: Bot,
    suite: Suite,
    *,
    version: Version,
    user: str,
    language: str,
    notes: str = "",
    engine_name: str = "",
    plan: Plan = ALL_ONCE,
) -> Run:
    """A run as it is accepted; the store counts its `total`. What only playing can show (a bot that cannot
    classify) ends the run. Blocking."""
    kind, prefix = KINDS[suite.kind]
    now = engine.clock.now()
    return Run(
        id=engine.new_id(prefix),
        kind=kind,
        bot=bot,
        suite_id=suite.id,
        suite_name=suite.name,
        revision=suite.revision,
        version=version,
        language=language,
        total=suite.total,
        created_on=now,
        modified_on=now,
        triggered_by=user,
        engine=engine_name or suite.engine,
        notes=notes,
        thresholds=engine.connectors.thresholds(bot, version) if kind is RunKind.BATCH else {},
        selection=plan.selection,
        fail_fast=plan.fail_fast,
        repeats=plan.repeats,
        pass_rule=plan.pass_rule,
    )


async def cancel_run(engine: Engine, dispatcher: Dispatcher, run: Run) -> Run:
    """Have a run end as cancelled; what was played is kept. Raises Conflict when it has ended."""
    if not await engine.call(engine.store.runs.request_cancel, run.id):
        raise Conflict(f"the run {run.id} has ended already")
    await dispatcher.cancel(run.id)
    return await engine.call(engine.store.runs.get, run.id) or run
