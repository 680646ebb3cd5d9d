"""Reads a JSON report back, as far as it says: what ran elsewhere is judged and shown as what ran here.

The reasons of a step come back as findings; outputs and assertions do not, as the report shows only texts.
"""

from datetime import datetime
from typing import Literal

import msgspec

from vivavoce.domain.assertions.base import Finding
from vivavoce.domain.bot import Bot, Version
from vivavoce.domain.errors import Malformed
from vivavoce.domain.run import CaseSum, Counts, Repeated, Run, RunKind, RunStatus, Selection, Tally
from vivavoce.domain.selecting import read_shard
from vivavoce.domain.suite import PassRule, Step
from vivavoce.domain.utterance import BatchCase, Candidate, CaseResult, Classification, EntityResult, Outcome
from vivavoce.domain.verdict import Exchange, StepResult, Verdict
from vivavoce.formats.reports import ReportedRun


class _Document(msgspec.Struct, frozen=True, rename="camel"):
    """What is not listed is left alone: a newer server may say more."""


class _Spread(_Document, frozen=True):
    shortest: float
    median: float
    longest: float


class _Flaky(_Document, frozen=True):
    case: str
    unit: int
    passed: int
    failed: int
    error: int
    repeats: int
    pass_rule: PassRule
    duration_ms: _Spread


class _Counts(_Document, frozen=True):
    passed: int
    failed: int
    error: int
    not_executed: int

    def value(self) -> Counts:
        return Counts(self.passed, self.failed, self.error, self.not_executed)


class _Repeats(_Counts, frozen=True):
    flaky_count: int
    flaky: tuple[_Flaky, ...]


class _Plan(_Document, frozen=True):
    shard: str = ""
    repeat: int = 1


class _Metrics(msgspec.Struct, frozen=True):
    tp: int = msgspec.field(name="TP")
    tn: int = msgspec.field(name="TN")
    fp: int = msgspec.field(name="FP")
    fn: int = msgspec.field(name="FN")
    errors: int


class _Bot(_Document, frozen=True):
    id: str
    name: str


class _Run(_Document, frozen=True, kw_only=True):
    id: str
    kind: RunKind
    suite: str
    revision: int = 1
    bot: _Bot
    bot_version: Version
    language: str
    status: RunStatus
    error_details: str | None
    created_on: datetime
    started_on: datetime | None
    ended_on: datetime | None
    total: int
    counts: _Counts
    metrics: _Metrics | None
    plan: _Plan = _Plan()
    repeats: _Repeats | None = None
    results: list[msgspec.Raw]


class _Report(_Document, frozen=True):
    format: Literal["vivavoce-report"]
    version: Literal[1]
    runs: list[_Run]


class _Step(_Document, frozen=True, kw_only=True):
    index: int
    case: str
    unit: int
    repeat: int = 1
    input: str
    trigger: str | None
    verdict: Verdict
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    duration_ms: float
    evidence: Exchange | None = None


class _Expected(_Document, frozen=True):
    intents: tuple[str, ...]
    traits: tuple[str, ...]


class _Matched(_Document, frozen=True):
    intents: tuple[Candidate, ...]
    traits: tuple[str, ...]


class _Utterance(_Document, frozen=True):
    index: int
    utterance: str
    verdict: Verdict
    outcome: Outcome | None
    expected: _Expected
    matched: _Matched | None
    entities: tuple[EntityResult, ...]
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    duration_ms: float


_decode = msgspec.json.Decoder(_Report).decode
_decode_step = msgspec.json.Decoder(_Step).decode
_decode_utterance = msgspec.json.Decoder(_Utterance).decode


def read_json_report(data: bytes) -> list[ReportedRun]:
    """The runs of a report, their results decoded as they are asked for. Raises Malformed."""
    try:
        return [_reported(run) for run in _decode(data).runs]
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed(f"not a JSON report of Vivavoce: {error}") from error


def _reported(document: _Run) -> ReportedRun:
    run, raws = _run(document), document.results
    if run.kind is RunKind.BATCH:
        return ReportedRun(run, lambda: (_case(_decode_utterance(raw)) for raw in raws))
    return ReportedRun(run, lambda: (_step(_decode_step(raw)) for raw in raws))


def _run(document: _Run) -> Run:
    metrics, plan = document.metrics, document.plan
    return Run(
        id=document.id,
        kind=document.kind,
        bot=Bot(id=document.bot.id, name=document.bot.name, connector={}),
        suite_id="",
        suite_name=document.suite,
        revision=document.revision,
        version=document.bot_version,
        language=document.language,
        total=document.total,
        created_on=document.created_on,
        started_on=document.started_on,
        ended_on=document.ended_on,
        status=document.status,
        error_details=document.error_details or "",
        counts=document.counts.value(),
        tally=_tally(metrics) if metrics else None,
        selection=Selection(shard=read_shard(plan.shard)) if plan.shard else Selection(),
        repeats=plan.repeat,
        repeated=_repeated(document.repeats) if document.repeats else None,
    )


def _tally(metrics: _Metrics) -> Tally:
    return Tally(tp=metrics.tp, tn=metrics.tn, fp=metrics.fp, fn=metrics.fn, failed_utterances=metrics.errors)


def _repeated(document: _Repeats) -> Repeated:
    flaky = tuple(
        CaseSum(
            name=one.case,
            unit=one.unit,
            passed=one.passed,
            played=one.passed + one.failed,
            repeats=one.repeats,
            rule=one.pass_rule,
            errors=one.error,
            durations_ms=(one.duration_ms.shortest, one.duration_ms.median, one.duration_ms.longest),
        )
        for one in document.flaky
    )
    return Repeated(cases=document.value(), flaky=flaky, flaky_count=document.flaky_count)


def _step(document: _Step) -> StepResult:
    return StepResult(
        index=document.index,
        case=document.case,
        step=Step(document.input, trigger=document.trigger),
        verdict=document.verdict,
        warnings=document.warnings,
        duration_ms=document.duration_ms,
        unit=document.unit,
        repeat=document.repeat - 1,
        evidence=document.evidence,
        findings=tuple(Finding("", passed=False, reason=reason) for reason in document.reasons),
    )


def _case(document: _Utterance) -> CaseResult:
    expected, matched = document.expected, document.matched
    return CaseResult(
        index=document.index,
        case=BatchCase(document.utterance, expected.intents, expected.traits),
        classification=Classification(matched.intents, traits=matched.traits) if matched else None,
        outcome=document.outcome,
        passed=document.verdict is Verdict.PASSED,
        entities=document.entities,
        error="; ".join(document.reasons) if document.verdict is Verdict.ERROR else "",
        warnings=document.warnings,
        duration_ms=document.duration_ms,
    )
