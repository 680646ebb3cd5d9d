"""Batch suites: import, list, export, delete (testing-api.md 4.1, 4.6)."""

from typing import Annotated, Any, Literal

from fastapi import Response
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from vivavoce.domain.catalog import StoredFile, Suite, SuiteKind
from vivavoce.domain.errors import Malformed
from vivavoce.domain.run import Run
from vivavoce.engine.importing import import_batch
from vivavoce.engine.ports.suites import SuitePage
from vivavoce.engine.prebuilt import LAST, TRAINING
from vivavoce.engine.removing import remove_suites
from vivavoce.formats.wire.batches import SUITE_REMOVED, suite_export, suite_list, suite_record
from vivavoce.server.bodies import Answer, Body, FileId, Limit, Skip, SuiteName
from vivavoce.server.context import Context, Ctx
from vivavoce.server.finding import the_file, the_suite
from vivavoce.server.refusals import BATCH_FILE, TEST_SUITE, invalid, not_found
from vivavoce.server.routing import CallRouter, json_answer

router = CallRouter()

KIND = SuiteKind.BATCH
RESULTS_LISTED = 50  # newest runs that a list shows of each suite
DELIMITERS = ("comma", "semicolon", "tab", "pipe")


def _delimiter(text: str) -> str:
    if text and text not in DELIMITERS and (len(text) != 1 or text in '"\r\n'):
        names = ", ".join(DELIMITERS)
        message = f"must be one character (no quote or line break) or one of {names}"
        raise PydanticCustomError("delimiter", "{message}", {"message": message})
    return text


class BatchImport(Body):
    fileName: FileId
    name: SuiteName
    fileType: Annotated[
        Literal["json", "csv", ""],
        BeforeValidator(lambda told: told.lower() if isinstance(told, str) else told),
        Field(description="from the content when missing"),
    ] = ""
    importType: Literal["new", "update"] = "new"
    delimiter: Annotated[
        str,
        AfterValidator(_delimiter),
        Field(description="CSV: a character, `comma`, `semicolon`, `tab` or `pipe`; else from the content"),
    ] = ""
    description: str = ""
    engine: Literal["regression", "dgpt", ""] = Field(
        "", description="missing: `regression`; of an update: the suite's"
    )


class BatchSuite(Answer):
    id: str = Field(alias="_id")
    name: str
    description: str
    streamId: str
    language: str
    fileId: str
    createdBy: str
    createdOn: str
    modifiedOn: str
    fileName: str
    warnings: list[str] = Field([], description="only where the file has some")


class BatchSuiteList(Answer):
    """Besides these, one member a suite: by its id, and the prebuilt ones by name."""

    count: int
    moreAvailable: bool


class BatchSuiteExport(Answer):
    downloadUrl: str
    name: str
    description: str


class BatchSuiteDeleted(Answer):
    message: str


@router.serves("import_batch_suite", answer=BatchSuite)
async def import_suite(context: Ctx, body: BatchImport) -> Response:
    file = await the_file(context, body.fileName)
    warnings: list[str] = []
    try:
        suite = await import_batch(
            context.engine,
            context.bot,
            file,
            name=body.name,
            user=context.user(),
            file_type=body.fileType or None,
            import_type=body.importType,
            delimiter=body.delimiter or None,
            description=body.description,
            engine_name=body.engine,
            language=context.language,
            warn=warnings.append,
        )
    except Malformed as malformed:
        raise invalid([str(problem) for problem in malformed.problems], BATCH_FILE) from malformed
    return json_answer(suite_record(suite, warnings=warnings))


@router.serves("list_batch_suites", answer=BatchSuiteList)
async def list_suites(context: Ctx, skip: Skip = 0, limit: Limit = 50) -> Response:
    page, runs, prebuilt = await context.engine.call(_listed, context, skip, limit)
    return json_answer(suite_list(page.items, count=page.count, more=page.more, runs=runs, prebuilt=prebuilt))


@router.serves("export_batch_suite", answer=BatchSuiteExport)
async def export(context: Ctx) -> Response:
    suite = await the_suite(context, KIND)
    file = await _file_of(context, suite)
    url = context.links.link(context.base_url, file, file.name)
    return json_answer(suite_export(suite, download_url=url))


@router.serves("delete_batch_suite", answer=BatchSuiteDeleted)
async def delete(context: Ctx) -> Response:
    name = context.parameter("testSuiteName")
    await remove_suites(context.engine, context.dispatcher, context.bot, KIND, [name])
    return json_answer(SUITE_REMOVED)


async def _file_of(context: Context, suite: Suite) -> StoredFile:
    """The file of an imported suite; a prebuilt one has none and so cannot be exported."""
    store = context.engine.store
    file = await context.engine.call(store.files.get, suite.file_id) if suite.file_id else None
    if file is None:
        raise not_found(
            TEST_SUITE, "a prebuilt suite has no file to export" if suite.prebuilt else "its file is gone"
        )
    return file


def _listed(context: Context, skip: int, limit: int) -> tuple[SuitePage, dict[str, Any], dict[str, Any]]:
    """One page of suites, the results of each, and those of the prebuilt suites. Blocking."""
    store, bot_id = context.engine.store, context.bot.id
    page = store.suites.page(bot_id, KIND, skip=skip, limit=limit)
    runs = {suite.id: _ended(context, suite) for suite in page.items}
    prebuilt: dict[str, list[Run]] = {}
    for name in (TRAINING, LAST):
        suite = store.suites.get(bot_id, KIND, name)
        prebuilt[name] = _ended(context, suite) if suite else []
    return page, runs, prebuilt


def _ended(context: Context, suite: Suite) -> list[Run]:
    newest = context.engine.store.runs.page(suite.id, skip=0, limit=RESULTS_LISTED).items
    return [run for run in newest if run.status.ended]
