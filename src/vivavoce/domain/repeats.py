"""Cases over all their repeats: whether they meet their pass rule, and whether they are flaky."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from statistics import median

import msgspec

from vivavoce.domain.run import CaseSum, Counts, Run
from vivavoce.domain.suite import PassRule
from vivavoce.domain.verdict import StepResult, Verdict


def needed(rule: PassRule, repeats: int) -> int:
    """How many of the repeats must pass; a number above them wants them all."""
    if rule == "all":
        return repeats
    return 1 if rule == "any" else min(rule, repeats)


def one_verdict(steps: Iterable[StepResult]) -> Verdict:
    """How a conversation came out once: failed before error before not executed."""
    verdicts = {step.verdict for step in steps}
    worst = (Verdict.FAILED, Verdict.ERROR, Verdict.NOT_EXECUTED)
    return next((verdict for verdict in worst if verdict in verdicts), Verdict.PASSED)


def verdict_of_case(case: CaseSum) -> Verdict:
    """Passed or failed as soon as no repeat could change it; else in error, or not executed at all."""
    missing = needed(case.rule, case.repeats) - case.passed
    undecided = case.repeats - case.played
    if missing <= 0:
        return Verdict.PASSED
    if missing > undecided:
        return Verdict.FAILED
    return Verdict.ERROR if case.errors else Verdict.NOT_EXECUTED


def repeats_of(steps: Iterable[StepResult]) -> Iterator[list[StepResult]]:
    """The steps of a case's results in order, a repeat at a time."""
    for _, its_steps in groupby(steps, key=lambda step: step.repeat):
        yield list(its_steps)


def case_sum(repeats: Sequence[Sequence[StepResult]], planned: int, rule: PassRule) -> CaseSum:
    """A case's repeats added up, of which `planned` were to be played."""
    verdicts = [one_verdict(steps) for steps in repeats]
    judged = (Verdict.PASSED, Verdict.FAILED)
    return CaseSum(
        name=repeats[0][0].case,
        unit=repeats[0][0].unit,
        passed=verdicts.count(Verdict.PASSED),
        played=sum(verdict in judged for verdict in verdicts),
        errors=verdicts.count(Verdict.ERROR),
        repeats=planned,
        rule=rule,
        durations_ms=tuple(
            sum(step.duration_ms for step in steps)
            for steps, verdict in zip(repeats, verdicts, strict=True)
            if verdict in judged
        ),
    )


def case_sums(
    results: Iterable[StepResult], repeats: int, rule: PassRule, own_rules: Mapping[int, PassRule]
) -> Iterator[CaseSum]:
    """Every case that has results; these come in order of (unit, repeat, index)."""
    for unit, steps in groupby(results, key=lambda step: step.unit):
        yield case_sum(list(repeats_of(steps)), repeats, own_rules.get(unit, rule))


def rule_of(run: Run, unit: int) -> PassRule:
    """The pass rule that holds for a case of a run; before the run's end, the run's."""
    own = run.repeated.own_rules if run.repeated else {}
    return own.get(unit, run.pass_rule)


class Spread(msgspec.Struct, frozen=True):
    """How long the repeats of a case took, in milliseconds."""

    shortest: float
    median: float
    longest: float


def spread(case: CaseSum) -> Spread:
    """Of a case that was judged at least once."""
    return Spread(min(case.durations_ms), median(case.durations_ms), max(case.durations_ms))


def rule_in_words(case: CaseSum) -> str:
    """`all must`, `one must`, `2 must`."""
    wanted = needed(case.rule, case.repeats)
    return "all must" if wanted == case.repeats else f"{'one' if wanted == 1 else wanted} must"


def variance(case: CaseSum) -> str:
    """A case that was judged at least once, in words: `2 of 3 repeats passed (all must); 110 to 250 ms,
    median 120 ms`."""
    took = spread(case)
    error = f", {case.errors} in error" if case.errors else ""
    return (
        f"{case.passed} of {case.repeats} repeats passed{error} ({rule_in_words(case)}); "
        f"{took.shortest:.0f} to {took.longest:.0f} ms, median {took.median:.0f} ms"
    )


def count_cases(cases: Iterable[CaseSum]) -> Counts:
    """Cases by whether they met their rule."""
    found = dict.fromkeys(Verdict, 0)
    for case in cases:
        found[verdict_of_case(case)] += 1
    return Counts(
        passed=found[Verdict.PASSED],
        failed=found[Verdict.FAILED],
        error=found[Verdict.ERROR],
        not_executed=found[Verdict.NOT_EXECUTED],
    )
