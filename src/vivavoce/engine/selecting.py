"""Finds the units of a kept suite that a run was asked to play."""

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby, islice

from vivavoce.domain.catalog import Suite
from vivavoce.domain.repeats import case_sum, repeats_of, verdict_of_case
from vivavoce.domain.run import Run, Selection
from vivavoce.domain.selecting import Listed, choose, listed
from vivavoce.domain.suite import TestCase
from vivavoce.domain.verdict import Verdict
from vivavoce.engine.ports.runs import RunStore
from vivavoce.engine.ports.store import Store
from vivavoce.engine.repeating import pending_units

ALL_CASES = Selection()
_LOOKED_AT = 20  # runs in one page
_MOST_RUNS = 50  # that are looked at for what did not pass

Key = tuple[str, int]
"""A case by its name, and which of that name it is; a new revision may have it as another unit."""


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


def _last_failed(store: Store, suite: Suite) -> frozenset[Key]:
    """The cases that did not pass when they were last played, or that were planned and never played.

    A run tells only of the cases that it played: runs of chosen cases, and runs that ended early, leave what
    is known of the others. So runs are looked at from the newest on, until every case of the newest is known,
    or a run that played all there were. The suite may have another revision by now, so units do not tell.
    """
    known: dict[Key, bool] = {}
    planned: set[Key] = set()
    missing: set[Key] | None = None
    revision, names = -1, dict[int, Key]()
    for run in islice(_ended(store.runs, suite.id), _MOST_RUNS):
        if run.revision != revision:
            revision, names = run.revision, _names(store, run)
        passed = _passed(store.runs, run)
        for unit, held in passed.items():
            known.setdefault(names[unit], held)
        left = pending_units(store.runs, run) - passed.keys()
        planned.update(names[unit] for unit in left)
        missing = (set(names.values()) if missing is None else missing) - known.keys()
        if not missing or passed.keys() == names.keys():
            break
    return frozenset([*(key for key, held in known.items() if not held), *(planned - known.keys())])


def _ended(runs: RunStore, suite_id: str) -> Iterator[Run]:
    """Newest first."""
    skip = 0
    while True:
        page = runs.page(suite_id, skip=skip, limit=_LOOKED_AT)
        yield from (run for run in page.items if run.status.ended)
        if not page.more:
            return
        skip += _LOOKED_AT


def _names(store: Store, run: Run) -> dict[int, Key]:
    """The cases of the suite as it was played, by unit."""
    cases = _listed(_cases(store, run.suite_id, run.revision))
    return {case.unit: (case.name, case.occurrence) for case in cases}


def _passed(runs: RunStore, run: Run) -> dict[int, bool]:
    """Whether each unit that was played passed. One that the run's end broke off did not; one that said
    nothing at all was not played."""
    found: dict[int, bool] = {}
    rules = run.repeated.own_rules if run.repeated else {}
    for unit, steps in groupby(runs.step_results(run.id), key=lambda step: step.unit):
        repeats = [*repeats_of(steps)]
        if all(step.verdict is Verdict.NOT_EXECUTED for once in repeats for step in once):
            continue
        case = case_sum(repeats, run.repeats, rules.get(unit, run.pass_rule))
        found[unit] = verdict_of_case(case) is Verdict.PASSED
    return found
