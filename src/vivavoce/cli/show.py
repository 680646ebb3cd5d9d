"""A finished run in the terminal: one line of result, then what did not pass."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.console import Console

from vivavoce.domain.metrics import f1, precision, recall, verdict_of
from vivavoce.domain.repeats import variance
from vivavoce.domain.run import Counts, Run, RunKind
from vivavoce.domain.utterance import CaseResult
from vivavoce.domain.verdict import StepResult, Verdict
from vivavoce.engine.ports.runs import RunStore

SHOWN = 20  # failures in the terminal; reports hold all
STYLES = {"passed": "green", "failed": "red", "error": "yellow"}


def show_run(console: Console, runs: RunStore, run: Run, *, label: str, words: str) -> None:
    """Print a run's line, the steps or cases that failed or are in error (at most 20), and all warnings."""
    results: Iterable[StepResult | CaseResult] = (
        runs.case_results(run.id) if run.kind is RunKind.BATCH else runs.step_results(run.id)
    )
    show_results(console, run, results, label=label, words=words)


def show_results(
    console: Console, run: Run, results: Iterable[StepResult | CaseResult], *, label: str, words: str
) -> None:
    """As `show_run`, with results from anywhere."""
    counts = run.counts or Counts()
    console.print(f"{label}: {words}", style=STYLES.get(words.split()[0].rstrip(","), "yellow"))
    console.print(f"  {summary(run)}")
    _show_flaky(console, run)
    shown = 0
    warned: Counter[str] = Counter()
    for number, result in _numbered(results):
        warned.update(result.warnings)
        if shown == SHOWN or verdict_of(result) not in (Verdict.FAILED, Verdict.ERROR):
            continue
        shown += 1
        if isinstance(result, StepResult):
            _show_step(console, number, result, repeated=run.repeats > 1)
        else:
            _show_case(console, result)
    left = counts.failed + counts.error - shown
    if shown and left > 0:
        console.print(f"  ... and {left} more: the reports hold all of them")
    for warning, count in warned.most_common(SHOWN):
        times = f" ({count} times)" if count > 1 else ""
        console.print(f"  warning: {_short(warning, 600)}{times}", style="yellow")


def summary(run: Run) -> str:
    """One line of numbers."""
    counts = run.counts or Counts()
    parts = _numbers(counts)
    if run.repeated:
        cases = ", ".join(_numbers(run.repeated.cases))
        parts = [f"cases over {run.repeats} repeats: {cases}; steps: {parts[0]}", *parts[1:]]
    if run.tally:
        scores = (("precision", precision), ("recall", recall), ("F1", f1))
        parts += [f"{name} {_number(score(run.tally))}" for name, score in scores]
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


def _number(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.4f}"


def _show_flaky(console: Console, run: Run) -> None:
    """The cases whose repeats disagree: how many passed, what the rule wants, how long they took."""
    for case in run.flaky[:SHOWN]:
        console.print(f"  flaky: {_short(case.name or 'conversation')}: {variance(case)}", style="yellow")
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
    where = f"{result.case or 'conversation'}, step {number}"
    if repeated:
        where += f", repeat {result.repeat + 1}"
    console.print(f"  {result.verdict.value}: {where}: {_short(sent)}")
    for reason in result.reasons:
        console.print(f"      {_short(reason, 600)}")
    if result.evidence is not None:
        console.print(f"      sent: {_wire(result.evidence.request)}", style="dim")
        console.print(f"      received: {_wire(result.evidence.reply) or 'nothing'}", style="dim")


def _wire(text: str) -> str:
    """The first line and the body, on one line; JSON that was said over several lines takes no wide gaps."""
    head, _, body = text.partition("\n\n")
    shown = f"{head.partition(chr(10))[0]} {body}" if body else head
    return _short(" ".join(shown.split()), 300)


def _show_case(console: Console, result: CaseResult) -> None:
    if result.error:
        console.print(f"  error: {_short(result.case.utterance)}: {_short(result.error)}")
        return
    expected, actual = _recognition(result)
    console.print(
        f"  {result.outcome}: {_short(result.case.utterance)}: expected {expected}, matched {actual}"
    )
    for entity in result.entities:
        if not entity.matched:
            wanted = " or ".join(entity.expected)
            console.print(
                f"      {entity.name}: expected {_short(wanted)}, found {_short(entity.actual) or 'nothing'}"
            )


def _recognition(result: CaseResult) -> tuple[str, str]:
    """What was to be recognised and what was: traits where a case is about nothing else, else intents."""
    found = result.classification
    if result.case.traits and not result.case.intents:
        return ", ".join(result.case.traits), ", ".join(found.traits if found else ()) or "no trait"
    winning = found.winning if found else ()
    return " | ".join(result.case.intents) or "None", " | ".join(one.name for one in winning) or "None"


def _short(text: str, length: int = 120) -> str:
    """One line without control characters, so that no bot writes to the terminal."""
    line = "".join(char if char.isprintable() else " " for char in text)
    return line if len(line) <= length else line[: length - 3] + "..."
