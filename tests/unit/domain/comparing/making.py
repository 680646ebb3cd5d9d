"""Runs side by side, made of few words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from vivavoce.domain.batch.scoring import case_in_error, score_case
from vivavoce.domain.batch.utterance import BatchCase, Candidate, CaseResult, Classification
from vivavoce.domain.bot import Bot
from vivavoce.domain.run import Run, RunKind, RunStatus
from vivavoce.domain.suite import Step
from vivavoce.domain.verdict import StepResult, Verdict


@dataclass(frozen=True)
class Played:
    run: Run
    results: Callable[[], Iterable[Any]]


def run_of(kind: RunKind, total: int, **fields: Any) -> Run:
    values: dict[str, Any] = {
        "id": "tr-1",
        "bot": Bot(id="st-1", name="Bank", connector={}),
        "suite_id": "ts-1",
        "suite_name": "bank.csv",
        "revision": 1,
        "version": "inDevelopment",
        "language": "en",
        "created_on": datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
        "status": RunStatus.FAILED,
    }
    return Run(kind=kind, total=total, **(values | fields))


def case(words: str, expected: str, matched: str | None, **fields: Any) -> CaseResult:
    """`expected` and `matched` may be `A|B`, or empty for no intent; None matched is an error."""
    asked = BatchCase(words, tuple(filter(None, expected.split("|"))), **fields)
    if matched is None:
        return case_in_error(0, asked, "no answer")
    winning = tuple(map(Candidate, filter(None, matched.split("|"))))
    return score_case(0, asked, Classification(winning), 1.0)


def batch(*results: CaseResult, **fields: Any) -> Played:
    return Played(run_of(RunKind.BATCH, fields.pop("total", len(results)), **fields), lambda: list(results))


def step(
    name: str, verdict: Verdict, *, unit: int, repeat: int = 0, text: str = "hi", error: str = ""
) -> StepResult:
    return StepResult(0, name, Step(text), verdict, unit=unit, repeat=repeat, error=error)


def conversations(*steps: StepResult, **fields: Any) -> Played:
    return Played(
        run_of(RunKind.CONVERSATION, fields.pop("total", len(steps)), **fields), lambda: list(steps)
    )
