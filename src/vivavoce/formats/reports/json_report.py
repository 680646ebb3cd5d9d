"""The machine-readable report; what `--baseline` compares with.

```json
{"format": "vivavoce-report", "version": 1, "runs": [
  {"id", "kind", "suite", "revision", "bot": {"id", "name"}, "botVersion", "language", "engine", "notes",
   "status", "errorDetails", "createdOn", "startedOn", "endedOn", "total",
   "counts": {"passed", "failed", "error", "notExecuted"}, "passRate",
   "metrics": {"precision", "recall", "f1", "accuracy", "TP", "TN", "FP", "FN", "errors"},
   "intents": [{"intent", "support", "TP", "FP", "FN", "precision", "recall", "f1"}],
   "results": [...]}]}
```
A run that judged the kept replies of another one again has `judgedFrom`, its id.
A run with a plan (chosen cases, repeats, fail fast) has `plan`, with the names of the API's run body; one
that repeated its cases has `repeats` ({"passed", "failed", "error", "notExecuted": cases by their pass rule,
"flakyCount", "flaky": [...]}), and its results have `repeat`, from 1.
A step's result has `index`, from 0 through the whole run, and `step`, from 1 in its case; `values` where its
case has variables ({name: JSON value}), `tolerated`: true where it did not hold but its case met its
threshold, and `evidence` ({"request", "reply"}) where something went over the wire and the step failed or is
in error.
Rates are numbers from 0 to 1 and null where undefined; `metrics` and `intents` are null for conversation
runs. Texts are as they were.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from vivavoce.domain.metrics import (
    IntentMetrics,
    accuracy,
    f1,
    intent_table,
    precision,
    recall,
    verdict_of,
)
from vivavoce.domain.run import Tally
from vivavoce.domain.utterance import Candidate, CaseResult, Classification
from vivavoce.domain.verdict import StepResult
from vivavoce.formats.reports import ReportedRun
from vivavoce.formats.reports.sums import counts_of, pass_rate, tally_of
from vivavoce.formats.reports.wording import case_reasons, conversations
from vivavoce.formats.run_plan import plan_document, repeats_document
from vivavoce.formats.times import wire_time

FORMAT = "vivavoce-report"
VERSION = 1


def json_report(runs: Sequence[ReportedRun]) -> Iterator[str]:
    """The report in chunks, a line a result."""
    yield f'{{"format":{_json(FORMAT)},"version":{VERSION},"runs":['
    for position, reported in enumerate(runs):
        yield ",\n" if position else "\n"
        yield _json(_head(reported))[:-1] + ',"results":['
        separator = "\n"
        for document in _results(reported):
            yield separator + _json(document)
            separator = ",\n"
        yield "]}"
    yield "]}\n"


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _results(reported: ReportedRun) -> Iterator[dict[str, Any]]:
    if reported.is_batch:
        return (_case(result) for result in reported.cases())
    repeated = reported.run.repeats > 1
    return (
        _step(number, result, repeated=repeated)
        for steps in conversations(reported.steps())
        for number, result in enumerate(steps, 1)
    )


def _head(reported: ReportedRun) -> dict[str, Any]:
    run, counts = reported.run, counts_of(reported)
    plan, repeats = plan_document(run), repeats_document(run)
    return {
        "id": run.id,
        "kind": run.kind.value,
        "suite": run.suite_name,
        "revision": run.revision,
        "bot": {"id": run.bot.id, "name": run.bot.name},
        "botVersion": run.version,
        "language": run.language,
        "engine": run.engine,
        "notes": run.notes,
        "status": run.status.value,
        "errorDetails": run.error_details or None,
        "createdOn": _time(run.created_on),
        "startedOn": _time(run.started_on),
        "endedOn": _time(run.ended_on),
        "total": run.total,
        "counts": {
            "passed": counts.passed,
            "failed": counts.failed,
            "error": counts.error,
            "notExecuted": counts.not_executed,
        },
        "passRate": pass_rate(counts),
        "metrics": _metrics(tally_of(reported)) if reported.is_batch else None,
        "intents": [_intent(row) for row in intent_table(reported.cases())] if reported.is_batch else None,
        **({"judgedFrom": run.judged_from} if run.judged_from else {}),
        **({"plan": plan} if plan else {}),
        **({"repeats": repeats} if repeats else {}),
    }


def _intent(row: IntentMetrics) -> dict[str, Any]:
    return {
        "intent": row.intent,
        "support": row.support,
        "TP": row.tp,
        "FP": row.fp,
        "FN": row.fn,
        "precision": row.precision,
        "recall": row.recall,
        "f1": row.f1,
    }


def _metrics(tally: Tally) -> dict[str, Any]:
    return {
        "precision": precision(tally),
        "recall": recall(tally),
        "f1": f1(tally),
        "accuracy": accuracy(tally),
        "TP": tally.tp,
        "TN": tally.tn,
        "FP": tally.fp,
        "FN": tally.fn,
        "errors": tally.failed_utterances,
    }


def _step(number: int, result: StepResult, *, repeated: bool) -> dict[str, Any]:
    reply = result.reply
    return {
        "index": result.index,
        "case": result.case,
        "step": number,
        "unit": result.unit,
        **({"repeat": result.repeat + 1} if repeated else {}),
        "input": result.step.input,
        "trigger": result.step.trigger,
        "verdict": result.verdict.value,
        "expected": [output.text for output in result.step.outputs],
        "actual": None if reply is None else [output.text for output in reply.outputs],
        "intents": [] if reply is None else reply.intents,
        "reasons": result.reasons,
        "warnings": result.warnings,
        "durationMs": result.duration_ms,
        **_said_once(result),
    }


def _said_once(result: StepResult) -> dict[str, Any]:
    """What only some results have."""
    found: dict[str, Any] = {}
    if result.values is not None:
        found["values"] = result.values
    if result.tolerated:
        found["tolerated"] = True
    if result.evidence is not None:
        found["evidence"] = {"request": result.evidence.request, "reply": result.evidence.reply}
    return found


def _case(result: CaseResult) -> dict[str, Any]:
    case = result.case
    return {
        "index": result.index,
        "utterance": case.utterance,
        "verdict": verdict_of(result).value,
        "outcome": result.outcome,
        "expected": {
            "intents": case.intents,
            "traits": case.traits,
            "parentIntents": case.parent_intents,
            "entityOrder": case.entity_order,
        },
        "matched": _matched(result.classification, result.actual_order),
        "entities": [
            {
                "name": entity.name,
                "expected": entity.expected,
                "actual": entity.actual,
                "matched": entity.matched,
            }
            for entity in result.entities
        ],
        "traits": [{"name": trait.name, "matched": trait.matched} for trait in result.traits],
        "reasons": [] if result.passed else case_reasons(result),
        "warnings": result.warnings,
        "durationMs": result.duration_ms,
    }


def _matched(found: Classification | None, order: tuple[str, ...]) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "intents": [_candidate(winner) for winner in found.winning],
        "candidates": [_candidate(candidate) for candidate in found.candidates],
        "traits": found.traits,
        "entityOrder": order,
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {"name": candidate.name, "score": candidate.score, "type": candidate.type}


def _time(value: datetime | None) -> str | None:
    return None if value is None else wire_time(value)
