"""What the terminal shows of a finished run."""

from io import StringIO

from msgspec.structs import replace
from rich.console import Console

from tests.unit.formats.wire_values import conversation_run
from vivavoce.cli.show import show_run
from vivavoce.domain.run import Counts, RunStatus
from vivavoce.domain.suite import Step
from vivavoce.domain.verdict import Exchange, StepResult, Verdict
from vivavoce.formats.reports.reported import ReportedRun

FAILED, PASSED = Verdict.FAILED, Verdict.PASSED


def shown(*results: StepResult, repeats: int = 1) -> list[str]:
    """The lines, without what stands before them."""
    counts = Counts(failed=sum(result.verdict is FAILED for result in results))
    run = conversation_run(RunStatus.FAILED, counts=counts, repeats=repeats)
    page = StringIO()
    show_run(Console(file=page, width=500), ReportedRun(run, lambda: results), label="suite", words="failed")
    return [line.strip() for line in page.getvalue().splitlines()]


def result(index: int, case: str, unit: int, verdict: Verdict = FAILED, repeat: int = 0) -> StepResult:
    return StepResult(index, case, Step(f"say {index}"), verdict, unit=unit, repeat=repeat)


def test_steps_are_counted_from_1_in_their_case() -> None:
    lines = shown(
        result(0, "one", 0, PASSED),
        result(1, "one", 0),
        result(2, "same name", 1),
        result(3, "same name", 2, PASSED),
        result(4, "same name", 2),
    )
    assert lines[2:] == [
        "failed: one, step 2: say 1",
        "failed: same name, step 1: say 2",
        "failed: same name, step 2: say 4",
    ]


def test_each_repeat_counts_its_steps() -> None:
    lines = shown(*(result(step, "one", 0, repeat=repeat) for repeat in (0, 1) for step in (0, 1)), repeats=2)
    assert lines[2:] == [
        f"failed: one, step {step}, repeat {repeat}: say {step - 1}" for repeat in (1, 2) for step in (1, 2)
    ]


def test_what_went_over_the_wire_is_one_line_without_gaps() -> None:
    wire = Exchange(
        'POST /chat HTTP/1.1\r\nHost: x\n\n{\n  "text": "hi"\n}',
        'HTTP 200\n\n{\r\n\t"a":\r\n\t\t[1,\r\n\t\t 2]}\n',
    )
    lines = shown(replace(result(0, "one", 0), evidence=wire))
    assert lines[3:] == [
        'sent: POST /chat HTTP/1.1 { "text": "hi" }',
        'received: HTTP 200 { "a": [1, 2]}',
    ]
