"""Bodies of batch suites and their runs (testing-api.md 4)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from vivavoce.domain.catalog import Suite
from vivavoce.domain.metrics import f1, precision, recall
from vivavoce.domain.run import Run, RunStatus, Tally
from vivavoce.formats.times import wire_time
from vivavoce.formats.wire.encoding import encode

STATUSES = {
    RunStatus.RUNNING: "running",
    RunStatus.PASSED: "completed",
    RunStatus.FAILED: "completed",
    RunStatus.ERROR: "completed",  # as the platform says it, also when every utterance errored (8.11)
    RunStatus.CANCELLED: "cancelled",
    RunStatus.UNUSABLE: "failed",
    RunStatus.BROKEN: "failed",
}

MOST_WARNINGS = 100

SUITE_REMOVED = encode({"message": "Test Suite removed successfully"})
RUN_REMOVED = encode({"message": "Test Result Removed Successfully"})
RUN_CANCELLED = encode({"status": "cancelled"})


def suite_record(suite: Suite, *, warnings: Sequence[str] = ()) -> bytes:
    """The answer to an import (4.1), with what was odd about the file (ours; at most 100, absent without)."""
    told = {"warnings": list(warnings[:MOST_WARNINGS])} if warnings else {}
    return encode(
        {
            "_id": suite.id,
            "name": suite.name,
            "description": suite.head.description,
            "streamId": suite.bot_id,
            "language": suite.language,
            "fileId": suite.file_id,
            "createdBy": suite.created_by,
            "createdOn": wire_time(suite.created_on),
            "modifiedOn": wire_time(suite.modified_on),
            "__v": max(suite.revision - 1, 0),
            "fileName": suite.file_name,
            **told,
        }
    )


def run_accepted(run_id: str) -> bytes:
    return encode({"status": "accepted", "requestId": run_id})


def suite_export(suite: Suite, *, download_url: str) -> bytes:
    return encode({"downloadUrl": download_url, "name": suite.name, "description": suite.head.description})


def run_status(run: Run, *, file_url: str = "") -> bytes:
    """The run's status body (4.3); `file_url` is the link to the CSV report, shown once there is one."""
    body: dict[str, Any] = {
        "_id": run.id,
        "streamId": run.bot.id,
        "testSuiteId": run.suite_id,
        "status": STATUSES[run.status],
        "utterance_count": run.total,
        "result": _result(run, file_url),
    }
    if not run.status.ended:
        body |= {"totalUtterances": run.total, "utterance_ran": run.done, "percentage": run.percentage}
    return encode(body)


def suite_list(
    suites: Iterable[Suite],
    *,
    count: int,
    more: bool,
    runs: Mapping[str, Iterable[Run]],
    prebuilt: Mapping[str, Iterable[Run]],
) -> bytes:
    """One page of suites (4.6) with their runs by suite id, and the prebuilt ones, by name, which `count`
    leaves out (8.23)."""
    body: dict[str, Any] = {"count": count, "moreAvailable": more}
    for suite in suites:
        body[suite.id] = {
            "testSuiteType": "custom",
            "name": suite.name,
            "description": suite.head.description,
            "results": [_listed(run) for run in runs.get(suite.id, ())],
        }
    for name, its_runs in prebuilt.items():
        body[name] = {"testSuiteType": "prebuilt", "results": [_listed(run) for run in its_runs]}
    return encode(body)


def _result(run: Run, file_url: str) -> dict[str, Any]:
    has_file = bool(file_url and run.report_file and STATUSES[run.status] == "completed")
    result: dict[str, Any] = {
        "_id": run.id,
        "isPartialFailure": 0 < _tally(run).failed_utterances < run.total,
        "status": STATUSES[run.status],
    }
    if run.status.ended:
        result["isAvailable"] = has_file
    result |= {
        "testSuiteId": run.suite_id,
        "triggeredBy": run.triggered_by,
        "streamId": run.bot.id,
        "botLanguage": run.language,
        "runType": run.version,
        "utterance_count": run.total,
        "startTime": wire_time(run.started_on or run.created_on),
        "__v": 0,
    }
    if not run.status.ended:
        return result
    scores = _scores(run)
    result["endTime"] = wire_time(run.ended_on or run.modified_on or run.created_on)
    result["f1_score"] = scores["f1_score"]
    if has_file:
        result["fileId"] = run.report_file
    result["precision"] = scores["precision"]
    result["recall"] = scores["recall"]
    result["results"] = _sums(run)
    if has_file:
        result["fileUrl"] = file_url
    elif run.status in (RunStatus.CANCELLED, RunStatus.UNUSABLE, RunStatus.BROKEN):
        result["errorDetails"] = run.error_details or run.status.value
    return result


def _listed(run: Run) -> dict[str, Any]:
    scores = _scores(run)
    return {
        "_id": run.id,
        "version": run.version,
        "results": _sums(run),
        "recall": scores["recall"],
        "precision": scores["precision"],
        "f1_score": scores["f1_score"],
    }


def _tally(run: Run) -> Tally:
    return run.tally or Tally()


def _scores(run: Run) -> dict[str, str]:
    """Texts with two decimals; what is undefined is `0.00` on the wire alone (4.4)."""
    tally = _tally(run)
    return {
        name: f"{value or 0:.2f}"
        for name, value in (
            ("f1_score", f1(tally)),
            ("precision", precision(tally)),
            ("recall", recall(tally)),
        )
    }


def _sums(run: Run) -> dict[str, int]:
    tally = _tally(run)
    return {
        "TP": tally.tp,
        "TN": tally.tn,
        "FP": tally.fp,
        "FN": tally.fn,
        "success": tally.tp + tally.tn,
        "failure": tally.fp + tally.fn + tally.failed_utterances,  # errored ones too, only here (8.11)
        "traitSuccess": tally.trait_success,
        "traitFailure": tally.trait_failure,
        "totalEntitiesCount": tally.total_entities,
        "matchedEntitiesCount": tally.matched_entities,
        "totalTraitsCount": tally.total_traits,
        "matchedTraitsCount": tally.matched_traits,
        "failedUtteranceCount": tally.failed_utterances,
        "failedEntitiesCount": tally.failed_entities,
    }
