"""A finished run in the terminal: one line of result, what it comes to, then what did not pass."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rich.console import Console

from vivavoce.cli.console import one_line
from vivavoce.cli.show_batch import show_evaluation
from vivavoce.domain.batch.utterance import CaseResult
from vivavoce.domain.metrics import f1, precision, recall, verdict_of
from vivavoce.domain.numbers import figure
from vivavoce.domain.repeats import variance
from vivavoce.domain.run import Counts, Run
from vivavoce.domain.verdict import StepResult, Verdict
from vivavoce.formats.reports.reported import ReportedRun
from vivavoce.formats.reports.wording import expected_intent, matched_intent, order_note, other_reasons

SHOWN = 20  # failures in the terminal; reports hold all
WARNINGS = 1_000  # different ones that are counted
STYLES = {"passed": "green", "failed": "red", "error": "yellow"}


def show_run(console: Console, reported: ReportedRun, *, label: str, words: str) -> None:
    """Print a run's line, what a batch run comes to, the steps or cases that failed or are in error (at most
    20), and all warnings."""
    run = reported.run
    console.print(f"{label}: {words}", style=STYLES.get(words.split()[0].rstrip(","), "yellow"))
    console.print(f"  {summary(run)}")
    _show_flaky(console, run)
    wrong, warned = _gathered(reported)
    if reported.is_batch:
        show_evaluation(console, reported)
    if wrong and reported.is_batch:
        console.print("  cases", style="bold")
    for number, result in wrong:
        if isinstance(result, StepResult):
            _show_step(console, number, result, repeated=run.repeats > 1)
        else:
            _show_case(console, result)
    counts = run.counts or Counts()
    left = counts.failed + counts.error - len(wrong)
    if wrong and left > 0:
        console.print(f"  ... and {left} more: the reports hold all of them")
    for warning, count in warned.most_common(SHOWN):
        times = f" ({count} times)" if count > 1 else ""
        console.print(f"  warning: {one_line(warning, 600)}{times}", style="yellow")


def show_results(
    console: Console,
    run: Run,
    results: Sequence[StepResult] | Sequence[CaseResult],
    *,
    label: str,
    words: str,
) -> None:
    """As `show_run`, with results that are held."""
    show_run(console, ReportedRun(run, lambda: results), label=label, words=words)


def _gathered(reported: ReportedRun) -> tuple[list[tuple[int, StepResult | CaseResult]], Counter[str]]:
    """What failed or is in error, the first 20 with their numbers, and the warnings; in one reading, ended
    early where the warnings are known."""
    kept = reported.kept_evaluation if reported.is_batch else None
    counts = reported.run.counts or Counts()
    most = min(SHOWN, counts.failed + counts.error)
    if kept is not None and not most:
        return [], Counter(dict(kept.warnings))
    results = reported.evaluated_cases() if reported.is_batch else reported.steps()
    wrong: list[tuple[int, StepResult | CaseResult]] = []
    warned: Counter[str] = Counter()
    for number, result in _numbered(results):
        if result.warnings and len(warned) < WARNINGS:
            warned.update(result.warnings)
        if len(wrong) < SHOWN and verdict_of(result) in (Verdict.FAILED, Verdict.ERROR):
            wrong.append((number, result))
            if kept is not None and len(wrong) == most:
                return wrong, Counter(dict(kept.warnings))
    return wrong, warned


def summary(run: Run) -> str:
    """One line of numbers."""
    counts = run.counts or Counts()
    parts = _numbers(counts)
    if run.repeated:
        cases = ", ".join(_numbers(run.repeated.cases))
        parts = [f"cases over {run.repeats} repeats: {cases}; steps: {parts[0]}", *parts[1:]]
    if run.tally:
        scores = (("precision", precision), ("recall", recall), ("F1", f1))
        parts += [f"{name} {figure(score(run.tally))}" for name, score in scores]
    if run.started_on and run.ended_on:
        parts.append(f"{(run.ended_on - run.started_on).total_seconds():.1f} s")
    return ", ".join(parts)


def _numbers(counts: Counts) -> list[str]:
    parts = [f"{counts.passed} passed", f"{counts.failed} failed"]
    if counts.error:
        parts.append(f"{counts.error} in error")
    if counts.not_executed:
        parts.append(f"{counts.not_executed} not executed")
    return parts


def _show_flaky(console: Console, run: Run) -> None:
    """The cases whose repeats disagree: how many passed, what the rule wants, how long they took."""
    for case in run.flaky[:SHOWN]:
        console.print(f"  flaky: {one_line(case.name or 'conversation')}: {variance(case)}", style="yellow")
    count = run.repeated.flaky_count if run.repeated else 0
    if count > SHOWN:
        console.print(f"  ... and {count - SHOWN} more flaky cases")


def _numbered(results: Iterable[StepResult | CaseResult]) -> Iterator[tuple[int, StepResult | CaseResult]]:
    """Steps with their numbers in their conversation, from 1."""
    for _, together in groupby(results, key=_conversation):
        yield from enumerate(together, 1)


def _conversation(result: StepResult | CaseResult) -> tuple[int, int, str] | None:
    return (result.unit, result.repeat, result.case) if isinstance(result, StepResult) else None


def _show_step(console: Console, number: int, result: StepResult, *, repeated: bool) -> None:
    sent = result.step.input or result.step.trigger or ""
    where = f"{one_line(result.case) or 'conversation'}, step {number}"
    if repeated:
        where += f", repeat {result.repeat + 1}"
    console.print(f"  {result.verdict.value}: {where}: {one_line(sent)}")
    for reason in result.reasons:
        console.print(f"      {one_line(reason, 600)}")
    if result.evidence is not None:
        console.print(f"      sent: {_wire(result.evidence.request)}", style="dim")
        console.print(f"      received: {_wire(result.evidence.reply) or 'nothing'}", style="dim")


def _wire(text: str) -> str:
    """The first line and the body, on one line; JSON that was said over several lines takes no wide gaps."""
    head, _, body = text.partition("\n\n")
    shown = f"{head.partition(chr(10))[0]} {body}" if body else head
    return one_line(" ".join(shown.split()), 300)


def _show_case(console: Console, result: CaseResult) -> None:
    if result.error:
        console.print(f"  error: {one_line(result.case.utterance)}: {one_line(result.error)}")
        return
    expected, actual = _recognition(result)
    # The intent may be right, and the case fail all the same by what stands below.
    outcome = f"{result.outcome}, but failed" if result.outcome in ("TP", "TN") else result.outcome
    console.print(
        f"  {outcome}: {one_line(result.case.utterance)}: "
        f"expected {one_line(expected)}, matched {one_line(actual)}"
        f"{one_line(other_reasons(result)) if result.outcome == 'FP' else ''}"
    )
    if missing := [one_line(trait.name) for trait in result.traits if not trait.matched]:
        console.print(f"      traits not found: {', '.join(missing)}")
    for entity in result.entities:
        if not entity.matched:
            wanted, found = one_line(" or ".join(entity.expected)), one_line(entity.actual) or "nothing"
            console.print(f"      {one_line(entity.name)}: expected {wanted}, found {found}")
    if note := order_note(result):
        console.print(f"      {one_line(note)} (not judged)")


def _recognition(result: CaseResult) -> tuple[str, str]:
    """What was to be recognised and what was: traits where a case is about nothing else, else intents."""
    found = result.classification
    if result.case.traits and not result.case.intents:
        return ", ".join(result.case.traits), ", ".join(found.traits if found else ()) or "no trait"
    return expected_intent(result.case), matched_intent(result)
