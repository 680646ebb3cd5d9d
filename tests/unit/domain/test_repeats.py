"""Cases over their repeats: rules, verdicts, flakiness, spread."""

from itertools import product

import pytest

from vivavoce.domain.repeats import (
    case_sum,
    case_sums,
    count_cases,
    needed,
    spread,
    variance,
    verdict_of_case,
)
from vivavoce.domain.run import CaseSum, Counts
from vivavoce.domain.suite import PassRule, Step
from vivavoce.domain.verdict import StepResult, Verdict

P, F, E, N = Verdict.PASSED, Verdict.FAILED, Verdict.ERROR, Verdict.NOT_EXECUTED
RULES: list[PassRule] = ["all", "any", 1, 2, 3]


def step(verdict: Verdict, repeat: int = 0, *, unit: int = 0, index: int = 0, ms: float = 1) -> StepResult:
    return StepResult(
        index=index, case="case", step=Step("hi"), verdict=verdict, unit=unit, repeat=repeat, duration_ms=ms
    )


def added(*verdicts: Verdict, rule: PassRule = "all", planned: int = 0) -> CaseSum:
    repeats = [[step(verdict, repeat)] for repeat, verdict in enumerate(verdicts)]
    return case_sum(repeats, planned or len(verdicts), rule)


@pytest.mark.parametrize(
    ("verdicts", "rule", "verdict"),
    [
        ((P, P, P), "all", P),
        ((P, F, P), "all", F),
        ((P, E, P), "all", E),
        ((F, E, P), "all", F),
        ((F, F, P), "any", P),
        ((F, F, F), "any", F),
        ((F, F, E), "any", E),
        ((P, E, E), "any", P),
        ((P, P, F), 2, P),
        ((P, F, F), 2, F),
        ((P, F, E), 2, E),
        ((P, E, P), 2, P),
        ((P, N, P), "all", N),
        ((P, N, E), "all", E),
        ((P, P, P), 7, P),
        ((P, P, F), 7, F),
    ],
)
def test_a_case_meets_its_rule_or_not(
    verdicts: tuple[Verdict, ...], rule: PassRule, verdict: Verdict
) -> None:
    assert verdict_of_case(added(*verdicts, rule=rule)) is verdict


def test_a_decision_never_depends_on_what_is_unknown() -> None:
    """A case is decided exactly where every way its undecided repeats may come out agrees."""
    for verdicts, rule in product(product((P, F, E), repeat=3), RULES):
        holes = [i for i, verdict in enumerate(verdicts) if verdict is E]
        ways = set()
        for filled in product((P, F), repeat=len(holes)):
            way = list(verdicts)
            for hole, verdict in zip(holes, filled, strict=True):
                way[hole] = verdict
            ways.add(P if way.count(P) >= needed(rule, 3) else F)
        assert verdict_of_case(added(*verdicts, rule=rule)) is (ways.pop() if len(ways) == 1 else E)


def test_repeats_that_were_never_played_leave_a_case_undecided() -> None:
    assert verdict_of_case(added(P, planned=3)) is N
    assert verdict_of_case(added(F, planned=3)) is F
    assert verdict_of_case(added(P, planned=3, rule="any")) is P


def test_only_repeats_that_disagree_are_flaky() -> None:
    flaky = {verdicts: added(*verdicts).flaky for verdicts in product((P, F, E), repeat=2)}
    assert {verdicts for verdicts, is_flaky in flaky.items() if is_flaky} == {(P, F), (F, P)}


def test_a_stream_of_results_is_added_up_by_case() -> None:
    results = [
        step(verdict, repeat, unit=unit, index=2 * unit + position, ms=10 * (repeat + 1))
        for unit, repeats in ((0, (P, F)), (4, (F, F)), (5, (E, P)))
        for repeat, verdict in enumerate(repeats)
        for position in range(2)
    ]
    sums = list(case_sums(results, 2, "all", {5: "any"}))
    assert [(one.unit, one.passed, one.played, one.errors, one.rule) for one in sums] == [
        (0, 1, 2, 0, "all"),
        (4, 0, 2, 0, "all"),
        (5, 1, 1, 1, "any"),
    ]
    assert [one.durations_ms for one in sums] == [(20, 40), (20, 40), (40,)]
    assert count_cases(sums) == Counts(passed=1, failed=2)


def test_variance_is_told_in_words() -> None:
    case = CaseSum("c", 0, 2, 3, 4, errors=1, rule=2, durations_ms=(300.0, 100.0, 120.0))
    took = spread(case)
    assert (took.shortest, took.median, took.longest) == (100, 120, 300)
    assert variance(case) == "2 of 4 repeats passed, 1 in error (2 must); 100 to 300 ms, median 120 ms"
