"""Reads a JSON report back: what ran elsewhere is judged, compared and shown as what ran here.

The reasons of a step come back as findings; outputs and assertions do not, as the report shows only texts.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any, Literal

import msgspec

from vivavoce.domain.assertions.base import Finding
from vivavoce.domain.batch.utterance import (
    BatchCase,
    Candidate,
    CaseResult,
    Classification,
    EntityExpectation,
    EntityResult,
    FoundEntity,
    TraitResult,
)
from vivavoce.domain.bot import Bot, Version
from vivavoce.domain.errors import Malformed, Problem
from vivavoce.domain.run import CaseSum, Counts, Repeated, Run, RunKind, RunStatus, Selection, Tally
from vivavoce.domain.selecting import read_shard
from vivavoce.domain.suite import Step
from vivavoce.domain.verdict import Exchange, StepResult, Verdict
from vivavoce.formats import json_text
from vivavoce.formats.reports.reported import ReportedRun
from vivavoce.formats.reports.shapes import report as head
from vivavoce.formats.reports.shapes import results as shape
from vivavoce.formats.reports.shapes.base import Shape
from vivavoce.formats.reports.streamed import Check, NotStreamed, Opener, Part, read_parts, results_of

_WHAT = "not a JSON report of Vivavoce"
_VERSION = 1


class _Run(Shape, frozen=True, kw_only=True):
    """What is read of a run: its figures follow from its results."""

    id: str
    kind: RunKind
    suite: str
    revision: int = 1
    bot: head.Bot
    bot_version: Version
    language: str
    engine: str = ""
    notes: str = ""
    status: RunStatus
    error_details: str | None
    created_on: datetime
    started_on: datetime | None
    ended_on: datetime | None
    total: int
    counts: head.Counts
    metrics: head.Metrics | None
    thresholds: dict[str, str] = msgspec.field(default_factory=dict)
    judged_from: str = ""
    plan: head.Plan = head.Plan()
    repeats: head.Repeats | None = None
    results: list[msgspec.Raw]


class _Version(Shape, frozen=True, kw_only=True):
    """What tells a report of a version to come from what is none."""

    format: Literal["vivavoce-report"]
    version: int


class _Report(Shape, frozen=True, kw_only=True):
    format: Literal["vivavoce-report"]
    version: Literal[1]
    runs: list[_Run]


_decode_run = msgspec.json.Decoder(_Run).decode
_decode_step = msgspec.json.Decoder(shape.Step).decode
_decode_utterance = msgspec.json.Decoder(shape.Utterance).decode


_Decode = Callable[[memoryview | msgspec.Raw], Any]


def open_json_report(opener: Opener) -> list[ReportedRun]:
    """The runs of a report of any size; the results are read from it again each time they are asked for.

    `opener` gives the report as a binary stream from its start, and is called as long as the runs are used.
    All of it is checked here. Raises Malformed with the line, and what `opener` raises.
    """
    runs: list[_Run] = []

    def opened(line: int, text: bytes) -> Check:
        run = _checked(_decode_run, memoryview(text), f"line {line}")
        decode = _decoder(run)
        runs.append(run)
        return lambda number, result: _checked(decode, result, f"line {number}")

    try:
        with opener() as stream:
            parts = read_parts(stream, opened)
    except (NotStreamed, msgspec.DecodeError, UnicodeDecodeError):  # laid out anew, or broken
        with opener() as stream:
            return read_json_report(stream.read())
    return [_streamed(opener, run, part) for run, part in zip(runs, parts, strict=True)]


def read_json_report(data: bytes) -> list[ReportedRun]:
    """The runs of a report that is held as a whole, however it is laid out. Raises Malformed."""
    try:
        runs = json_text.decode(json_text.utf8_body(data), _Report).runs
    except (msgspec.ValidationError, Malformed) as error:
        _refuse_later(data)
        raise Malformed(f"{_WHAT}: {error}") from error
    for position, run in enumerate(runs, 1):
        decode = _decoder(run)
        for number, result in enumerate(run.results, 1):
            _sound(decode, result, f"run {position}, result {number}")
    return [_held(run) for run in runs]


def _refuse_later(data: bytes) -> None:
    """Raises Malformed where the report is of a later Vivavoce."""
    with suppress(msgspec.DecodeError, UnicodeDecodeError):
        version = msgspec.json.decode(data, type=_Version).version
        if version > _VERSION:
            hint = "write it again with this Vivavoce, or use a newer one"
            raise Malformed(Problem(f"a JSON report of version {version}, not {_VERSION}", "", hint))


def _streamed(opener: Opener, document: _Run, part: Part) -> ReportedRun:
    decode = _decoder(document)

    def results() -> Iterator[Any]:
        for line, result in results_of(opener, part):
            yield _sound(decode, result, f"line {line}")

    return _reported(document, results)


def _held(document: _Run) -> ReportedRun:
    decode = _decoder(document)
    return _reported(document, lambda: map(decode, document.results))


def _decoder(document: _Run) -> _Decode:
    return _decode_utterance if document.kind is RunKind.BATCH else _decode_step


def _checked(decode: _Decode, text: memoryview | msgspec.Raw, place: str) -> Any:
    """What the JSON holds; broken JSON is let through as msgspec.DecodeError. Raises Malformed."""
    try:
        return decode(text)
    except msgspec.ValidationError as error:
        raise Malformed(Problem(f"{_WHAT}: {error}", place)) from error


def _sound(decode: _Decode, text: memoryview | msgspec.Raw, place: str) -> Any:
    """What the JSON holds. Raises Malformed."""
    try:
        return decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed(Problem(f"{_WHAT}: {error}", place)) from error


def _reported(document: _Run, results: Callable[[], Iterable[Any]]) -> ReportedRun:
    """A run whose results are still documents."""
    run = _run(document)
    if run.kind is RunKind.BATCH:
        return ReportedRun(run, lambda: map(_case, results()))
    return ReportedRun(run, lambda: map(_step, results()))


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
        engine=document.engine,
        notes=document.notes,
        total=document.total,
        created_on=document.created_on,
        started_on=document.started_on,
        ended_on=document.ended_on,
        status=document.status,
        error_details=document.error_details or "",
        counts=_counts(document.counts),
        tally=_tally(metrics) if metrics else None,
        thresholds=document.thresholds,
        selection=Selection(shard=read_shard(plan.shard)) if plan.shard else Selection(),
        repeats=plan.repeat,
        pass_rule=plan.pass_rule or "all",
        repeated=_repeated(document.repeats) if document.repeats else None,
        judged_from=document.judged_from,
    )


def _counts(document: head.Counts | head.Repeats) -> Counts:
    return Counts(document.passed, document.failed, document.error, document.not_executed)


def _tally(metrics: head.Metrics) -> Tally:
    return Tally(tp=metrics.tp, tn=metrics.tn, fp=metrics.fp, fn=metrics.fn, failed_utterances=metrics.errors)


def _repeated(document: head.Repeats) -> Repeated:
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
    # Only of these does the rule decide anything.
    own_rules = {one.unit: one.rule for one in flaky}
    return Repeated(
        cases=_counts(document), flaky=flaky, flaky_count=document.flaky_count, own_rules=own_rules
    )


def _step(document: shape.Step) -> StepResult:
    evidence = document.evidence
    return StepResult(
        index=document.index,
        case=document.case,
        step=Step(document.input, trigger=document.trigger),
        verdict=document.verdict,
        warnings=document.warnings,
        duration_ms=document.duration_ms,
        unit=document.unit,
        repeat=0 if document.repeat is msgspec.UNSET else document.repeat - 1,
        evidence=Exchange(evidence.request, evidence.reply) if evidence else None,
        tolerated=document.tolerated,
        findings=tuple(Finding("", passed=False, reason=reason) for reason in document.reasons),
    )


def _case(document: shape.Utterance) -> CaseResult:
    expected, matched = document.expected, document.matched
    return CaseResult(
        index=document.index,
        case=BatchCase(
            document.utterance,
            expected.intents,
            expected.traits,
            parent_intents=expected.parent_intents,
            entities=tuple([EntityExpectation(one.name, one.expected) for one in document.entities]),
            entity_order=expected.entity_order,
            fulfillment_type=expected.fulfillment_type,
            bot_names=expected.bot_names,
            line=document.line,
            id=document.case_id,
        ),
        classification=_classification(matched) if matched else None,
        outcome=document.outcome,
        passed=document.verdict is Verdict.PASSED,
        entities=tuple(
            [EntityResult(one.name, one.expected, one.actual, one.matched) for one in document.entities]
        ),
        traits=tuple([TraitResult(one.name, one.matched) for one in document.traits]),
        actual_order=matched.entity_order if matched else (),
        error="; ".join(document.reasons) if document.verdict is Verdict.ERROR else "",
        warnings=document.warnings,
        duration_ms=document.duration_ms,
    )


def _classification(matched: shape.Matched) -> Classification:
    return Classification(
        winning=tuple([Candidate(one.name, one.score, one.type) for one in matched.intents]),
        candidates=tuple([Candidate(one.name, one.score, one.type) for one in matched.candidates]),
        traits=matched.traits,
        entities=tuple([FoundEntity(one.name, one.value) for one in matched.entities]),
        parent_intent=matched.parent_intent,
        task_state=matched.task_state,
        elimination=matched.elimination,
        bot_names=matched.bot_names,
        fulfillment=matched.fulfillment,
    )
