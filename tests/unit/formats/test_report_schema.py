"""The published schema of the JSON report: real reports keep to it, and it refuses what they never hold."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from msgspec.structs import replace
from tests.unit.formats.report_values import (
    HOSTILE,
    batch,
    batch_results,
    conversation,
    conversation_results,
    step,
)

from vivavoce.domain.batch.utterance import (
    BatchCase,
    Candidate,
    CaseResult,
    Classification,
    EntityExpectation,
    EntityResult,
    FoundEntity,
    TraitResult,
)
from vivavoce.domain.metrics import verdict_of
from vivavoce.domain.run import CaseSum, Counts, Repeated, RunStatus, Selection, Shard
from vivavoce.domain.verdict import Exchange
from vivavoce.formats.reports import report_schema
from vivavoce.formats.reports.json_report import json_report
from vivavoce.formats.reports.report_schema import SCHEMA_NAME, schema_text
from vivavoce.formats.reports.reported import ReportedRun

PUBLISHED = Path(report_schema.__file__).with_name(SCHEMA_NAME)
SCHEMA = json.loads(PUBLISHED.read_text(encoding="utf-8"))
VALID = Draft202012Validator(SCHEMA)
EVIL = HOSTILE.replace("\ud800", "")  # what no UTF-8 can hold is replaced where results are kept


def parsed(*runs: ReportedRun) -> Any:
    return json.loads("".join(json_report(runs)))


def everything() -> CaseResult:
    """A case that says something at every key, in hostile texts."""
    case = BatchCase(
        EVIL, (EVIL,), (EVIL,), (EVIL,), (EntityExpectation(EVIL, (EVIL,)),), (EVIL,), EVIL, (EVIL,), 3, EVIL
    )
    candidates = (Candidate(EVIL, 0.5, "faq"), Candidate("low", -3.5), Candidate("none"))
    found = Classification(
        candidates[:1], candidates, (EVIL,), (FoundEntity(EVIL, EVIL),), EVIL, EVIL, EVIL, (EVIL,), EVIL
    )
    entities, traits = (EntityResult(EVIL, (EVIL,), EVIL, True),), (TraitResult(EVIL, True),)
    return CaseResult(0, case, found, "TP", True, entities, traits, (EVIL,), warnings=(EVIL,))


def evil_step() -> Any:
    spoken = step(EVIL, EVIL, "other", case=EVIL, values={EVIL: [EVIL, None, 1.5]}, tolerated=True)
    return replace(
        spoken, evidence=Exchange(EVIL, ""), warnings=(EVIL,), step=replace(spoken.step, trigger=EVIL)
    )


def repeated() -> ReportedRun:
    flaky = CaseSum("x", 0, 1, 2, 3, "any", (1.0, 2.0), 1)
    return conversation(
        repeats=3,
        pass_rule=2,
        fail_fast=True,
        selection=Selection(("a*",), ("t",), True, Shard(1, 2)),
        repeated=Repeated(Counts(1, 2, 3, 4), (flaky,), 1),
        judged_from="ctr-1",
    )


REPORTS = {
    "nothing": (),
    "batch": (batch(),),
    "batch without results": (batch([]),),
    "batch in error": (batch([replace(batch_results()[3], index=0)], status=RunStatus.ERROR),),
    "batch with everything": (batch([everything()], thresholds={EVIL: EVIL}, notes=EVIL, engine="dgpt"),),
    "batch running": (batch(status=RunStatus.RUNNING, counts=None, tally=None, total=9, ended_on=None),),
    "batch not begun": (batch([], status=RunStatus.RUNNING, counts=None, started_on=None, ended_on=None),),
    "conversation": (conversation(),),
    "conversation with everything": (conversation([evil_step()], suite_name=EVIL, notes=EVIL),),
    "conversation running": (conversation(conversation_results()[:2], counts=None, total=9),),
    "repeated": (repeated(),),
    **{
        f"{kind.__name__} {status.value}": (kind(status=status, error_details=EVIL),)
        for kind in (batch, conversation)
        for status in RunStatus
    },
    "several": (conversation(), batch(), conversation([])),
}


def test_the_committed_schema_is_what_the_types_say() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text()


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", REPORTS)
def test_reports_keep_to_the_schema(name: str) -> None:
    errors = [f"{error.json_path}: {error.message}" for error in VALID.iter_errors(parsed(*REPORTS[name]))]
    assert not errors


def objects(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Where objects are whose keys we promise, not those whose keys are a bot's or a suite's; of a list the
    first."""
    if isinstance(value, dict):
        below = [one for key, inner in value.items() for one in objects(inner, (*path, key))]
        return below if path[-1:] in (("values",), ("thresholds",)) else [path, *below]
    if isinstance(value, list):
        return [one for key, inner in enumerate(value[:1]) for one in objects(inner, (*path, key))]
    return []


@pytest.mark.parametrize(
    "name", ["batch", "batch with everything", "conversation with everything", "repeated"]
)
def test_no_object_holds_a_key_that_is_not_promised(name: str) -> None:
    document = parsed(*REPORTS[name])
    places = objects(document)
    assert len(places) > 5
    for path in places:
        at = document
        for key in path:
            at = at[key]
        at["surprise"] = 1
        assert not VALID.is_valid(document), path
        del at["surprise"]
    assert VALID.is_valid(document)


def test_every_promised_key_is_written_by_some_report() -> None:
    """A key that no report ever holds would be a promise without a keeper."""
    written: set[str] = set()

    def gather(value: Any) -> None:
        if isinstance(value, dict):
            written.update(value)
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            gather(inner)

    for runs in REPORTS.values():
        gather(parsed(*runs))
    promised = {key for one in SCHEMA["$defs"].values() for key in one.get("properties", ())}
    assert promised - written == {"extra"}  # of a trait beside the expected ones


def test_results_and_figures_fit_the_kind_of_the_run() -> None:
    talk, heard = parsed(conversation(), batch())["runs"]
    for left, right in ((talk, heard), (heard, talk)):
        for key in ("results", "metrics", "intents"):
            assert not VALID.is_valid(
                {"format": "vivavoce-report", "version": 1, "runs": [left | {key: right[key]}]}
            )
    del heard["evaluation"]
    assert not VALID.is_valid({"format": "vivavoce-report", "version": 1, "runs": [heard]})


def test_the_evaluation_is_the_run_s() -> None:
    (run,) = parsed(batch())["runs"]
    figures = run["evaluation"]
    assert {key: figures["tally"][key] for key in ("TP", "TN", "FP", "FN", "errors")} == {
        key: run["metrics"][key] for key in ("TP", "TN", "FP", "FN", "errors")
    }
    verdicts = [verdict_of(one).value for one in batch_results()]
    assert figures["passed"]["hits"] == verdicts.count("passed") and figures["passed"]["of"] == 4
    assert figures["accuracy"]["interval"] == pytest.approx([0.1500, 0.8500], abs=1e-4)  # Wilson, 2 of 4
    lost = [(cell["expected"], cell["matched"], cell["count"]) for cell in figures["confusions"]]
    assert ("Balance", "Transfer", 1) in lost
    assert figures["tally"]["matchedEntities"] == 1 and figures["tally"]["failedEntities"] == 1


def test_no_intent_is_null_on_either_side_of_a_confusion() -> None:
    pay = Candidate("Pay", 0.5)
    results = [
        CaseResult(0, BatchCase("hm"), Classification((pay,), (pay,)), "FP"),
        CaseResult(1, BatchCase("pay", ("Pay",)), Classification(), "FN"),
    ]
    (run,) = parsed(batch(results))["runs"]
    cells = {(cell["expected"], cell["matched"]) for cell in run["evaluation"]["confusions"]}
    assert cells == {(None, "Pay"), ("Pay", None)}


def test_undefined_figures_are_null() -> None:
    (run,) = parsed(batch([]))["runs"]
    figures = run["evaluation"]
    for rate in ("passed", "accuracy", "precision", "recall"):
        assert figures[rate] == {"hits": 0, "of": 0, "value": None, "interval": None}
    assert figures["f1"] is None
    assert figures["averages"]["macro"] == {"precision": None, "recall": None, "f1": None}
    assert figures["outOfScope"]["rejected"]["value"] is None
