"""Finds the units of a kept suite that a run was asked to play."""

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby

from vivavoce.domain.catalog import Suite
from vivavoce.domain.repeats import case_sums, one_verdict, verdict_of_case
from vivavoce.domain.run import Run, Selection
from vivavoce.domain.selecting import Listed, choose, listed
from vivavoce.domain.suite import TestCase
from vivavoce.domain.verdict import Verdict
from vivavoce.engine.ports.runs import RunStore
from vivavoce.engine.ports.store import Store
from vivavoce.engine.repeating import pending_units

ALL_CASES = Selection()
_LOOKED_AT = 20  # runs in one page


def chosen_units(store: Store, suite: Suite, selection: Selection) -> list[int] | None:
    """The units of a kept suite, None: all of them. Blocking. Raises NothingChosen."""
    if selection == ALL_CASES:
        return None
    cases = _cases(store, suite.id, suite.revision)
    return chosen_cases(store, cases, suite.head.tags, selection, suite)


def chosen_cases(
    store: Store,
    cases: Iterable[TestCase],
    suite_tags: Collection[str],
    selection: Selection,
    suite: Suite | None,
) -> list[int] | None:
    """The same of cases that are not kept yet; `suite` is how they were kept before, if ever. Blocking."""
    if selection == ALL_CASES:
        return None
    return choose(
        _listed(cases),
        selection,
        suite_tags=suite_tags,
        last_failed=_last_failed(store, suite) if selection.last_failed and suite else frozenset(),
    )


def _cases(store: Store, suite_id: str, revision: int) -> Iterator[TestCase]:
    for unit in store.suites.units(suite_id, revision):
        case = unit.cases[0]
        assert isinstance(case, TestCase), "cases are chosen of conversation suites"
        yield case


def _listed(cases: Iterable[TestCase]) -> Iterator[Listed]:
    """A conversation is a unit."""
    return listed((unit, case.name, case.tags) for unit, case in enumerate(cases))


def _last_failed(store: Store, suite: Suite) -> frozenset[tuple[str, int]]:
    """(name, occurrence) of the cases that did not pass in the suite's last ended run: failed, in error, or
    planned and not executed. The suite may have another revision by now, so units do not tell."""
    run = _last_ended(store.runs, suite.id)
    if run is None:
        return frozenset()
    units = _not_passed(store.runs, run)
    return frozenset(
        (case.name, case.occurrence)
        for case in _listed(_cases(store, run.suite_id, run.revision))
        if case.unit in units
    )


def _last_ended(runs: RunStore, suite_id: str) -> Run | None:
    skip = 0
    while True:
        page = runs.page(suite_id, skip=skip, limit=_LOOKED_AT)
        for run in page.items:
            if run.status.ended:
                return run
        if not page.more:
            return None
        skip += _LOOKED_AT


def _not_passed(runs: RunStore, run: Run) -> set[int]:
    results = runs.step_results(run.id)
    if run.repeats > 1:
        rules = run.repeated.own_rules if run.repeated else {}
        cases = case_sums(results, run.repeats, run.pass_rule, rules)
        sums = {case.unit: verdict_of_case(case) for case in cases}
    else:
        sums = {unit: one_verdict(steps) for unit, steps in groupby(results, key=lambda step: step.unit)}
    played = {unit for unit, verdict in sums.items() if verdict is not Verdict.PASSED}
    return played | (pending_units(runs, run) - sums.keys())
