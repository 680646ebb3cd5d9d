"""Adds up a run that plays each case several times, when it ends."""

from collections.abc import Iterator, Sequence
from heapq import merge
from operator import attrgetter
from typing import cast

from msgspec.structs import replace

from vivavoce.domain.repeats import case_sums, count_cases
from vivavoce.domain.run import CaseSum, Repeated, Run
from vivavoce.domain.suite import PassRule, TestCase
from vivavoce.domain.verdict import StepResult
from vivavoce.engine.ports.runs import RunStore
from vivavoce.engine.ports.store import Store
from vivavoce.engine.ports.units import BEFORE_ALL, FinishedUnit

MOST_FLAKY = 100  # kept with the run

_in_order = attrgetter("unit", "repeat", "index")


def add_up_repeats(store: Store, run: Run, broken_off: Sequence[FinishedUnit]) -> Repeated:
    """Streams through the results: those that are kept, and what the run's end broke off. Blocking."""
    rules = _own_rules(store, run)
    left = [result for unit in broken_off for result in cast(tuple[StepResult, ...], unit.results)]
    results = merge(store.runs.step_results(run.id), sorted(left, key=_in_order), key=_in_order)
    unplayed = pending_units(store.runs, run)
    flaky: list[CaseSum] = []
    flaky_count = 0

    def seen() -> Iterator[CaseSum]:
        nonlocal flaky_count
        for case in case_sums(results, run.repeats, run.pass_rule, rules):
            unplayed.discard(case.unit)
            if case.flaky:
                flaky_count += 1
                if len(flaky) < MOST_FLAKY:
                    flaky.append(case)
            yield case

    counts = count_cases(seen())
    return Repeated(
        cases=replace(counts, not_executed=counts.not_executed + len(unplayed)),
        flaky=tuple(flaky),
        flaky_count=flaky_count,
        own_rules=rules,
    )


def _own_rules(store: Store, run: Run) -> dict[int, PassRule]:
    """By unit, the rules of cases that name one."""
    rules: dict[int, PassRule] = {}
    for unit in store.suites.units(run.suite_id, run.revision):
        case = cast(TestCase, unit.cases[0])
        if case.pass_rule is not None:
            rules[unit.index] = case.pass_rule
    return rules


def pending_units(runs: RunStore, run: Run) -> set[int]:
    """Units one of whose repeats has no committed results. Blocking."""
    found: set[int] = set()
    after = BEFORE_ALL
    while page := runs.pending_units(run.id, after=after):
        found.update(place.unit for place in page)
        after = page[-1]
    return found
