"""Runs of batch suites: run, status, cancel, delete (testing-api.md 4.2, 4.3, 4.6)."""

from datetime import UTC
from typing import Annotated, Literal

from fastapi import Response
from pydantic import Field

from vivavoce.domain.bot import Version
from vivavoce.domain.catalog import SuiteKind
from vivavoce.domain.run import Run
from vivavoce.engine.removing import remove_run
from vivavoce.engine.running import cancel_run, start_run
from vivavoce.formats.wire.batches import RUN_CANCELLED, RUN_REMOVED, run_accepted, run_status
from vivavoce.server.bodies import Answer, Body, Json
from vivavoce.server.context import Context, Ctx
from vivavoce.server.finding import the_run, the_suite
from vivavoce.server.routing import CallRouter, json_answer

router = CallRouter()

KIND = SuiteKind.BATCH
Status = Literal["running", "completed", "failed", "cancelled"]


class BatchRun(Body):
    version: Version
    engine: Literal["regression", "dgpt", ""] = Field("", description="the suite's when missing")
    notes: Annotated[str, Field(max_length=1024)] = ""


class BatchRunAccepted(Answer):
    status: Literal["accepted"]
    requestId: str


class BatchRunResult(Answer):
    id: str = Field(alias="_id")
    isPartialFailure: bool
    status: Status
    testSuiteId: str
    triggeredBy: str
    streamId: str
    botLanguage: str
    runType: Version
    utterance_count: int
    startTime: str
    isAvailable: bool = Field(False, description="of an ended run, as all that follows")
    endTime: str = ""
    f1_score: str = ""
    precision: str = ""
    recall: str = ""
    results: Json = Field({}, description="TP, TN, FP, FN and the other counts")
    fileId: str = ""
    fileUrl: str = Field("", description="signed link to the CSV report, good for 24 hours")


class BatchRunStatus(Answer):
    id: str = Field(alias="_id")
    streamId: str
    testSuiteId: str
    status: Status
    utterance_count: int
    result: BatchRunResult
    totalUtterances: int = Field(0, description="while it runs, as the two that follow")
    utterance_ran: int = 0
    percentage: int = 0


class BatchRunCancelled(Answer):
    status: Literal["cancelled"]


class BatchRunDeleted(Answer):
    message: str


@router.serves("run_batch_suite", answer=BatchRunAccepted)
async def run(context: Ctx, body: BatchRun) -> Response:
    suite = await the_suite(context, KIND)
    started = await start_run(
        context.engine,
        context.dispatcher,
        context.bot,
        suite,
        version=body.version,
        user=context.user(),
        language=context.language,
        notes=body.notes,
        engine_name=body.engine,
    )
    return json_answer(run_accepted(started.id))


@router.serves("batch_run_status", answer=BatchRunStatus)
async def status(context: Ctx) -> Response:
    run = await the_run(context, KIND, "requestId")
    return json_answer(run_status(run, file_url=await _report_link(context, run)))


@router.serves("cancel_batch_run", answer=BatchRunCancelled)
async def cancel(context: Ctx) -> Response:
    run = await the_run(context, KIND, "requestId")
    await cancel_run(context.engine, context.dispatcher, run)
    return json_answer(RUN_CANCELLED)


@router.serves("delete_batch_run", answer=BatchRunDeleted)
async def delete(context: Ctx) -> Response:
    run = await the_run(context, KIND, "requestId")
    await remove_run(context.engine, context.dispatcher, run)
    return json_answer(RUN_REMOVED)


async def _report_link(context: Context, run: Run) -> str:
    """A fresh link to the run's CSV report; empty without one."""
    if not run.report_file or run.ended_on is None:
        return ""
    file = await context.engine.call(context.engine.store.files.get, run.report_file)
    if file is None:
        return ""
    day = run.ended_on.astimezone(UTC).strftime("%d-%m-%y")
    return context.links.link(context.base_url, file, f"{run.suite_name}-{day}.csv")
