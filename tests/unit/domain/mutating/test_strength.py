"""How strong a suite is: which changes its assertions notice."""

from datetime import date

import pytest

from vivavoce.domain.assertions.judge import MeetsCriterion
from vivavoce.domain.assertions.starts_with import StartsWith
from vivavoce.domain.mutating import JudgedCase, Terms, score, suite_strength
from vivavoce.domain.output import Output, Reply
from vivavoce.domain.suite import Assertions, ExpectedOutput, Step, TextAssertion, TextEntry
from vivavoce.domain.verdict import StepResult, Verdict

TERMS = Terms(frozenset(), date(2026, 1, 1))
TEXT = "Your card is blocked. A new one takes 5 days."
EXACT = Step("hi", (ExpectedOutput(TEXT, Assertions(TextAssertion(contains=(TextEntry(TEXT),)))),))
FREE = Step("hi", arrangement="among")


def case(step: Step, *, verdict: Verdict = Verdict.PASSED, threshold: float | None = None) -> JudgedCase:
    reply = Reply((Output(TEXT),))
    results = [StepResult(index, "case", step, verdict, reply) for index in range(1)]
    return JudgedCase(results, threshold)


def test_an_exact_text_notices_every_change() -> None:
    (step,) = suite_strength([case(EXACT)], TERMS, seed=0)
    assert (step.noticed, step.survivors) == (step.tried, ())
    assert step.tried >= 5  # a number, two sentences, a negation, the output itself


def test_a_step_that_asserts_nothing_notices_nothing() -> None:
    (step,) = suite_strength([case(FREE)], TERMS, seed=0)
    assert step.noticed == 0
    assert score([step]) == 0


def test_survivors_are_the_changes_that_slip_past() -> None:
    starts = Step("hi", arrangement="among", assertions=(StartsWith(texts=("Your card",)),))
    (step,) = suite_strength([case(starts)], TERMS, seed=0)
    kinds = {survivor.kind for survivor in step.survivors}
    assert {"number", "negation"} <= kinds
    assert "dropped" not in kinds
    assert 0 < (score([step]) or 0) < 1


def test_nobody_is_asked_and_what_must_be_asked_notices_nothing() -> None:
    asks = Step("hi", arrangement="among", assertions=(MeetsCriterion(criterion="it is polite"),))
    (step,) = suite_strength([case(asks, verdict=Verdict.ERROR)], TERMS, seed=0)
    assert step.noticed == 1  # silence, of which no model need be asked
    assert {one.kind for one in step.survivors} == {"number", "sentence", "negation"}


@pytest.mark.parametrize(("threshold", "noticed"), [(0.5, 0), (1.0, 1)])
def test_a_change_that_a_threshold_bears_is_not_noticed(threshold: float, noticed: int) -> None:
    ends = StartsWith(texts=("Your",), weight=3)
    step = Step("hi", EXACT.outputs, assertions=(ends,))
    (found,) = suite_strength([case(step, threshold=threshold)], TERMS, seed=0)
    numbers = [one for one in found.survivors if one.kind == "number"]
    assert len(numbers) == 1 - noticed


def test_only_steps_that_passed_are_measured() -> None:
    assert suite_strength([case(EXACT, verdict=Verdict.FAILED)], TERMS, seed=0) == []
    assert score([]) is None
