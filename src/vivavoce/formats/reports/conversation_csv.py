"""The CSV report of conversation runs: a row a step."""

from collections.abc import Iterable, Iterator

from vivavoce.domain.verdict import StepResult
from vivavoce.formats.reports.reported import ReportedRun
from vivavoce.formats.reports.tables import Row, csv_text
from vivavoce.formats.reports.wording import actual_outputs, conversations, expected_outputs, said

HEADER = ("Suite", "Case", "Step", "Input", "Expected", "Actual", "Verdict", "Reasons", "Duration ms")
EVIDENCE = ("Sent", "Received")  # of steps that failed or are in error, as it went over the wire


def conversation_csv(runs: Iterable[ReportedRun]) -> Iterator[str]:
    """One table over all runs; steps count from 1 in their case, several outputs are lines of one cell. Where
    a run repeats its cases, a last column says which repeat (from 1)."""
    return csv_text(conversation_rows(runs))


def conversation_rows(runs: Iterable[ReportedRun]) -> Iterator[Row]:
    runs = list(runs)
    repeated = any(reported.run.repeats > 1 for reported in runs)
    header = (*HEADER, *EVIDENCE)
    yield (*header, "Repeat") if repeated else header
    for reported in runs:
        for steps in conversations(reported.steps()):
            for number, result in enumerate(steps, 1):
                row = _step_row(reported.run.suite_name, number, result)
                yield (*row, str(result.repeat + 1)) if repeated else row


def _step_row(suite: str, number: int, result: StepResult) -> Row:
    return (
        suite,
        result.case,
        str(number),
        said(result),
        expected_outputs(result),
        actual_outputs(result),
        result.verdict.value,
        "\n".join(result.reasons),
        f"{result.duration_ms:.1f}",
        result.evidence.request if result.evidence else "",
        result.evidence.reply if result.evidence else "",
    )
