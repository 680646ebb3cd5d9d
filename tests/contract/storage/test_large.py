"""A hundred thousand results and more: streamed in and out, in flat memory and short time."""

import time
import tracemalloc
from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec
import pytest
from tests.contract.storage import making

from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.domain.catalog import SuiteKind
from vivavoce.domain.run import Counts, RunStatus
from vivavoce.domain.suite import Step, TestCase
from vivavoce.domain.verdict import StepResult, Verdict
from vivavoce.engine.ports.store import Store
from vivavoce.engine.ports.units import FinishedUnit, Place, Unit

pytestmark = pytest.mark.timeout(300)  # on a busy machine

MIB = 1024 * 1024
CONVERSATIONS, STEPS = 10_000, 10
COMMITTED_AT_ONCE = 100  # conversations


def accept(store: Store) -> None:
    """A run of 10,000 conversations of 10 short steps."""
    case = TestCase("case", (Step("hi"),) * STEPS)
    units = (Unit(index, index * STEPS, (case,)) for index in range(CONVERSATIONS))
    store.suites.stage(making.a_suite())
    store.suites.add_units("ctc-1", 1, SuiteKind.CONVERSATION, units)
    store.suites.publish(making.a_suite())
    store.runs.accept(making.a_run())


def played(like: StepResult) -> Iterator[FinishedUnit]:
    """Every conversation of the run, each of its results like the one given."""
    for unit in range(CONVERSATIONS):
        indexes = range(unit * STEPS, (unit + 1) * STEPS)
        results = tuple(msgspec.structs.replace(like, index=index, unit=unit) for index in indexes)
        yield FinishedUnit(unit, results)


def batches(units: Iterable[FinishedUnit]) -> Iterator[list[FinishedUnit]]:
    remaining = iter(units)
    while batch := list(islice(remaining, COMMITTED_AT_ONCE)):
        yield batch


def test_memory_stays_flat_over_100_000_results(store: Store) -> None:
    accept(store)
    short = StepResult(index=0, case="case", step=Step("hi"), verdict=Verdict.PASSED, warnings=("a" * 300,))
    tracemalloc.start()
    try:
        for batch in batches(played(short)):
            store.runs.commit("ctr-1", batch, now=making.NOW)
        store.runs.finish("ctr-1", RunStatus.PASSED, now=making.NOW)
        count = sum(1 for _ in store.runs.step_results("ctr-1"))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == CONVERSATIONS * STEPS
    assert peak < 8 * MIB  # about 1; all of them together would be some 80


def test_100_000_results_are_written_in_seconds(store: Store) -> None:
    accept(store)
    waiting = list(batches(played(making.a_step_result(0))))
    began = time.process_time()
    for batch in waiting:
        store.runs.commit("ctr-1", batch, now=making.NOW)
    assert time.process_time() - began < 6  # of this process; it takes less than 2 where nothing else runs
    assert store.runs.counts("ctr-1") == Counts(passed=CONVERSATIONS * STEPS)


def test_a_million_utterances_are_staged_in_seconds(store: Store) -> None:
    chunk = tuple(BatchCase(f"utterance {number}", ("Pay",), line=number) for number in range(500))
    store.suites.stage(making.a_suite("ts-1"))
    began = time.process_time()
    units = (Unit(index, index * 500, chunk) for index in range(2_000))
    store.suites.add_units("ts-1", 1, SuiteKind.BATCH, units)
    store.suites.publish(making.a_suite("ts-1"))
    assert time.process_time() - began < 8
    suite = store.suites.by_id("ts-1")
    assert suite is not None and (suite.unit_count, suite.total) == (2_000, 1_000_000)
    store.runs.accept(making.a_run("tr-1", "ts-1"))
    assert store.runs.pending_units("tr-1", after=Place(0, 1_990)) == making.places(*range(1_991, 2_000))
