"""Reports: rendered views of runs, streamed as text.

Every report is a function over `reported.ReportedRun` values that yields chunks of text (UTF-8 when written;
without newline translation). Results are read as they are written, so memory stays flat; a report that needs
sums in front of its rows reads them twice.
"""
