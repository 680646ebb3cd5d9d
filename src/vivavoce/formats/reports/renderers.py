"""Every report by its name, as flags and calls ask for it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from vivavoce.formats.reports.csv_report import csv_report
from vivavoce.formats.reports.html.report import html_report
from vivavoce.formats.reports.json_report import json_report
from vivavoce.formats.reports.junit import junit
from vivavoce.formats.reports.markdown import markdown
from vivavoce.formats.reports.reported import ReportedRun

ReportFormat = Literal["junit", "csv", "json", "markdown", "html"]

RENDERERS: dict[str, Callable[[Sequence[ReportedRun]], Iterable[str]]] = {
    "junit": junit,
    "csv": csv_report,
    "json": json_report,
    "markdown": markdown,
    "html": html_report,
}

MEDIA_TYPES: dict[str, str] = {
    "junit": "application/xml",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "markdown": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
}
