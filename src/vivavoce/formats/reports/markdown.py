"""The Markdown report: a summary, then what failed and what is in error, bounded; for pull requests."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from vivavoce.domain.metrics import pass_rate, verdict_of
from vivavoce.domain.numbers import share
from vivavoce.domain.repeats import needed, spread
from vivavoce.domain.run import Run
from vivavoce.domain.verdict import StepResult, Verdict
from vivavoce.formats.reports.markdown_batch import evaluation_section, metrics_table
from vivavoce.formats.reports.markdown_text import escaped, row, rule, visible
from vivavoce.formats.reports.reported import ReportedRun
from vivavoce.formats.reports.sums import counts_of
from vivavoce.formats.reports.wording import (
    actual_outputs,
    case_reasons,
    conversations,
    evidence_lines,
    expected_intent,
    expected_outputs,
    matched_intent,
    said,
)

MAX_SHOWN = 50  # findings of a run
MAX_EVIDENCE = 10  # steps of a run
MAX_WIRE = 2_000  # characters of the evidence of a step


@dataclass(frozen=True)
class _Finding:
    """A step or utterance that did not pass."""

    verdict: Verdict
    where: str
    input: str
    expected: str
    actual: str
    reasons: str
    evidence: tuple[str, ...] = ()  # lines

    def cells(self) -> tuple[str, ...]:
        return self.verdict.value, self.where, self.input, self.expected, self.actual, self.reasons


def markdown(runs: Sequence[ReportedRun]) -> Iterator[str]:
    """The report in chunks."""
    yield "# Test report\n\n"
    yield row(("Suite", "Bot", "Status", "Passed", "Failed", "Error", "Not executed", "Pass rate"))
    yield "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |\n"
    for reported in runs:
        yield _summary(reported)
    if batches := [reported for reported in runs if reported.is_batch]:
        yield from metrics_table(batches)
    yield from _flaky([reported.run for reported in runs if reported.run.repeated])
    for reported in runs:
        yield from _findings(reported)


def _flaky(runs: Sequence[Run]) -> Iterator[str]:
    """The cases whose repeats disagree, and how many cases met their rule."""
    if not runs:
        return
    yield "\n"
    yield row(("Repeated suite", "Repeats", "Cases passed", "Failed", "Error", "Not executed", "Flaky"))
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n"
    for run in runs:
        assert run.repeated is not None
        cases = run.repeated.cases
        numbers = (cases.passed, cases.failed, cases.error, cases.not_executed, run.repeated.flaky_count)
        yield row((run.suite_name, str(run.repeats), *map(str, numbers)))
    if not any(run.flaky for run in runs):
        return
    yield "\n"
    yield row(("Flaky case", "Suite", "Passed", "Must pass", "Shortest", "Median", "Longest"))
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: |\n"
    for run in runs:
        for case in run.flaky[:MAX_SHOWN]:
            took = spread(case)
            times = (f"{ms:.0f} ms" for ms in (took.shortest, took.median, took.longest))
            passed = f"{case.passed} of {case.repeats}"
            yield row((case.name, run.suite_name, passed, str(needed(case.rule, case.repeats)), *times))


def _summary(reported: ReportedRun) -> str:
    run, counts = reported.run, counts_of(reported)
    numbers = (counts.passed, counts.failed, counts.error, counts.not_executed)
    status = f"{run.status.value}: {run.error_details}" if run.error_details else run.status.value
    bot = f"{run.bot.name} ({run.version})"
    if run.judged_from:
        bot += f", kept replies of {run.judged_from}"
    return row((run.suite_name, bot, status, *map(str, numbers), share(pass_rate(counts))))


def _findings(reported: ReportedRun) -> Iterator[str]:
    """The section of a run, if there is anything to look for."""
    counts = counts_of(reported)
    if counts.passed == counts.total:
        return
    found = _utterances(reported) if reported.is_batch else _steps(reported)
    shown = list(islice(found, min(MAX_SHOWN, counts.failed + counts.error)))  # reads no further
    section = "".join(evaluation_section(reported)) if reported.is_batch else ""
    if not shown and not section:
        return
    yield f"\n## {escaped(reported.run.suite_name)}\n{section}"
    if section:
        yield "\n### Cases\n"
    if shown:
        yield "\n" + row(("Verdict", "Where", "Input", "Expected", "Actual", "Why")) + rule("llllll")
    for finding in shown:
        yield row(finding.cells())
    more = counts.failed + counts.error - len(shown)
    if more:
        yield f"\nand {more} more\n"
    for finding in [finding for finding in shown if finding.evidence][:MAX_EVIDENCE]:
        yield _details(finding)


def _steps(reported: ReportedRun) -> Iterable[_Finding]:
    for steps in conversations(reported.steps()):
        for number, result in enumerate(steps, 1):
            if result.verdict in (Verdict.FAILED, Verdict.ERROR):
                yield _Finding(
                    result.verdict,
                    f"{result.case}, step {number}{_repeat(reported.run, result)}",
                    said(result),
                    expected_outputs(result),
                    actual_outputs(result),
                    "\n".join(result.reasons),
                    tuple(evidence_lines(result)),
                )


def _details(finding: _Finding) -> str:
    """What went over the wire, folded up; nothing in it is Markdown or HTML."""
    text = visible("\n".join(finding.evidence))
    if len(text) > MAX_WIRE:
        text = f"{text[:MAX_WIRE]}\n… (the JSON report has more)"
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    summary = escaped(f"{finding.verdict.value}: {finding.where}")
    return f"\n<details><summary>{summary}</summary>\n\n{fence}text\n{text}\n{fence}\n\n</details>\n"


def _repeat(run: Run, result: StepResult) -> str:
    return f", repeat {result.repeat + 1}" if run.repeats > 1 else ""


def _utterances(reported: ReportedRun) -> Iterable[_Finding]:
    for result in reported.cases():
        verdict = verdict_of(result)
        if verdict in (Verdict.FAILED, Verdict.ERROR):
            line = result.case.line
            yield _Finding(
                verdict,
                f"line {line}" if line else f"case {result.index + 1}",
                result.case.utterance,
                expected_intent(result.case),
                matched_intent(result),
                "\n".join(case_reasons(result)),
            )
