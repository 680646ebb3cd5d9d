"""The machine-readable report; what `--baseline` compares with.

Its shapes are `shapes.report.Report` and below; `viva schema report` prints them as a JSON Schema, made by
`report_schema`. Rates are numbers from 0 to 1 and null where undefined; texts are as they were.

The layout is one that can be read a line at a time, as `streamed` does: the first line opens the report, a
run's line ends with `"results":[`, each result has a line of its own, and `]}` ends the last one of a run.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

import msgspec

from vivavoce.domain.evaluation.values import LabelMetrics
from vivavoce.domain.metrics import accuracy, f1, pass_rate, precision, recall
from vivavoce.domain.run import Counts, Tally
from vivavoce.formats.reports.json_figures import written_figures
from vivavoce.formats.reports.json_results import written_step, written_utterance
from vivavoce.formats.reports.reported import ReportedRun
from vivavoce.formats.reports.shapes import report as shape
from vivavoce.formats.reports.shapes.results import Step, Utterance
from vivavoce.formats.reports.sums import counts_of, tally_of
from vivavoce.formats.reports.wording import conversations
from vivavoce.formats.run_plan import plan_document, repeats_document
from vivavoce.formats.times import wire_time

FORMAT: Final = "vivavoce-report"
VERSION: Final = 1
OPENING: Final = f'{{"format":"{FORMAT}","version":{VERSION},"runs":['
"""The first line."""

_encode = msgspec.json.Encoder().encode


def json_report(runs: Sequence[ReportedRun]) -> Iterator[str]:
    """The report in chunks, a line a result."""
    yield OPENING
    for position, reported in enumerate(runs):
        yield ",\n" if position else "\n"
        yield _encode(_head(reported)).decode()[:-1] + ',"results":['
        separator = "\n"
        for result in _results(reported):
            yield separator + _encode(result).decode()
            separator = ",\n"
        yield "]}"
    yield "]}\n"


def _results(reported: ReportedRun) -> Iterable[Step | Utterance]:
    if reported.is_batch:
        return map(written_utterance, reported.cases())
    repeated = reported.run.repeats > 1
    return (
        written_step(number, result, repeated=repeated)
        for steps in conversations(reported.steps())
        for number, result in enumerate(steps, 1)
    )


def _head(reported: ReportedRun) -> shape.Head:
    run, counts = reported.run, counts_of(reported)
    plan, repeats = plan_document(run), repeats_document(run)
    evaluation = reported.evaluation if reported.is_batch else None
    return shape.Head(
        id=run.id,
        kind=run.kind,
        suite=run.suite_name,
        revision=run.revision,
        bot=shape.Bot(id=run.bot.id, name=run.bot.name),
        bot_version=run.version,
        language=run.language,
        engine=run.engine,
        notes=run.notes,
        status=run.status,
        error_details=run.error_details or None,
        created_on=_time(run.created_on),
        started_on=_time(run.started_on),
        ended_on=_time(run.ended_on),
        total=run.total,
        counts=_verdicts(counts),
        pass_rate=pass_rate(counts),
        metrics=_metrics(tally_of(reported)) if reported.is_batch else None,
        intents=tuple(_intent(row) for row in evaluation.intents) if evaluation else None,
        thresholds=run.thresholds,
        judged_from=run.judged_from,
        plan=msgspec.convert(plan, shape.Plan) if plan else None,
        repeats=msgspec.convert(repeats, shape.Repeats) if repeats else None,
        evaluation=written_figures(evaluation, reported.advice) if evaluation else None,
    )


def _verdicts(counts: Counts) -> shape.Counts:
    return shape.Counts(
        passed=counts.passed, failed=counts.failed, error=counts.error, not_executed=counts.not_executed
    )


def _intent(row: LabelMetrics) -> shape.Intent:
    return shape.Intent(
        intent=row.name,
        support=row.support,
        tp=row.tp,
        fp=row.fp,
        fn=row.fn,
        precision=row.precision,
        recall=row.recall,
        f1=row.f1,
    )


def _metrics(tally: Tally) -> shape.Metrics:
    return shape.Metrics(
        precision=precision(tally),
        recall=recall(tally),
        f1=f1(tally),
        accuracy=accuracy(tally),
        tp=tally.tp,
        tn=tally.tn,
        fp=tally.fp,
        fn=tally.fn,
        errors=tally.failed_utterances,
    )


def _time(value: datetime | None) -> str | None:
    return None if value is None else wire_time(value)
