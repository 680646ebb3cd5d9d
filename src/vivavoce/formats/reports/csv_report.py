"""One CSV file over runs of both kinds."""

from collections.abc import Iterator, Sequence

from vivavoce.formats.reports.batch_csv import batch_rows
from vivavoce.formats.reports.conversation_csv import conversation_rows
from vivavoce.formats.reports.reported import ReportedRun
from vivavoce.formats.reports.tables import Row, csv_text


def csv_report(runs: Sequence[ReportedRun]) -> Iterator[str]:
    """The conversation runs as one table, then each batch run's report; empty rows stand between them."""
    return csv_text(_rows(runs))


def _rows(runs: Sequence[ReportedRun]) -> Iterator[Row]:
    conversations = [reported for reported in runs if not reported.is_batch]
    if conversations:
        yield from conversation_rows(conversations)
    batches = [reported for reported in runs if reported.is_batch]
    for position, reported in enumerate(batches):
        if conversations or position:
            yield ()
        yield from batch_rows(reported)
