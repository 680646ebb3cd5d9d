"""Runs with results as reports get them, hostile texts among them."""

from collections.abc import Callable, Iterable
from typing import Any

from tests.unit.formats.wire_values import batch_run, conversation_run

from vivavoce.domain.batch.utterance import (
    BatchCase,
    Candidate,
    CaseResult,
    Classification,
    EntityExpectation,
    EntityResult,
    TraitResult,
)
from vivavoce.domain.check import Check
from vivavoce.domain.metrics import counts_of, tally_of
from vivavoce.domain.output import Output, Reply
from vivavoce.domain.run import RunStatus
from vivavoce.domain.suite import Assertions, ExpectedOutput, Step, TextAssertion, TextEntry
from vivavoce.domain.verdict import OutputResult, StepResult, Verdict
from vivavoce.formats.reports.reported import ReportedRun

HOSTILE = '=HYPERLINK("x"),\r\n|`]]>\x00\x1b&<b>\ud800\ufffe 😀'


def reported(
    run: Any, results: list[Any], wrap: Callable[[Iterable[Any]], Iterable[Any]] = iter
) -> ReportedRun:
    return ReportedRun(run, lambda: wrap(results))


def step(
    text: str, expected: str, actual: str | None, *, index: int = 0, unit: int = 0, **fields: Any
) -> StepResult:
    """A step that passed when the bot said what was expected, and is in error when it said nothing."""
    wanted = ExpectedOutput(expected, Assertions(TextAssertion(True, (TextEntry(expected),))))
    played = Step(text, (wanted,))
    values: dict[str, Any] = {"case": "Opening hours", "duration_ms": 250.0, "unit": unit} | fields
    if actual is None:
        return StepResult(
            index=index, step=played, **({"verdict": Verdict.ERROR, "error": "no answer in 15 s"} | values)
        )
    held = actual == expected
    reasons = () if held else (f"expected {expected!r}, got {actual!r}",)
    return StepResult(
        index=index,
        step=played,
        verdict=Verdict.PASSED if held else Verdict.FAILED,
        reply=Reply((Output(actual),)),
        outputs=(OutputResult(text=Check(held, (held,), reasons)),),
        **values,
    )


def conversation_results() -> list[StepResult]:
    """Four conversations, two of one name: passed, failed, in error, not executed."""
    skipped = {"verdict": Verdict.NOT_EXECUTED, "error": "the session ended", "duration_ms": 0.0}
    return [
        step("hi", "Hello!", "Hello!", index=0, unit=0),
        step("when?", "9 to 5", "9 to 5", index=1, unit=0),
        step("when?", "9 to 5", "8 to 4", index=2, unit=1),
        step("bye", "Bye!", "Bye!", index=3, unit=1),
        step("hi", "Hello!", None, index=4, unit=2, case="Down"),
        step("bye", "Bye!", None, index=5, unit=2, case="Down", **skipped),
        step("hi", "Hello!", None, index=6, unit=3, case="Ended", **skipped),
    ]


def conversation(results: list[StepResult] | None = None, **fields: Any) -> ReportedRun:
    played = conversation_results() if results is None else results
    counts = counts_of(played)
    values = {"status": RunStatus.FAILED, "counts": counts, "total": counts.total, "done": counts.total}
    run = conversation_run(**(values | fields))
    return reported(run, played)


def batch_results() -> list[CaseResult]:
    transfer = Candidate("Transfer", 0.9, "dialog")
    balance = Candidate("Balance", 0.0625, "dialog")
    return [
        CaseResult(
            0,
            BatchCase(
                "send 5 to Ann",
                ("Transfer", "Pay"),
                entities=(EntityExpectation("amount", ("5", "5.0")), EntityExpectation("to", ("Bob",))),
                entity_order=("amount", "to"),
                parent_intents=("Money", "Accounts"),
                line=2,
            ),
            Classification((transfer,), (transfer, balance), task_state="published", elimination="FM: low"),
            "TP",
            False,
            (EntityResult("amount", ("5", "5.0"), "5", True), EntityResult("to", ("Bob",), "Ann", False)),
            actual_order=("amount", "to"),
            duration_ms=10,
        ),
        CaseResult(1, BatchCase("blah", line=4), Classification(), "TN", True),
        CaseResult(
            2,
            BatchCase("=cmd()", ("Balance",), line=5),
            Classification((transfer, balance), (transfer, balance)),
            "FP",
        ),
        CaseResult(3, BatchCase("@help", ("Help",), line=6), error="the bot answered 500"),
        CaseResult(
            4,
            BatchCase("yes", traits=("Polite", "Short"), line=7),
            Classification(traits=("Short",)),
            "FN",
            traits=(TraitResult("Polite", False), TraitResult("Short", True)),
        ),
    ]


def batch(results: list[CaseResult] | None = None, **fields: Any) -> ReportedRun:
    played = batch_results() if results is None else results
    values: dict[str, Any] = {
        "status": RunStatus.FAILED,
        "counts": counts_of(played),
        "tally": tally_of(played),
        "total": len(played),
        "done": len(played),
    }
    return reported(batch_run(**(values | fields)), played)
