"""The contract's sample documents, read by the client."""

import json
from pathlib import Path
from typing import Any

import pytest

from vivavoce.client.errors import UnexpectedAnswer
from vivavoce.client.values import BatchRun, ConversationRun, Import, read

CONTRACT = Path(__file__).parents[2] / "fixtures" / "contract"


def sample(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((CONTRACT / f"{name}.json").read_text(encoding="utf-8"))
    return document


def test_an_import_in_progress() -> None:
    seen = read(sample("conversation-import-inprogress"), Import)
    assert (seen.ended, seen.ok, seen.percentage, seen.suite) == (False, False, 85, None)


def test_a_finished_import_holds_the_suite_and_the_raw_document() -> None:
    document = sample("conversation-import-success")
    seen = read(document, Import)
    assert seen.ended and seen.ok
    assert seen.suite == document["response"]
    assert seen.raw == document


def test_a_failed_import_says_why() -> None:
    seen = read(sample("ours/conversation-import-failed"), Import)
    assert seen.ended and not seen.ok
    assert [(log.level, log.step, log.message) for log in seen.logs] == [
        ("error", 0, "the bot could not be reached: connection refused")
    ]
    assert seen.logs[0].time is not None and seen.logs[0].time.year == 2023


@pytest.mark.parametrize("name", ["conversation-run-inprogress", "conversation-run-inprogress.brief"])
def test_a_conversation_run_in_progress(name: str) -> None:
    run = read(sample(name), ConversationRun)
    assert (run.ended, run.percentage, run.total_steps) == (False, 85, 13)
    assert run.result.steps is None and run.result.duration_ms is None


def test_a_finished_conversation_run_in_both_forms() -> None:
    full = read(sample("conversation-run-completed"), ConversationRun)
    brief = read(sample("conversation-run-completed.brief"), ConversationRun)
    for run in (full, brief):
        assert run.ok and run.ended and run.percentage == 100
        assert run.result.steps is not None
        assert (run.result.steps.passed, run.result.steps.failed, run.result.steps.total) == (13, 0, 13)
        assert run.result.steps.not_executed == 0
        assert run.result.duration_ms == 14364
    assert brief.result.executions == ()
    first = full.result.executions[0]
    assert (first.input, first.event, first.status) == ("Start_Flow", "Start_Flow", "passed")
    assert first.actual[0]["text"] == first.expected[0]["text"] == "asdasd"


def test_a_failed_and_an_aborted_run() -> None:
    failed = read(sample("ours/conversation-run-failed"), ConversationRun)
    aborted = read(sample("ours/conversation-run-aborted"), ConversationRun)
    assert (failed.ok, failed.ended, failed.status) == (False, True, "failed")
    assert [step.status for step in failed.result.executions] == ["passed", "failed"]
    assert aborted.status == "aborted"
    assert aborted.result.steps is not None and aborted.result.steps.not_executed == 1
    assert aborted.result.error_details == "step 1: the bot answered 500 after 3 retries"


def test_a_batch_run_in_progress() -> None:
    run = read(sample("batch-run-running"), BatchRun)
    assert (run.ended, run.percentage, run.utterances_run, run.total) == (False, 50, 5, 10)
    assert run.result.f1 is None and run.result.tally is None and run.result.file_url is None


def test_a_completed_batch_run() -> None:
    run = read(sample("batch-run-completed"), BatchRun)
    assert run.ok and run.percentage == 100
    assert (run.result.precision, run.result.recall, run.result.f1) == (0.0, 0.0, 0.0)
    assert run.result.tally is not None
    assert run.result.tally.failed_utterance_count == 1 and run.result.tally.failure == 1
    assert run.result.file_url is not None and run.result.file_url.endswith("&batchtesting=true")


@pytest.mark.parametrize(("name", "why"), [("failed", "disk full"), ("cancelled", "cancelled")])
def test_a_batch_run_without_a_report(name: str, why: str) -> None:
    run = read(sample(f"ours/batch-run-{name}"), BatchRun)
    assert run.ended and not run.ok and not run.result.available
    assert run.result.file_url is None
    assert why in (run.result.error_details or "")


def test_a_foreign_answer_names_the_place() -> None:
    document = sample("conversation-run-completed.brief") | {"percentageCompleted": "all"}
    with pytest.raises(UnexpectedAnswer, match=r"ConversationRun.*percentageCompleted"):
        read(document, ConversationRun)
