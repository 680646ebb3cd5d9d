"""The sums of a run, also where it has not ended."""

from collections import Counter

from vivavoce.domain.run import Counts
from vivavoce.domain.verdict import Verdict
from vivavoce.formats.reports import ReportedRun
from vivavoce.formats.reports.wording import case_verdict


def counts_of(reported: ReportedRun) -> Counts:
    """As the run keeps them, else counted now; what has no result was not executed."""
    if reported.run.counts is not None:
        return reported.run.counts
    if reported.is_batch:
        seen = Counter(case_verdict(result) for result in reported.cases())
    else:
        seen = Counter(result.verdict for result in reported.steps())
    missing = max(reported.run.total - seen.total(), 0)
    return Counts(
        passed=seen[Verdict.PASSED],
        failed=seen[Verdict.FAILED],
        error=seen[Verdict.ERROR],
        not_executed=seen[Verdict.NOT_EXECUTED] + missing,
    )
