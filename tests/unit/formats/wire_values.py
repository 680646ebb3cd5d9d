"""Domain values that express the states of the contract's samples, and the samples themselves."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vivavoce.domain.bot import Bot
from vivavoce.domain.catalog import Suite, SuiteKind
from vivavoce.domain.check import Check
from vivavoce.domain.output import Metadata, Output, Reply
from vivavoce.domain.run import Counts, Run, RunKind, RunStatus, Tally
from vivavoce.domain.suite import (
    Assertions,
    ExpectedOutput,
    FlowAssertion,
    FlowEntry,
    Step,
    SuiteHead,
    TextAssertion,
    TextEntry,
)
from vivavoce.domain.verdict import OutputResult, StepResult, Verdict

SAMPLES = Path(__file__).parents[2] / "fixtures" / "contract"


def sample(name: str) -> Any:
    return json.loads((SAMPLES / name).read_text(encoding="utf-8"))


def body(chunks: Iterable[bytes] | bytes) -> Any:
    return json.loads(chunks if isinstance(chunks, bytes) else b"".join(chunks))


def shape(value: Any) -> Any:
    """A document with the types in place of the values, keys in their order."""
    if isinstance(value, dict):
        return [(key, shape(below)) for key, below in value.items()]
    if isinstance(value, list):
        return [shape(item) for item in value]
    return type(value).__name__


def time(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


def bot(bot_id: str = "st-4xxxxxx7-3xx4-5xxa-9xxa-d8xxxxxxxxx0") -> Bot:
    return Bot(id=bot_id, name="Bank", connector={"type": "scripted"})


def conversation_run(status: RunStatus, **fields: Any) -> Run:
    """The run of the conversation samples; an ended one took 14,364 ms."""
    values: dict[str, Any] = {
        "id": "ctr-8xxxxxxa-bxx1-5xx1-axx7-d5xxxxxxxxxb",
        "kind": RunKind.CONVERSATION,
        "bot": bot(),
        "suite_id": "ctc-3xxxxxx5-6xxf-5xxb-bxx8-04xxxxxxxxxc",
        "suite_name": "greetings",
        "revision": 1,
        "version": "inDevelopment",
        "language": "en",
        "total": 2,
        "done": 2,
        "created_on": time("2023-08-23T10:14:13.100Z"),
        "started_on": time("2023-08-23T10:14:13.330Z"),
        "status": status,
    }
    if status.ended:
        values["ended_on"] = time("2023-08-23T10:14:27.694Z")
    return Run(**(values | fields))


def batch_run(status: RunStatus, **fields: Any) -> Run:
    """The run of the batch samples."""
    values: dict[str, Any] = {
        "id": "tr-74d94321-35f8-5066-bdc8-a0863e7axxxx",
        "kind": RunKind.BATCH,
        "bot": bot("st-83a4989c-7f57-59e7-85b8-d6547a91xxxx"),
        "suite_id": "ts-cf304560-7e39-5876-ad22-8c114743xxxx",
        "suite_name": "test1",
        "revision": 1,
        "version": "inDevelopment",
        "language": "en",
        "total": 1,
        "done": 1,
        "created_on": time("2023-06-26T12:07:38.300Z"),
        "started_on": time("2023-06-26T12:07:38.405Z"),
        "triggered_by": "u-b6cd832d-d3c0-501f-9d94-9e4c76667e9e",
        "status": status,
    }
    if status.ended:
        values["ended_on"] = time("2023-06-26T12:09:39.518Z")
        values["counts"] = Counts(error=1)
        values["tally"] = Tally(failed_utterances=1)
    return Run(**(values | fields))


def suite(kind: SuiteKind, **fields: Any) -> Suite:
    values: dict[str, Any] = {
        "id": "ctc-1" if kind is SuiteKind.CONVERSATION else "ts-1",
        "kind": kind,
        "bot_id": "st-1",
        "head": SuiteHead(name="A / B", description="both", tags=("smoke",)),
        "total": 3,
        "language": "en",
        "created_by": "u-1",
        "created_on": time("2023-08-23T10:03:21.825Z"),
        "modified_on": time("2023-08-23T10:04:24.972Z"),
    }
    return Suite(**(values | fields))


# --- the two steps of the conversation samples ----------------------------------------------------

TEMPLATE: str = sample("conversation-run-completed.json")["result"]["executionResults"][1]["outputs"][0][
    "text"
]
STANDARD = Metadata(category="Confirmation", is_standard_response=True)

GREETING = Step(
    input="Start_Flow",
    outputs=(
        ExpectedOutput(
            "asdasd", Assertions(TextAssertion(True, (TextEntry("asdasd"),)), FlowAssertion(False))
        ),
    ),
    trigger="Start_Flow",
)
HELP = Step(
    input="help",
    outputs=(
        ExpectedOutput(
            TEMPLATE,
            Assertions(
                TextAssertion(True, (TextEntry(TEMPLATE),)),
                FlowAssertion(True, (FlowEntry(node_id="Confirmation"),)),
            ),
            STANDARD,
        ),
    ),
)
HELD = Check(True, (True,))


def greeting_passed(nlp_version: str = "") -> StepResult:
    reply = Reply((Output("asdasd"),), nlp_version=nlp_version)
    return StepResult(
        0, "greetings", GREETING, Verdict.PASSED, reply, (OutputResult(text=HELD),), duration_ms=12.5
    )


def help_passed(nlp_version: str = "") -> StepResult:
    reply = Reply((Output(TEMPLATE, STANDARD),), nlp_version=nlp_version)
    judged = OutputResult(text=HELD, flow=HELD, text_mismatch=True)
    return StepResult(1, "greetings", HELP, Verdict.PASSED, reply, (judged,), duration_ms=7.5)


def help_failed() -> StepResult:
    reply = Reply((Output("Something else", STANDARD),))
    unmet = Check(False, (False,), (f"expected {TEMPLATE!r}, got 'Something else'",))
    judged = OutputResult(text=unmet, flow=HELD)
    return StepResult(1, "greetings", HELP, Verdict.FAILED, reply, (judged,), duration_ms=7.5)


def help_in_error() -> StepResult:
    reason = "the bot answered 500 after 3 retries"
    return StepResult(1, "greetings", HELP, Verdict.ERROR, error=reason)
