"""The HTML report: its pages in order, streamed."""

from collections.abc import Iterator, Sequence
from typing import Final

from vivavoce.formats.reports.html.batch_page import batch_page
from vivavoce.formats.reports.html.batch_view import BatchPage
from vivavoce.formats.reports.html.conversation_page import ConversationPage
from vivavoce.formats.reports.html.environment import pages
from vivavoce.formats.reports.reported import ReportedRun

DETAILED: Final = 8  # runs up to which the contents list each one's sections
_BUFFERED: Final = 500  # pieces of a template that are put out together


def html_report(runs: Sequence[ReportedRun]) -> Iterator[str]:
    """The report in chunks."""
    shown = [_page(reported, number) for number, reported in enumerate(runs, 1)]
    names = ", ".join(page.head.title for page in shown[:3])
    stream = (
        pages()
        .get_template("page.html")
        .stream(
            runs=shown,
            title=f"{names} - Test report" if names else "Test report",
            detailed=DETAILED,
            batches=any(reported.is_batch for reported in runs),
        )
    )
    stream.enable_buffering(_BUFFERED)
    yield from stream


def _page(reported: ReportedRun, number: int) -> BatchPage | ConversationPage:
    return batch_page(reported, number) if reported.is_batch else ConversationPage(reported, number)
