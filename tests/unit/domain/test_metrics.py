"""Figures: tallies, precision, recall, F1, per-intent rows, verdict counts, a run's verdict."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivavoce.domain.batch.scoring import case_in_error, score_case
from vivavoce.domain.batch.utterance import (
    BatchCase,
    Candidate,
    CaseResult,
    Classification,
    EntityExpectation,
    FoundEntity,
)
from vivavoce.domain.judging import judge_step, step_in_error, step_not_executed
from vivavoce.domain.metrics import (
    accuracy,
    counts_of,
    f1,
    pass_rate,
    precision,
    recall,
    run_verdict,
    tally_of,
)
from vivavoce.domain.output import Output, Reply
from vivavoce.domain.run import Counts, RunStatus, Tally
from vivavoce.domain.suite import Step


def case(expected: tuple[str, ...], *winning: str) -> CaseResult:
    won = tuple(map(Candidate, winning))
    return score_case(0, BatchCase("x", intents=expected), Classification(winning=won), 1.0)


@pytest.mark.parametrize(
    ("tally", "figures"),
    [
        (Tally(), (None, None, None, None)),
        (Tally(tn=3), (None, None, None, 1.0)),
        (Tally(tp=3, fp=1, fn=2), (0.75, 0.6, 2 / 3, 0.5)),
        (Tally(fp=1), (0.0, None, 0.0, 0.0)),
        (Tally(fn=1), (None, 0.0, 0.0, 0.0)),
        (Tally(tp=1, tn=1, failed_utterances=8), (1.0, 1.0, 1.0, 1.0)),
    ],
)
def test_figures(tally: Tally, figures: tuple[float | None, ...]) -> None:
    assert (precision(tally), recall(tally), f1(tally), accuracy(tally)) == pytest.approx(figures)


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_f1_is_the_harmonic_mean(tp: int, fp: int, fn: int) -> None:
    tally = Tally(tp=tp, fp=fp, fn=fn)
    p, r, score = precision(tally), recall(tally), f1(tally)
    assert p is not None
    assert r is not None
    assert score is not None
    assert math.isclose(score, 2 * p * r / (p + r))


def test_pass_rate_is_passed_of_judged() -> None:
    assert pass_rate(Counts(passed=3, failed=1, error=5, not_executed=7)) == 0.75
    assert pass_rate(Counts(error=5)) is None


def test_a_tally_adds_up() -> None:
    with_entities = score_case(
        0,
        BatchCase(
            "x",
            intents=("A",),
            entities=(EntityExpectation("a", ("1",)), EntityExpectation("b", ("2",))),
        ),
        Classification(winning=(Candidate("A"),), entities=(FoundEntity("a", "1"),)),
        1.0,
    )
    traits = BatchCase("x", traits=("T", "U"))
    broken = BatchCase("x", intents=("A",), traits=("T",), entities=(EntityExpectation("a", ("1",)),))
    results = [
        with_entities,
        case(("A",), "A"),
        case((), "A"),
        case(("A",)),
        case(()),
        score_case(0, traits, Classification(traits=("T", "U", "V")), 1.0),
        score_case(0, traits, Classification(traits=("T",)), 1.0),
        case_in_error(0, broken, "no answer"),
        CaseResult(0, broken),  # not executed
    ]
    assert tally_of(iter(results)) == Tally(
        tp=3,
        tn=1,
        fp=1,
        fn=2,
        trait_success=1,
        trait_failure=1,
        total_entities=2,
        matched_entities=1,
        total_traits=4,
        matched_traits=3,
        failed_utterances=1,
        failed_entities=1,
    )


LABELS = st.sampled_from(["a", "b", "c", "d", "none"])


@given(st.lists(st.tuples(LABELS, LABELS), max_size=40))
def test_precision_and_recall_follow_the_contract(pairs: list[tuple[str, str]]) -> None:
    results = [case((expected,), matched) for expected, matched in pairs]
    tp = sum(e == m != "none" for e, m in pairs)
    matched_any = sum(m != "none" for _, m in pairs)
    missed = sum(e != "none" and m == "none" for e, m in pairs)
    tally = tally_of(results)
    assert precision(tally) == (tp / matched_any if matched_any else None)
    assert recall(tally) == (tp / (tp + missed) if tp + missed else None)
    assert tally.tp + tally.tn + tally.fp + tally.fn == len(pairs)


def test_steps_are_counted_by_verdict() -> None:
    step = Step("hi")
    results = [
        judge_step(0, "c", step, Reply(), frozenset(), 1.0),
        judge_step(1, "c", step, Reply((Output("x"),)), frozenset(), 1.0),
        step_in_error(2, "c", step, "no answer"),
        step_not_executed(3, "c", step, "the session ended"),
        step_not_executed(4, "c", step, "the session ended"),
    ]
    assert counts_of(iter(results)) == Counts(passed=1, failed=1, error=1, not_executed=2)


def test_cases_are_counted_by_verdict() -> None:
    lacking = score_case(
        0,
        BatchCase("x", intents=("A",), entities=(EntityExpectation("a", ("1",)),)),
        Classification(winning=(Candidate("A"),)),
        1.0,
    )
    results = [
        case(("A",), "A"),
        case(()),
        case(("A",)),
        lacking,
        case_in_error(0, BatchCase("x"), "no answer"),
        CaseResult(0, BatchCase("x")),
    ]
    assert counts_of(results) == Counts(passed=2, failed=2, error=1, not_executed=1)


@pytest.mark.parametrize(
    ("counts", "status"),
    [
        (Counts(passed=3), RunStatus.PASSED),
        (Counts(), RunStatus.PASSED),
        (Counts(passed=3, failed=1), RunStatus.FAILED),
        (Counts(passed=3, failed=1, error=9, not_executed=9), RunStatus.FAILED),
        (Counts(passed=3, error=1), RunStatus.ERROR),
        (Counts(error=1, not_executed=4), RunStatus.ERROR),
        (Counts(passed=3, not_executed=1), RunStatus.ERROR),
    ],
)
def test_the_verdict_of_a_run(counts: Counts, status: RunStatus) -> None:
    assert run_verdict(counts) is status
