"""Conversation suites: import, import status, list, export, delete (testing-api.md 3.1, 3.2, 3.7)."""

from collections.abc import Iterator
from typing import Annotated, Literal

from fastapi import Query, Response
from pydantic import Field

from vivavoce.domain.catalog import Suite, SuiteKind
from vivavoce.domain.errors import NotFound
from vivavoce.domain.run import Run, RunStatus
from vivavoce.domain.suite import TestCase
from vivavoce.engine.core import Engine
from vivavoce.engine.import_proposals import proposals
from vivavoce.engine.importing import import_conversations
from vivavoce.engine.ports.suites import SuitePage
from vivavoce.engine.removing import remove_suites
from vivavoce.engine.running import find_suite
from vivavoce.formats.suite_document import suite_document
from vivavoce.formats.wire.conversations import SUITES_DELETED
from vivavoce.formats.wire.imports import import_started, import_status
from vivavoce.formats.wire.lists import conversation_list, revision_list
from vivavoce.server.bodies import NULLABLE, Answer, Body, Email, FileId, Json, Limit, Skip, SuiteName, Tag
from vivavoce.server.context import Context, Ctx
from vivavoce.server.finding import the_file, the_import, the_suite
from vivavoce.server.refusals import FILE_ID, TEST_SUITE, not_found
from vivavoce.server.routing import CallRouter, json_answer
from vivavoce.server.streaming import streamed

router = CallRouter()

KIND = SuiteKind.CONVERSATION
MOST_REVISIONS = 1_000_000_000
MOST_REPLAYS = 10

# A filter of a list; without NUL, which PostgreSQL cannot compare with.
Filter = Annotated[str, Query(max_length=256, pattern="^[^\x00]*$")]


class ConversationImport(Body):
    fileName: FileId
    name: SuiteName
    userEmailId: Email
    importType: Literal["new", "update"] = Field(
        "new", description="`update`: the known suite's next revision, seen once the import succeeds"
    )
    replays: int = Field(
        1,
        ge=1,
        le=MOST_REPLAYS,
        description="play the trial so often; what differs among the replies is proposed in the status",
    )
    tags: Annotated[list[Tag], Field(max_length=100, default_factory=list)]
    description: str = ""
    preprocessor: str = Field("", description="JavaScript; kept, and run once scripts are supported")


class ConversationImportStarted(Answer):
    status: Literal["IN_PROGRESS", "SUCCESS", "FAILED"]
    dsId: str


class StatusLog(Answer):
    time: str
    level: Literal["warning", "error"]
    message: str
    step: int = Field(description="0-based; null where no step is meant", json_schema_extra=NULLABLE)


class ConversationImportStatus(Answer):
    id: str = Field(alias="_id")
    status: Literal["IN_PROGRESS", "SUCCESS", "FAILED"]
    percentageComplete: int
    streamId: str
    jobType: str
    action: str
    countOfDockStatuses: int
    createdBy: str
    testSuiteId: str
    expireAt: str
    statusLogs: list[StatusLog]
    lMod: str
    createdOn: str
    requestedTime: str
    response: Json = Field({}, description="the suite document, only on SUCCESS")
    proposals: list[Json] = Field(
        [],
        description="of an import with `replays`, on SUCCESS: what may vary, by step; only where some does",
    )


class ConversationSuite(Answer):
    id: str = Field(alias="_id")
    name: str
    description: str
    tags: list[str]
    metadataAvailable: bool
    preprocessor: str
    streamId: str
    accountId: str
    testSteps: list[Json]
    createdOn: str
    lModOn: str


class ConversationRevision(Answer):
    revision: int
    name: str
    description: str
    tags: list[str]
    createdBy: str
    createdOn: str
    fileName: str = Field(description="as uploaded; empty: kept by a command")
    fileId: str
    totalTestCasesCount: int
    totalTestStepsCount: int


class ConversationRevisionList(Answer):
    count: int
    moreAvailable: bool
    revisions: list[ConversationRevision]


class ListedConversationSuite(Answer):
    id: str = Field(alias="_id")
    name: str
    description: str
    tags: list[str]
    createdOn: str
    lModOn: str
    totalTestStepsCount: int
    lastRun: Json = Field(description="brief status of the newest run", json_schema_extra=NULLABLE)


class ConversationSuiteList(Answer):
    count: int
    moreAvailable: bool
    testSuites: list[ListedConversationSuite]


class ConversationDelete(Body):
    testSuiteNames: Annotated[list[str], Field(min_length=1, max_length=500)]


class ConversationSuitesDeleted(Answer):
    status: str


@router.serves("import_conversations", answer=ConversationImportStarted)
async def import_suite(context: Ctx, body: ConversationImport) -> Response:
    file = await the_file(context, body.fileName)
    update = body.importType == "update"
    if update and await find_suite(context.engine, context.bot, KIND, body.name) is None:
        raise not_found(TEST_SUITE, f"there is no conversation suite {body.name!r} to update")
    try:
        run = await import_conversations(
            context.engine,
            context.dispatcher,
            context.bot,
            file,
            name=body.name,
            user=context.user(body.userEmailId),
            import_type=body.importType,
            tags=body.tags,
            description=body.description,
            preprocessor=body.preprocessor,
            replays=body.replays,
            language=context.language,
        )
    except NotFound:  # the file went between the look and the reading
        raise not_found(FILE_ID) from None
    return json_answer(import_started(run.id))


@router.serves("conversation_import_status", answer=ConversationImportStatus)
async def import_state(context: Ctx) -> Response:
    run = await the_import(context)
    suite = None
    if run.status is RunStatus.PASSED:
        suite = await context.engine.call(context.engine.store.suites.revision, run.suite_id, run.revision)
    if suite is None:
        return await streamed(context.engine, import_status(run, None))
    document = _document(context.engine, suite, run.bot.account_id)
    proposed = proposals(context.engine.store, run, suite) if run.repeats > 1 else ()
    return await streamed(context.engine, import_status(run, document, proposed))


@router.serves("export_conversation_suite", answer=ConversationSuite)
async def export(
    context: Ctx,
    revision: Annotated[int, Query(ge=0, le=MOST_REVISIONS, description="0: the newest")] = 0,
) -> Response:
    suite = await the_suite(context, KIND)
    if revision:
        suite = await _revision(context, suite, revision)
    return await streamed(context.engine, _document(context.engine, suite, context.bot.account_id))


@router.serves("list_conversation_revisions", answer=ConversationRevisionList)
async def list_revisions(context: Ctx, skip: Skip = 0, limit: Limit = 50) -> Response:
    suite = await the_suite(context, KIND)
    page = await context.engine.call(context.engine.store.suites.revisions, suite.id, skip=skip, limit=limit)
    return json_answer(revision_list(page.items, count=page.count, more=page.more))


@router.serves("list_conversation_suites", answer=ConversationSuiteList)
async def list_suites(
    context: Ctx, skip: Skip = 0, limit: Limit = 50, tag: Filter = "", intent: Filter = ""
) -> Response:
    store = context.engine.store

    def read() -> tuple[SuitePage, dict[str, Run]]:
        page = store.suites.page(context.bot.id, KIND, skip=skip, limit=limit, tag=tag, intent=intent)
        return page, store.runs.last_of([suite.id for suite in page.items])

    page, last_runs = await context.engine.call(read)
    return json_answer(conversation_list(page.items, count=page.count, more=page.more, last_runs=last_runs))


@router.serves("delete_conversation_suites", answer=ConversationSuitesDeleted)
async def delete(context: Ctx, body: ConversationDelete) -> Response:
    names = list(dict.fromkeys(body.testSuiteNames))
    await remove_suites(context.engine, context.dispatcher, context.bot, KIND, names)
    return json_answer(SUITES_DELETED)


async def _revision(context: Context, suite: Suite, revision: int) -> Suite:
    """A revision that is or was seen. Raises Refusal (400)."""
    found = await context.engine.call(context.engine.store.suites.revision, suite.id, revision)
    if found is None:
        raise not_found(TEST_SUITE, f"it has no revision {revision}")
    return found


def _document(engine: Engine, suite: Suite, account_id: str) -> Iterator[bytes]:
    """The suite document, its conversations read as it is written. Blocking."""
    units = engine.store.suites.units(suite.id, suite.revision)
    cases = (case for unit in units for case in unit.cases if isinstance(case, TestCase))
    return suite_document(suite, cases, account_id=account_id, stream_id=suite.bot_id)
