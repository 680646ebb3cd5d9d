"""Reports of ended runs, as the commands write them (ours)."""

from typing import Annotated

from fastapi import Query, Response

from vivavoce.domain.catalog import SuiteKind
from vivavoce.domain.errors import Conflict
from vivavoce.domain.run import Run
from vivavoce.formats.reports.renderers import MEDIA_TYPES, RENDERERS, ReportFormat
from vivavoce.formats.reports.reported import ReportedRun
from vivavoce.formats.wire.encoding import in_blocks
from vivavoce.server.context import Context, Ctx
from vivavoce.server.finding import the_run
from vivavoce.server.routing import CallRouter
from vivavoce.server.streaming import streamed

router = CallRouter()

Format = Annotated[ReportFormat, Query(description="as `viva run` writes it with the flag of this name")]


@router.serves("conversation_run_report")
async def conversation_report(context: Ctx, format: Format = "json") -> Response:
    run = await the_run(context, SuiteKind.CONVERSATION, "testRunId")
    results = context.engine.store.runs.step_results
    return await _report(context, ReportedRun(run, lambda: results(run.id)), format)


@router.serves("batch_run_report")
async def batch_report(context: Ctx, format: Format = "json") -> Response:
    run = await the_run(context, SuiteKind.BATCH, "requestId")
    runs = context.engine.store.runs
    reported = ReportedRun(run, lambda: runs.case_results(run.id), lambda: runs.evaluation(run.id))
    return await _report(context, reported, format)


async def _report(context: Context, reported: ReportedRun, format: ReportFormat) -> Response:
    """Raises Conflict while the run goes on: its numbers would still change."""
    run: Run = reported.run
    if not run.status.ended:
        raise Conflict("the run has not ended: ask for its report when its status says so")
    chunks = (chunk.encode("utf-8", "replace") for chunk in RENDERERS[format]([reported]))
    return await streamed(context.engine, in_blocks(chunks), MEDIA_TYPES[format])
