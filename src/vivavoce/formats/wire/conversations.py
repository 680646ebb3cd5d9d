"""Bodies of conversation runs (testing-api.md 3.5, 3.6)."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any

from vivavoce.domain.run import Counts, Run, RunStatus
from vivavoce.domain.verdict import StepResult, Verdict
from vivavoce.formats.run_plan import plan_document, repeats_document
from vivavoce.formats.times import wire_time
from vivavoce.formats.wire.encoding import encode, in_blocks, members
from vivavoce.formats.wire.steps import execution_document

STATUSES = {
    RunStatus.RUNNING: "inprogress",
    RunStatus.PASSED: "passed",
    RunStatus.FAILED: "failed",
    RunStatus.ERROR: "aborted",
    RunStatus.CANCELLED: "aborted",
    RunStatus.UNUSABLE: "aborted",
    RunStatus.BROKEN: "aborted",
}

MAX_REASONS = 100
"""So many steps in error are named in `errorDetails`; a run may hold a hundred thousand."""

SUITES_DELETED = encode({"status": "Success"})
RUN_CANCELLED = encode({"status": "aborted"})


def run_started(run_id: str) -> bytes:
    return encode({"status": "IN_PROGRESS", "testRunId": run_id})


def run_status(run: Run, results: Callable[[], Iterable[StepResult]], *, details: bool) -> Iterator[bytes]:
    """The run's status body; without `details` the brief form, for which `results` is not called.

    `results` gives a fresh iterator at each call. An ended run's details need two passes: `nlpVersion` and
    `errorDetails` stand before the results that they are gathered from, and nothing holds a whole run.
    """
    if not details:
        return iter((encode(brief_status(run)),))
    if not run.status.ended:
        return iter((encode(_body(run, {"nlpVersion": [], **_result_head(run)})),))
    return in_blocks(_ended_status(run, results))


def brief_status(run: Run) -> dict[str, Any]:
    """The newer form: without `nlpVersion`, `errorDetails` and `executionResults`."""
    result = _result_head(run)
    if run.status.ended:
        result |= {"stepDetails": _step_details(run), "duration": duration_ms(run)}
    return _body(run, result)


def duration_ms(run: Run) -> int:
    """Whole milliseconds from the first start to the end; 0 while the run goes on."""
    started = run.started_on or run.created_on
    return ((run.ended_on or started) - started) // timedelta(milliseconds=1)


def _ended_status(run: Run, results: Callable[[], Iterable[StepResult]]) -> Iterator[bytes]:
    versions: list[str] = []
    reasons = _Reasons()
    for result in results():
        versions.append(result.reply.nlp_version if result.reply else "")
        if result.verdict is Verdict.ERROR:
            repeat = f", repeat {result.repeat + 1}" if run.repeats > 1 else ""
            reasons.add(f"step {result.index}{repeat}: {result.error}")
    body = _body(run, {})
    percentage = body.pop("percentageCompleted")
    del body["result"]
    before = {
        "nlpVersion": versions,
        **_result_head(run),
        "stepDetails": _step_details(run),
        "errorDetails": _error_details(run, reasons),
    }
    yield b"{" + members(body) + b',"result":{' + members(before) + b',"executionResults":['
    separator = b""
    for result in results():
        yield separator
        yield encode(_entry(run, result))
        separator = b","
    yield b"]," + members({"duration": duration_ms(run)}) + b"},"
    yield members({"percentageCompleted": percentage}) + b"}"


def _entry(run: Run, result: StepResult) -> dict[str, Any]:
    """An entry of `executionResults`; where cases are repeated it says which repeat (ours, from 1)."""
    document = execution_document(run.id, result)
    if run.repeats > 1:
        document["repeat"] = result.repeat + 1
        if result.repeat:
            document["requestId"] += f"-{result.repeat + 1}"
    return document


def _body(run: Run, result: dict[str, Any]) -> dict[str, Any]:
    return {
        "_id": run.id,
        "streamId": run.bot.id,
        "testSuiteId": run.suite_id,
        "status": STATUSES[run.status],
        "totalTestStepsCount": run.total,
        **({"suiteRevision": run.revision} if run.revision > 1 else {}),
        "result": result,
        "percentageCompleted": run.percentage,
    }


def _result_head(run: Run) -> dict[str, Any]:
    """With what was asked besides the suite, and what repeats came to (ours, absent without)."""
    plan, repeats = plan_document(run), repeats_document(run)
    return {
        "startTime": wire_time(run.started_on or run.created_on),
        "version": "configured" if run.version == "inDevelopment" else "published",
        "status": STATUSES[run.status],
        **({"plan": plan} if plan else {}),
        **({"repeats": repeats} if repeats else {}),
    }


def _step_details(run: Run) -> dict[str, int]:
    """Steps by verdict; those in error are not executed on the wire (8.11)."""
    counts = run.counts or Counts(not_executed=run.total)
    details = {"passed": counts.passed, "failed": counts.failed, "total": run.total}
    if not_executed := counts.error + counts.not_executed:
        details["notExecuted"] = not_executed
    return details


def _error_details(run: Run, reasons: "_Reasons") -> str | None:
    first = run.error_details
    if not first and run.status is RunStatus.CANCELLED:
        first = "cancelled"
    return "\n".join([*([first] if first else []), *reasons.lines()]) or None


class _Reasons:
    """The first reasons in full, the others by number."""

    def __init__(self) -> None:
        self._kept: list[str] = []
        self._others = 0

    def add(self, reason: str) -> None:
        if len(self._kept) < MAX_REASONS:
            self._kept.append(reason)
        else:
            self._others += 1

    def lines(self) -> list[str]:
        return [*self._kept, f"and {self._others} more"] if self._others else self._kept
