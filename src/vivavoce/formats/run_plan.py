"""What a run was asked to play and what its repeats came to, as JSON: the same in reports and on the wire.

The names are those of the API's run body; a run that plays every case once says nothing.
"""

from typing import Any

from vivavoce.domain.repeats import spread
from vivavoce.domain.run import CaseSum, Run


def plan_document(run: Run) -> dict[str, Any]:
    """What differs from playing every case once."""
    chosen = run.selection
    shard = f"{chosen.shard.index}/{chosen.shard.of}" if chosen.shard else ""
    document: dict[str, Any] = {
        "cases": chosen.cases,
        "tags": chosen.tags,
        "lastFailed": chosen.last_failed,
        "shard": shard,
        "failFast": run.fail_fast,
    }
    document = {key: value for key, value in document.items() if value}
    if run.repeats > 1:
        document |= {"repeat": run.repeats, "passRule": run.pass_rule}
    return document


def repeats_document(run: Run) -> dict[str, Any] | None:
    """Cases by whether they met their pass rule, and the flaky ones (the first 100); None: the run has not
    ended, or plays each case once."""
    if run.repeated is None:
        return None
    cases = run.repeated.cases
    return {
        "passed": cases.passed,
        "failed": cases.failed,
        "error": cases.error,
        "notExecuted": cases.not_executed,
        "flakyCount": run.repeated.flaky_count,
        "flaky": [_flaky(case) for case in run.repeated.flaky],
    }


def _flaky(case: CaseSum) -> dict[str, Any]:
    took = spread(case)
    return {
        "case": case.name,
        "unit": case.unit,
        "passed": case.passed,
        "failed": case.played - case.passed,
        "error": case.errors,
        "repeats": case.repeats,
        "passRule": case.rule,
        "durationMs": {"shortest": took.shortest, "median": took.median, "longest": took.longest},
    }
