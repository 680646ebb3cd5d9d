"""A case's threshold: what counts, what is tolerated, and what never is."""

import pytest

from vivavoce.domain.assertions.base import Finding
from vivavoce.domain.assertions.starts_with import StartsWith
from vivavoce.domain.check import Check
from vivavoce.domain.output import Reply
from vivavoce.domain.suite import Assertions, ExpectedOutput, Step
from vivavoce.domain.verdict import Exchange, OutputResult, StepResult, Verdict
from vivavoce.domain.weighing import score_of, weigh

P, F, E, N = Verdict.PASSED, Verdict.FAILED, Verdict.ERROR, Verdict.NOT_EXECUTED
HELD, WRONG = Check(True), Check(False, reasons=("wrong text",))


def result(verdict: Verdict, *, text: Check | None = None, findings: tuple[Finding, ...] = ()) -> StepResult:
    outputs = () if text is None else (OutputResult(text=text),)
    return StepResult(
        0, "case", Step("hi"), verdict, Reply(), outputs, findings=findings, evidence=Exchange("a", "b")
    )


def test_a_case_without_threshold_stays_as_it_is() -> None:
    results = (result(F, text=WRONG),)
    assert weigh(None, results) == results


def test_a_met_threshold_tolerates_what_failed_and_keeps_why() -> None:
    passed, tolerated = weigh(0.5, (result(P, text=HELD), result(F, text=WRONG)))
    assert passed.verdict is P and not passed.tolerated
    assert tolerated.verdict is P and tolerated.tolerated
    assert tolerated.warnings == ("tolerated: output 1: wrong text",)
    assert tolerated.reasons == () and tolerated.evidence is None


def test_a_missed_threshold_tells_the_score() -> None:
    passed, failed = weigh(0.6, (result(P, text=HELD), result(F, text=WRONG)))
    assert failed.verdict is F and failed.evidence is not None
    assert failed.reasons == (
        "output 1: wrong text",
        "the case reached 0.50 of its weights, its threshold is 0.60",
    )
    assert passed.findings == ()


def finding(weight: float, passed: bool | None, *, soft: bool = False) -> Finding:
    return Finding("regex", passed, "why", weight=weight, soft=soft)


@pytest.mark.parametrize(
    ("findings", "score"),
    [
        ((finding(3, True), finding(1, False)), 0.75),
        ((finding(1, True), finding(1, False, soft=True)), 1.0),
        ((finding(1, True), finding(1, None)), 0.5),  # nobody knows
        ((), 1.0),
    ],
)
def test_own_assertions_count_by_their_weight(findings: tuple[Finding, ...], score: float) -> None:
    assert score_of((result(F, findings=findings),)) == score


@pytest.mark.parametrize(
    "output", [OutputResult(missing=True, text=WRONG, flow=WRONG), OutputResult(extra=True)]
)
def test_an_output_that_is_missing_or_too_much_counts_once(output: OutputResult) -> None:
    judged = StepResult(0, "case", Step("hi"), F, Reply(), (output, OutputResult(text=HELD)))
    assert score_of((judged,)) == 0.5


def test_what_was_not_judged_counts_as_not_reached_and_is_never_tolerated() -> None:
    expected = Step("bye", (ExpectedOutput("Bye", Assertions()),))
    error = StepResult(1, "case", expected, E, error="no answer")
    left = StepResult(2, "case", expected, N, error="broke off")
    results = (result(P, text=HELD), result(F, text=WRONG), error, left)
    assert score_of(results) == 0.25
    assert [one.verdict for one in weigh(0.25, results)] == [P, P, E, N]
    assert [one.verdict for one in weigh(0.3, results)] == [P, F, E, N]


def test_rounding_misses_no_threshold() -> None:
    findings = (finding(0.1, True), finding(0.2, True), finding(0.7, False))
    assert weigh(0.3, (result(F, findings=findings),))[0].tolerated


def test_what_is_missing_counts_with_all_its_weight() -> None:
    heavy = StartsWith(texts=("c",), weight=50)
    step = Step("hi", (ExpectedOutput("a", Assertions()), ExpectedOutput("c", Assertions(), also=(heavy,))))
    outputs = (OutputResult(text=HELD), OutputResult(missing=True, text=WRONG))
    judged = StepResult(0, "case", step, F, Reply(), outputs)
    assert score_of((judged,)) == 1 / 52
    assert weigh(0.5, (judged,))[0].verdict is F


def test_a_tolerated_failure_hides_nothing_undecided() -> None:
    unsure = Finding("judge", None, "nobody judged", inconclusive=True)
    findings = (finding(1, True), finding(1, False), unsure)
    (judged,) = weigh(0.3, (result(F, findings=findings),))
    assert judged.verdict is E and judged.error == "nobody judged" and not judged.tolerated
    assert judged.evidence is not None and "tolerated: why" in judged.warnings


def test_a_failure_that_kept_steps_from_being_played_is_not_tolerated() -> None:
    missed = result(F, findings=(finding(9, True), finding(1, False)))
    left = StepResult(1, "case", Step("bye"), N, error="{{z}} has no value")
    assert [one.verdict for one in weigh(0.1, (missed, left))] == [F, N]
