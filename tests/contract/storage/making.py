"""Values for storage tests, each distinct where it matters and plain elsewhere."""

from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from vivavoce.domain.batch.utterance import BatchCase, CaseResult
from vivavoce.domain.bot import Bot
from vivavoce.domain.catalog import App, StoredFile, Suite, SuiteKind
from vivavoce.domain.check import Check
from vivavoce.domain.output import Metadata, Output, Reply
from vivavoce.domain.run import Run, RunKind
from vivavoce.domain.suite import (
    Assertions,
    ExpectedOutput,
    FlowAssertion,
    FlowEntry,
    Step,
    SuiteHead,
    TestCase,
    TextAssertion,
    TextEntry,
)
from vivavoce.domain.verdict import OutputResult, StepResult, Verdict
from vivavoce.engine.ports.store import Store
from vivavoce.engine.ports.units import FinishedUnit, Place, Unit

NOW = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
AWKWARD = [
    "Batch Testing123",
    "a/b?c=%2F",
    "quo\"te's",
    "Ünï 😀\u200d",
    "back\\slash",
    "tab\tline\n",
    "  ",
    "\x1a",
]


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def a_bot(bot_id: str = "st-1", name: str = "Bank") -> Bot:
    return Bot(
        id=bot_id,
        name=name,
        connector={"type": "http", "url": "http://bot.example", "headers": {"k": "${VIVA_BOT_KEY}"}},
        versions={"inDevelopment": {"connector": {"url": "http://dev.example"}}},
    )


def an_app(client_id: str = "cs-1", **changes: Any) -> App:
    app = App(
        client_id=client_id,
        name="CI",
        secret="s3cret-😀",
        scopes=("Batch Tests Execution",),
        streams=("st-1",),
        created_on=NOW,
    )
    return replace(app, **changes)


def a_file(file_id: str, **changes: Any) -> StoredFile:
    file = StoredFile(
        id=file_id,
        key=f"files/{file_id}",
        name="a.csv",
        size=3,
        sha256="ab",
        client_id="cs-1",
        created_on=NOW,
    )
    return replace(file, **changes)


def a_suite(suite_id: str = "ctc-1", name: str = "Smoke", **changes: Any) -> Suite:
    kind = SuiteKind.BATCH if suite_id.startswith("ts-") else SuiteKind.CONVERSATION
    head = SuiteHead(name=name, tags=changes.pop("tags", ()))
    suite = Suite(id=suite_id, kind=kind, bot_id="st-1", head=head, created_on=NOW, modified_on=NOW)
    return replace(suite, **changes)


def a_step(text: str, *, intent: str = "", expected_intent: str = "") -> Step:
    entries = (FlowEntry(intent_id=expected_intent),) if expected_intent else ()
    assertions = Assertions(
        text=TextAssertion(contains=(TextEntry(text),)), flow=FlowAssertion(contains=entries)
    )
    return Step(
        input=text,
        outputs=(ExpectedOutput(text, assertions, Metadata(intent_id=intent) if intent else Metadata()),),
    )


def conversations(count: int, steps: int = 2) -> list[Unit]:
    """Units of `steps` steps each."""
    return [
        Unit(
            unit,
            unit * steps,
            (TestCase(f"case {unit}", tuple(a_step(f"say {step}") for step in range(steps))),),
        )
        for unit in range(count)
    ]


def chunks(count: int, cases: int = 3) -> list[Unit]:
    """Units of `cases` utterances each."""
    return [
        Unit(
            unit,
            unit * cases,
            tuple(BatchCase(f"utterance {unit}.{case}", ("Pay",)) for case in range(cases)),
        )
        for unit in range(count)
    ]


def publish(store: Store, suite: Suite, units: list[Unit]) -> Suite:
    """Stage and publish; returns the suite as it is kept."""
    store.suites.stage(suite)
    store.suites.add_units(suite.id, suite.revision, suite.kind, units)
    store.suites.publish(suite)
    kept = store.suites.by_id(suite.id)
    assert kept is not None
    return kept


def a_run(run_id: str = "ctr-1", suite_id: str = "ctc-1", **changes: Any) -> Run:
    kinds = {"ctr": RunKind.CONVERSATION, "tr-": RunKind.BATCH, "ds-": RunKind.VALIDATION}
    run = Run(
        id=run_id,
        kind=kinds[run_id[:3]],
        bot=a_bot(),
        suite_id=suite_id,
        suite_name="Smoke",
        revision=1,
        version="published",
        language="en",
        total=0,
        created_on=NOW,
    )
    return replace(run, **changes)


def an_accepted_run(store: Store, units: int = 4, *, steps: int = 2, run_id: str = "ctr-1") -> Run:
    """A conversation run on a suite of its own."""
    publish(store, a_suite(f"ctc-of-{run_id}", f"suite of {run_id}"), conversations(units, steps))
    store.runs.accept(a_run(run_id, f"ctc-of-{run_id}"))
    run = store.runs.get(run_id)
    assert run is not None
    return run


def a_step_result(index: int, verdict: Verdict = Verdict.PASSED, **changes: Any) -> StepResult:
    result = StepResult(
        index=index,
        case="case",
        step=a_step(f"step {index}"),
        verdict=verdict,
        reply=Reply(outputs=(Output(f"step {index}"),)),
        outputs=(OutputResult(text=Check(True, (True,))),),
        duration_ms=1.5,
    )
    return replace(result, **changes)


def played(unit: Unit, verdict: Verdict = Verdict.PASSED, *, repeat: int = 0) -> FinishedUnit:
    """A conversation as it was played."""
    results = tuple(
        a_step_result(unit.first + step, verdict, unit=unit.index, repeat=repeat) for step in range(unit.size)
    )
    return FinishedUnit(unit.index, results, repeat)


def places(*units: int, repeat: int = 0) -> list[Place]:
    return [Place(repeat, unit) for unit in units]


def a_case_result(index: int, **changes: Any) -> CaseResult:
    return replace(CaseResult(index=index, case=BatchCase(f"utterance {index}", ("Pay",))), **changes)
