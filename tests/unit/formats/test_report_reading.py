"""A JSON report that is read back is judged and counted as the run it was written from."""

import json

import pytest
from msgspec.structs import replace
from tests.unit.formats.report_values import batch, conversation

from vivavoce.domain.errors import Malformed
from vivavoce.domain.metrics import counts_of, verdict_of
from vivavoce.domain.utterance import CaseResult
from vivavoce.domain.verdict import Exchange, StepResult, Verdict
from vivavoce.formats.reports import ReportedRun
from vivavoce.formats.reports.json_report import json_report
from vivavoce.formats.reports.reading import read_json_report


def again(reported: ReportedRun) -> ReportedRun:
    [read] = read_json_report("".join(json_report([reported])).encode("utf-8", "replace"))
    return read


@pytest.mark.parametrize("kind", [conversation, batch])
def test_runs_and_verdicts_come_back(kind) -> None:
    written = kind()
    read = again(written)
    for name in ("id", "kind", "suite_name", "revision", "status", "counts", "error_details", "total"):
        assert getattr(read.run, name) == getattr(written.run, name)
    assert [verdict_of(one) for one in read.results()] == [verdict_of(one) for one in written.results()]
    assert counts_of(read.results()) == written.run.counts
    assert list(read.results()) == list(read.results())  # as often as wanted


def test_steps_tell_what_they_told() -> None:
    written, read = list(conversation().steps()), list(again(conversation()).steps())
    for before, after in zip(written, read, strict=True):
        assert isinstance(after, StepResult)
        assert (after.index, after.case, after.unit, after.step.input) == (
            before.index,
            before.case,
            before.unit,
            before.step.input,
        )
        if before.verdict is not Verdict.PASSED:
            assert after.reasons == before.reasons and after.reasons


def test_evidence_is_read_back() -> None:
    shown = Exchange("POST /chat", "500 Internal Server Error")
    steps = [replace(step, evidence=shown) for step in conversation().steps()]
    (read, *_) = again(ReportedRun(conversation().run, lambda: steps)).steps()
    assert read.evidence == shown


def test_utterances_tell_what_they_told() -> None:
    written, read = list(batch().cases()), list(again(batch()).cases())
    for before, after in zip(written, read, strict=True):
        assert isinstance(after, CaseResult)
        assert (after.outcome, after.case.intents, bool(after.error)) == (
            before.outcome,
            before.case.intents,
            bool(before.error),
        )
    tally, known = again(batch()).run.tally, batch().run.tally
    assert tally is not None and known is not None
    assert (tally.tp, tally.tn, tally.fp, tally.fn) == (known.tp, known.tn, known.fp, known.fn)


def test_what_a_newer_server_says_besides_is_left_alone() -> None:
    document = json.loads("".join(json_report([conversation()])).encode("utf-8", "replace"))
    document["new"] = document["runs"][0]["new"] = document["runs"][0]["results"][0]["new"] = 1
    [read] = read_json_report(json.dumps(document).encode())
    assert read.run.id == document["runs"][0]["id"]


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b'{"format":"other","version":1,"runs":[]}'])
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed, match="not a JSON report"):
        read_json_report(data)
