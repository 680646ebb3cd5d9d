"""From what a path names to what is kept, refused in the order of testing-api.md 8.24."""

from vivavoce.domain.catalog import StoredFile, Suite, SuiteKind
from vivavoce.domain.run import Run, RunKind
from vivavoce.engine.running import find_suite, suite_named
from vivavoce.engine.uploads import visible_file
from vivavoce.server.context import Context
from vivavoce.server.refusals import FILE_ID, REQUEST_ID, TEST_RESULT, TEST_SUITE, not_found

RUN_KINDS = {SuiteKind.CONVERSATION: RunKind.CONVERSATION, SuiteKind.BATCH: RunKind.BATCH}


async def the_file(context: Context, file_id: str) -> StoredFile:
    """An uploaded file that the caller may use. Raises Refusal (400)."""
    file = await visible_file(context.engine, file_id, context.app)
    if file is None:
        raise not_found(FILE_ID)
    return file


async def the_suite(context: Context, kind: SuiteKind) -> Suite:
    """The suite that the path names. Raises Refusal (400)."""
    suite = await find_suite(context.engine, context.bot, kind, context.parameter("testSuiteName"))
    if suite is None:
        raise not_found(TEST_SUITE)
    return suite


async def the_run(context: Context, kind: SuiteKind, parameter: str) -> Run:
    """The run that the path names, of the suite that it names. Raises Refusal (400), first for the suite."""
    suite, run = await context.engine.call(_suite_and_run, context, kind, context.parameter(parameter))
    if suite is None:
        raise not_found(TEST_SUITE)
    if run is None or run.suite_id != suite.id or run.kind is not RUN_KINDS[kind]:
        raise not_found(TEST_RESULT)
    return run


def _suite_and_run(context: Context, kind: SuiteKind, run_id: str) -> tuple[Suite | None, Run | None]:
    """Both with one visit to the store: this is what status calls wait for."""
    engine = context.engine
    with engine.store.together():
        suite = suite_named(engine, context.bot, kind, context.parameter("testSuiteName"))
        return suite, engine.store.runs.get(run_id)


async def the_import(context: Context) -> Run:
    """The import that the path names. Raises Refusal (400)."""
    run = await context.engine.call(context.engine.store.runs.get, context.parameter("dsId"))
    if run is None or run.bot.id != context.bot.id or run.kind is not RunKind.VALIDATION:
        raise not_found(REQUEST_ID)
    return run
