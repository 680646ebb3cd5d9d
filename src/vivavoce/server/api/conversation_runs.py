"""Runs of conversation suites: run, status, list, cancel (testing-api.md 3.5, 3.6)."""

from typing import Annotated, Any, Literal

from fastapi import Query, Response
from pydantic import Field, WithJsonSchema

from vivavoce.domain.bot import Version
from vivavoce.domain.catalog import SuiteKind
from vivavoce.domain.run import Selection
from vivavoce.domain.selecting import MOST_REPEATS, Plan, read_pass_rule, read_shard
from vivavoce.engine.running import cancel_run, start_run
from vivavoce.formats.wire.conversations import RUN_CANCELLED, run_started, run_status
from vivavoce.formats.wire.lists import run_list
from vivavoce.server.bodies import NULLABLE, Answer, Body, Email, Json, Limit, Skip, Tag, in_field
from vivavoce.server.context import Ctx
from vivavoce.server.finding import the_run, the_suite
from vivavoce.server.routing import CallRouter, json_answer
from vivavoce.server.streaming import streamed

router = CallRouter()

KIND = SuiteKind.CONVERSATION
Status = Literal["inprogress", "passed", "failed", "aborted"]


PassRuleText = Annotated[  # read by `plan`, whose words are better than those of a union
    Any, WithJsonSchema({"anyOf": [{"enum": ["all", "any"]}, {"type": "integer", "minimum": 1}]})
]
CasePattern = Annotated[str, Field(min_length=1, max_length=1_000)]


class ConversationRun(Body):
    """`version` and `userEmailId` are the platform's; the others are ours, and may be left out."""

    version: Version
    userEmailId: Email
    cases: list[CasePattern] = Field(
        [], max_length=1_000, description="names of cases to play; `*` and `?` stand for the rest"
    )
    tags: list[Tag] = Field([], max_length=1_000, description="play cases that have one of them")
    lastFailed: bool = Field(False, description="only what did not pass when it was last played")
    shard: str = Field("", description="`2/4`: the second of four parts of the chosen cases")
    failFast: bool = Field(False, description="end at the first case that does not pass")
    repeat: int = Field(1, ge=1, le=MOST_REPEATS, description="play each case so often")
    passRule: PassRuleText = Field(
        "all", description="how many repeats of a case must pass, where it has no rule of its own"
    )

    def plan(self) -> Plan:
        """Raises Malformed."""
        return Plan(
            selection=Selection(
                cases=tuple(self.cases),
                tags=tuple(self.tags),
                last_failed=self.lastFailed,
                shard=in_field("shard", read_shard, self.shard) if self.shard else None,
            ),
            fail_fast=self.failFast,
            repeats=self.repeat,
            pass_rule=in_field("passRule", read_pass_rule, self.passRule, self.repeat),
        )


class ConversationRunStarted(Answer):
    status: str
    testRunId: str


class StepDetails(Answer):
    passed: int = 0
    failed: int = 0
    total: int = 0
    notExecuted: int = Field(default=0, description="only when not 0")


class ConversationRunResult(Answer):
    startTime: str
    version: Literal["configured", "published"]
    status: Status
    plan: Json = Field({}, description="ours: what was asked besides the suite, if anything")
    repeats: Json = Field({}, description="ours, of an ended run with `repeat`: cases by their pass rule")
    nlpVersion: list[str] = Field([], description="full form only")
    stepDetails: StepDetails = Field(default_factory=StepDetails, description="of an ended run")
    errorDetails: str = Field("", description="full form of an ended run", json_schema_extra=NULLABLE)
    executionResults: list[Json] = Field([], description="full form of an ended run: one entry a step")
    duration: int = Field(0, description="ms, of an ended run")


class ConversationRunStatus(Answer):
    id: str = Field(alias="_id")
    streamId: str
    testSuiteId: str
    status: Status
    totalTestStepsCount: int
    suiteRevision: int = Field(1, description="of the suite that was run; only above 1")
    result: ConversationRunResult
    percentageCompleted: int


class ConversationRunList(Answer):
    count: int
    moreAvailable: bool
    runs: list[ConversationRunStatus]


class ConversationRunCancelled(Answer):
    status: Literal["aborted"]


@router.serves("run_conversation_suite", answer=ConversationRunStarted)
async def run(context: Ctx, body: ConversationRun) -> Response:
    plan = body.plan()
    suite = await the_suite(context, KIND)
    started = await start_run(
        context.engine,
        context.dispatcher,
        context.bot,
        suite,
        version=body.version,
        user=context.user(body.userEmailId),
        language=context.language,
        plan=plan,
    )
    return json_answer(run_started(started.id))


@router.serves("conversation_run_status", answer=ConversationRunStatus)
async def status(
    context: Ctx, details: Annotated[bool, Query(description="false: the brief form")] = True
) -> Response:
    run = await the_run(context, KIND, "testRunId")
    results = context.engine.store.runs.step_results
    return await streamed(context.engine, run_status(run, lambda: results(run.id), details=details))


@router.serves("list_conversation_runs", answer=ConversationRunList)
async def list_runs(context: Ctx, skip: Skip = 0, limit: Limit = 50) -> Response:
    suite = await the_suite(context, KIND)
    page = await context.engine.call(context.engine.store.runs.page, suite.id, skip=skip, limit=limit)
    return json_answer(run_list(page.items, count=page.count, more=page.more))


@router.serves("cancel_conversation_run", answer=ConversationRunCancelled)
async def cancel(context: Ctx) -> Response:
    run = await the_run(context, KIND, "testRunId")
    await cancel_run(context.engine, context.dispatcher, run)
    return json_answer(RUN_CANCELLED)
