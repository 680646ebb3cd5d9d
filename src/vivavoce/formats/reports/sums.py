"""The sums of a run, also where it has not ended."""

from msgspec.structs import replace

from vivavoce.domain.run import Counts, Tally
from vivavoce.formats.reports.reported import ReportedRun


def counts_of(reported: ReportedRun) -> Counts:
    """As the run keeps them, else counted now; what has no result was not executed."""
    if reported.run.counts is not None:
        return reported.run.counts
    seen = reported.seen.counts
    missing = max(reported.run.total - seen.total, 0)
    return replace(seen, not_executed=seen.not_executed + missing)


def tally_of(reported: ReportedRun) -> Tally:
    """Of a batch run, as it keeps it, else added up now."""
    return reported.run.tally or reported.evaluation.tally
