"""A JSON report that is read back is judged and counted as the run it was written from."""

import json
from io import BytesIO

import pytest
from msgspec.structs import replace
from tests.unit.formats.report_values import batch, batch_results, conversation

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
from vivavoce.domain.errors import Malformed
from vivavoce.domain.metrics import counts_of, verdict_of
from vivavoce.domain.verdict import Exchange, StepResult, Verdict
from vivavoce.formats.reports.json_report import json_report
from vivavoce.formats.reports.reading import open_json_report, read_json_report
from vivavoce.formats.reports.reported import ReportedRun


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


def opened(data: bytes) -> list[ReportedRun]:
    return open_json_report(lambda: BytesIO(data))


def text_of(*runs: ReportedRun) -> bytes:
    return "".join(json_report(runs)).encode("utf-8", "replace")


def test_everything_that_a_comparison_needs_comes_back() -> None:
    """The result of a case is read as it was judged, but for what expected entities of a case in error."""
    case = BatchCase(
        "send 5",
        ("Transfer",),
        ("Polite",),
        ("Money",),
        (EntityExpectation("amount", ("5",)),),
        ("amount",),
        "ambiguous",
        ("Bank",),
        line=7,
        id="c-1",
    )
    found = Classification(
        (Candidate("Transfer", 0.5, "faq"),),
        (Candidate("Transfer", 0.5, "faq"), Candidate("Help", 0.25)),
        ("Polite",),
        (FoundEntity("amount", "5"),),
        "Money",
        "published",
        "low",
        ("Loans",),
        "multi",
    )
    entities, traits = (EntityResult("amount", ("5",), "5", True),), (TraitResult("Polite", True),)
    result = CaseResult(0, case, found, "TP", True, entities, traits, ("amount",), warnings=("w",))
    bare = CaseResult(1, BatchCase("hi"), Classification(), "TN", True, duration_ms=2.5)
    # What is wrong with it is nothing but who answered.
    bot = CaseResult(
        2,
        BatchCase("pay", ("Pay",), bot_names=("Bank",)),
        Classification((Candidate("Pay"),), bot_names=("Shop",)),
        "FP",
    )
    [read] = opened(text_of(batch([result, bare, bot])))
    assert list(read.cases()) == [result, bare, bot]
    assert read.evaluation == batch([result, bare, bot]).evaluation
    assert [(one.expected, one.matched) for one in read.evaluation.confusions] == [("Pay", "Shop || Pay")]


@pytest.mark.parametrize(
    "runs",
    [
        (),
        (batch(),),
        (batch([]),),
        (conversation(), batch([]), batch(), conversation([])),
        (batch([]), conversation()),
    ],
    ids=["none", "batch", "empty", "several", "empty first"],
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_runs_are_read_a_line_at_a_time_as_they_are_read_as_a_whole(
    runs: tuple[ReportedRun, ...], end: bytes
) -> None:
    data = text_of(*runs).replace(b"\n", end)
    streamed, whole = opened(data), read_json_report(data)
    assert [one.run for one in streamed] == [one.run for one in whole]
    assert len(streamed) == len(runs)
    for left, right in zip(streamed, whole, strict=True):
        assert list(left.results()) == list(right.results()) == list(left.results())


def test_a_report_is_never_held_as_a_whole() -> None:
    """Only as many bytes are asked for as the longest line has."""
    played = [replace(batch_results()[0], index=index) for index in range(300)]
    data = text_of(batch(played), batch(played))
    longest = max(map(len, data.splitlines()))
    asked: list[int] = []

    class Watched(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError("read as a whole")

        def readline(self, size: int | None = -1) -> bytes:
            line = super().readline(size)
            asked.append(len(line))
            return line

    first, second = open_json_report(lambda: Watched(data))
    asked.clear()
    results = iter(second.results())
    assert next(iter(results)) == played[0]
    assert len(asked) == 1 and sum(1 for _ in results) == 299
    assert max(asked) <= longest + 1
    assert sum(1 for _ in first.results()) == 300


def test_a_stream_that_cannot_seek_will_do() -> None:
    class Pipe(BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise OSError("this is a pipe")

    data = text_of(conversation(), batch())
    _, read = open_json_report(lambda: Pipe(data))
    assert [one.index for one in read.cases()] == [0, 1, 2, 3, 4]


def test_streams_are_closed() -> None:
    made: list[BytesIO] = []

    def opener() -> BytesIO:
        made.append(BytesIO(text_of(batch())))
        return made[-1]

    [read] = open_json_report(opener)
    list(read.results())
    some = iter(read.results())
    next(some)
    del some
    assert len(made) == 3 and all(stream.closed for stream in made)


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_report_that_was_laid_out_anew_is_read(indent: int | None, mark: bytes) -> None:
    data = text_of(conversation(), batch())
    other = mark + json.dumps(json.loads(data), indent=indent, ensure_ascii=False).encode()
    assert [list(one.results()) for one in opened(other)] == [list(one.results()) for one in opened(data)]


def test_a_line_that_somebody_broke_in_two_is_read() -> None:
    data = text_of(batch())
    other = data.replace(b'"verdict":"failed"', b'"verdict":\n"failed"', 1)
    assert list(opened(other)[0].results()) == list(opened(data)[0].results())


def test_a_result_whose_last_key_ends_as_a_run_does() -> None:
    """A newer writer may put a list last."""
    data = text_of(batch()).replace(b'"durationMs":0.0}', b'"durationMs":0.0,"more":[]}')
    assert data.count(b'"more":[]},\n') == 3
    assert len(list(opened(data)[0].results())) == 5


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b'{"format":"other","version":1,"runs":[]}'])
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed, match="not a JSON report"):
        read_json_report(data)
    with pytest.raises(Malformed, match="not a JSON report"):
        opened(data)


def test_a_later_version_is_told_from_what_is_no_report() -> None:
    data = text_of(batch()).replace(b'"version":1', b'"version":2', 1)
    with pytest.raises(Malformed, match=r"^a JSON report of version 2, not 1 \(write it again") as refused:
        opened(data)
    assert "not a JSON report" not in str(refused.value)


def test_a_wrong_value_is_refused_with_its_line() -> None:
    data = text_of(batch()).replace(b'"outcome":"FN"', b'"outcome":"XX"')
    with pytest.raises(Malformed, match=r"line 7: .*'XX' - at `\$.outcome`"):
        opened(data)
    with pytest.raises(Malformed, match=r"run 1, result 5: .*'XX'"):
        read_json_report(data)
    with pytest.raises(Malformed, match=r"line 2: .*'XX' - at `\$.status`"):
        opened(data.replace(b'"status":"failed"', b'"status":"XX"'))


def test_broken_json_is_refused_with_its_place() -> None:
    with pytest.raises(Malformed, match="line 5, column 1"):
        opened(text_of(batch()).replace(b'\n{"index":2', b'\n}"index":2'))
    with pytest.raises(Malformed, match="ends before it is complete"):
        opened(text_of(batch())[:-30])


def test_a_file_that_changed_meanwhile_is_refused_with_its_line() -> None:
    data = text_of(batch())
    files = iter([data, data.replace(b'"outcome":"FN"', b'"outcome":"XX"')])
    [read] = open_json_report(lambda: BytesIO(next(files)))
    with pytest.raises(Malformed, match=r"line 7: .*'XX'"):
        list(read.results())
