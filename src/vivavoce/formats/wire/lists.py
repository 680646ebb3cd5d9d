"""Lists of conversation suites and of their runs (testing-api.md 8.29), and of their revisions."""

from collections.abc import Iterable, Mapping
from typing import Any

from vivavoce.domain.catalog import Suite
from vivavoce.domain.run import Run
from vivavoce.formats.times import wire_time
from vivavoce.formats.wire.conversations import brief_status
from vivavoce.formats.wire.encoding import encode


def conversation_list(
    suites: Iterable[Suite], *, count: int, more: bool, last_runs: Mapping[str, Run]
) -> bytes:
    """One page of suites; `lastRun` is the brief status of the newest run, by suite id, or null."""
    listed = [_listed(suite, last_runs.get(suite.id)) for suite in suites]
    return encode({"count": count, "moreAvailable": more, "testSuites": listed})


def run_list(runs: Iterable[Run], *, count: int, more: bool) -> bytes:
    """One page of a conversation suite's runs as brief status bodies, in the order given."""
    return encode({"count": count, "moreAvailable": more, "runs": [brief_status(run) for run in runs]})


def revision_list(revisions: Iterable[Suite], *, count: int, more: bool) -> bytes:
    """One page of a conversation suite's history (ours), in the order given."""
    return encode({"count": count, "moreAvailable": more, "revisions": [_revision(one) for one in revisions]})


def _revision(suite: Suite) -> dict[str, Any]:
    return {
        "revision": suite.revision,
        "name": suite.name,
        "description": suite.head.description,
        "tags": suite.head.tags,
        "createdBy": suite.modified_by,
        "createdOn": wire_time(suite.modified_on),
        "fileName": suite.file_name,
        "fileId": suite.file_id,
        "totalTestCasesCount": suite.unit_count,
        "totalTestStepsCount": suite.total,
    }


def _listed(suite: Suite, last_run: Run | None) -> dict[str, Any]:
    return {
        "_id": suite.id,
        "name": suite.name,
        "description": suite.head.description,
        "tags": suite.head.tags,
        "createdOn": wire_time(suite.created_on),
        "lModOn": wire_time(suite.modified_on),
        "totalTestStepsCount": suite.total,
        "lastRun": brief_status(last_run) if last_run else None,
    }
