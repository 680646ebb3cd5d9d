"""Runs of some of a suite's cases, and of cases that are played several times."""

from itertools import pairwise

import pytest
from tests.contract.storage import making

from vivavoce.domain.errors import InternalError
from vivavoce.domain.run import CaseSum, Counts, Repeated, Run, RunStatus, Selection, Shard
from vivavoce.domain.verdict import StepResult, Verdict
from vivavoce.engine.ports.store import Store
from vivavoce.engine.ports.units import Place

NOW = making.NOW


def accepted(store: Store, units: int, chosen: list[int] | None, repeats: int) -> Run:
    making.publish(store, making.a_suite(), making.conversations(units))
    store.runs.accept(making.a_run(repeats=repeats), chosen)
    run = store.runs.get("ctr-1")
    assert run is not None
    return run


def key(result: StepResult) -> tuple[int, int, int]:
    return result.unit, result.repeat, result.index


def test_only_the_chosen_units_are_planned(store: Store) -> None:
    run = accepted(store, 5, [3, 1], 1)
    assert run.total == 4
    assert store.runs.pending_units(run.id) == making.places(1, 3)
    unit = making.conversations(5)[0]
    with pytest.raises(InternalError, match="no unit 0"):
        store.runs.commit(run.id, [making.played(unit)], now=NOW)
    assert store.runs.finish(run.id, RunStatus.CANCELLED, now=NOW).counts == Counts(not_executed=4)


def test_none_of_the_units_may_be_chosen(store: Store) -> None:
    run = accepted(store, 5, [], 3)
    assert (run.total, store.runs.pending_units(run.id)) == (0, [])
    ended = store.runs.finish(run.id, RunStatus.PASSED, now=NOW)
    assert (ended.counts, ended.percentage) == (Counts(), 100)


def test_a_unit_that_the_suite_has_not_is_refused(store: Store) -> None:
    with pytest.raises(InternalError, match="has no unit 5"):
        accepted(store, 5, [4, 5], 1)
    assert store.runs.get("ctr-1") is None


@pytest.mark.parametrize("chosen", [None, [0, 1, 2]])
def test_every_unit_is_planned_once_before_any_is_planned_again(
    store: Store, chosen: list[int] | None
) -> None:
    run = accepted(store, 3, chosen, 2)
    assert run.total == 12
    units = making.conversations(3)
    store.runs.commit(run.id, [making.played(units[1], repeat=1), making.played(units[0])], now=NOW)
    pending = store.runs.pending_units(run.id)
    assert pending == [Place(0, 1), Place(0, 2), Place(1, 0), Place(1, 2)]
    assert store.runs.pending_units(run.id, after=Place(0, 1), limit=2) == pending[1:3]


def test_each_repeat_has_its_results_beside_the_others_of_its_case(store: Store) -> None:
    run = accepted(store, 200, None, 3)
    units = making.conversations(200)
    for repeat in (2, 0, 1):
        verdict = Verdict.FAILED if repeat == 1 else Verdict.PASSED
        some = [making.played(unit, verdict, repeat=repeat) for unit in units]
        store.runs.commit(run.id, some, now=NOW)
        store.runs.commit(run.id, some[:3], now=NOW)  # again: nothing is written twice
    kept = [key(result) for result in store.runs.step_results(run.id)]
    assert len(kept) == 1200
    assert all(before < after for before, after in pairwise(kept))
    late = [key(result) for result in store.runs.step_results(run.id, first=250, limit=700)]
    assert late == [one for one in kept if one[2] >= 250][:700]
    assert store.runs.counts(run.id) == Counts(passed=800, failed=400)
    mark = store.runs.get(run.id)
    assert mark is not None and mark.done == 1200


def test_what_repeats_add_up_to_is_kept_with_the_end(store: Store) -> None:
    making.publish(store, making.a_suite(), making.conversations(2))
    asked = making.a_run(
        repeats=3, pass_rule=2, fail_fast=True, selection=Selection(("a*",), ("t",), True, Shard(1, 2))
    )
    store.runs.accept(asked)
    flaky = CaseSum("case 1", 1, 2, 3, 3, "any", (1.0, 2.0, 2.5))
    repeated = Repeated(Counts(passed=1, failed=1), (flaky,), 1, {1: "any"})
    ended = store.runs.finish("ctr-1", RunStatus.FAILED, now=NOW, repeated=repeated)
    assert (ended.repeated, ended.flaky) == (repeated, (flaky,))
    assert (ended.repeats, ended.pass_rule, ended.fail_fast) == (3, 2, True)
    assert ended.selection == asked.selection
