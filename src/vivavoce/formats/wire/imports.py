"""Bodies of the conversation import (testing-api.md 3.1, 3.2)."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from vivavoce.domain.aligning import Proposal, StepProposal
from vivavoce.domain.run import LogEntry, Run, RunStatus
from vivavoce.formats.suite_document import text_entry_document
from vivavoce.formats.times import wire_time
from vivavoce.formats.wire.encoding import encode, in_blocks, members

EXPIRES_AFTER = timedelta(minutes=15)  # informational: the record is kept (8.9)


def import_started(run_id: str) -> bytes:
    return encode({"status": "IN_PROGRESS", "dsId": run_id})


def import_status(
    run: Run, suite_document: Iterable[bytes] | None, proposals: Iterable[tuple[int, StepProposal]] = ()
) -> Iterator[bytes]:
    """The import's record; `suite_document`, the created suite as JSON, is shown only on `SUCCESS`.

    `proposals` (ours, by 0-based step) stand there where there are some.
    """
    return in_blocks(_import_status(run, suite_document, proposals))


def _import_status(
    run: Run, suite_document: Iterable[bytes] | None, proposals: Iterable[tuple[int, StepProposal]]
) -> Iterator[bytes]:
    created = wire_time(run.created_on)
    head: dict[str, Any] = {
        "_id": run.id,
        "status": _status(run),
        "percentageComplete": run.percentage,
        "streamId": run.bot.id,
        "jobType": "CONVERSATION_TESTING_VALIDATE",
        "action": "RUN",
        "countOfDockStatuses": 1,
        "createdBy": run.triggered_by,
        "testSuiteId": run.suite_id,
        "expireAt": wire_time(run.created_on + EXPIRES_AFTER),
        "statusLogs": [_log_document(entry) for entry in _logs(run)],
        "lMod": wire_time(run.modified_on or run.created_on),
        "createdOn": created,
        "requestedTime": created,
        "__v": 0,
    }
    yield b"{"
    yield members(head)
    if suite_document is not None and run.status is RunStatus.PASSED:
        yield b',"response":'
        yield from suite_document
    opening = b',"proposals":['
    for step, proposal in proposals:
        yield opening + encode(_proposal_document(step, proposal))
        opening = b","
    yield b"}" if opening != b"," else b"]}"


def _proposal_document(step: int, proposal: StepProposal) -> dict[str, Any]:
    """Outputs by position, null where one stays as it is; `contains` is what its text assertion would be."""
    document: dict[str, Any] = {"step": step, "outputs": [_output(one) for one in proposal.outputs]}
    return document | ({"note": proposal.note} if proposal.note else {})


def _output(proposal: Proposal | None) -> dict[str, Any] | None:
    if proposal is None:
        return None
    return {
        "contains": [text_entry_document(entry) for entry in proposal.entries],
        "words": proposal.words,
    }


def _status(run: Run) -> str:
    if run.status is RunStatus.RUNNING:
        return "IN_PROGRESS"
    return "SUCCESS" if run.status is RunStatus.PASSED else "FAILED"


def _logs(run: Run) -> tuple[LogEntry, ...]:
    """What was logged, and why the import failed where no log entry says it."""
    if run.status in (RunStatus.RUNNING, RunStatus.PASSED) or not run.error_details:
        return run.logs
    if any(entry.message == run.error_details for entry in run.logs):
        return run.logs
    ended = run.ended_on or run.modified_on or run.created_on
    return (*run.logs, LogEntry(ended, "error", run.error_details))


def _log_document(entry: LogEntry) -> dict[str, Any]:
    return {
        "time": wire_time(entry.time),
        "level": entry.level,
        "message": entry.message,
        "step": entry.step,
    }
