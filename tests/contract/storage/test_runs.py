"""Runs: accepted, played, ended, listed, removed."""

import pytest
from tests.contract.storage import making

from vivavoce.domain.batch.utterance import Candidate, Classification, EntityResult, TraitResult
from vivavoce.domain.errors import Conflict, InternalError, NotFound
from vivavoce.domain.evaluation.evaluating import evaluate
from vivavoce.domain.metrics import counts_of, tally_of
from vivavoce.domain.run import Counts, LogEntry, RunKind, RunStatus
from vivavoce.domain.verdict import Verdict
from vivavoce.engine.chunks import judged_chunk
from vivavoce.engine.ports.store import Store
from vivavoce.engine.ports.units import FinishedUnit, Place
from vivavoce.formats.payloads import decode_cases, unpack_results

NOW = making.NOW


def test_an_accepted_run_comes_back_with_its_units_planned(store: Store) -> None:
    making.publish(store, making.a_suite(), making.conversations(3, steps=2))
    warning = LogEntry(NOW, "warning", "scripts are not supported", 0)
    run = making.a_run(triggered_by="u-1", notes="nightly 😀", logs=(warning,))
    store.runs.accept(run)
    kept = store.runs.get("ctr-1")
    assert kept == making.a_run(triggered_by="u-1", notes="nightly 😀", logs=(warning,), total=6)
    assert store.runs.pending_units("ctr-1") == making.places(0, 1, 2)
    assert store.runs.get("ctr-2") is None
    with pytest.raises(Conflict):
        store.runs.accept(run)


def test_a_run_of_what_is_not_there_is_refused(store: Store) -> None:
    with pytest.raises(NotFound):
        store.runs.accept(making.a_run())
    first = making.publish(store, making.a_suite("ts-1"), making.chunks(1))
    store.suites.publish(store.suites.stage_revision(first))
    with pytest.raises(Conflict, match="replaced"):
        store.runs.accept(making.a_run("tr-1", "ts-1", revision=1))
    assert store.runs.get("tr-1") is None


def test_pending_units_page_by_page(store: Store) -> None:
    run = making.an_accepted_run(store, 10)
    units = making.conversations(10)
    store.runs.commit(run.id, [making.played(units[index]) for index in (0, 4, 9)], now=NOW)
    assert store.runs.pending_units(run.id) == making.places(1, 2, 3, 5, 6, 7, 8)
    assert store.runs.pending_units(run.id, after=Place(0, 3), limit=2) == making.places(5, 6)
    assert store.runs.pending_units(run.id, after=Place(0, 8)) == []


def test_the_first_start_stands(store: Store) -> None:
    run = making.an_accepted_run(store)
    assert store.runs.start(run.id, making.later(1)).started_on == making.later(1)
    assert store.runs.start(run.id, making.later(9)).started_on == making.later(1)
    with pytest.raises(NotFound):
        store.runs.start("ctr-9", NOW)


def test_commits_are_idempotent(store: Store) -> None:
    run = making.an_accepted_run(store, 3)
    units = making.conversations(3)
    assert store.runs.commit(run.id, [making.played(units[1])], now=NOW) == 2
    again = [making.played(unit, Verdict.FAILED) for unit in units[:2]]
    assert store.runs.commit(run.id, again, now=NOW) == 4
    assert store.runs.commit(run.id, again, now=NOW) == 4
    verdicts = [(result.index, result.verdict.value) for result in store.runs.step_results(run.id)]
    assert verdicts == [(0, "failed"), (1, "failed"), (2, "passed"), (3, "passed")]
    assert store.runs.counts(run.id) == Counts(passed=2, failed=2, not_executed=2)


def test_a_commit_is_all_or_nothing(store: Store) -> None:
    run = making.an_accepted_run(store, 2)
    stranger = FinishedUnit(7, (making.a_step_result(99),))
    with pytest.raises(InternalError, match="no unit 7"):
        store.runs.commit(run.id, [making.played(making.conversations(1)[0]), stranger], now=NOW)
    assert store.runs.pending_units(run.id) == making.places(0, 1)
    assert list(store.runs.step_results(run.id)) == []
    with pytest.raises(NotFound):
        store.runs.commit("ctr-9", [], now=NOW)


def test_the_high_water_mark_never_goes_back(store: Store) -> None:
    run = making.an_accepted_run(store, 5, steps=2)
    units = making.conversations(5)

    def done() -> int:
        kept = store.runs.get(run.id)
        assert kept is not None
        return kept.done

    store.runs.progress(run.id, 5, now=NOW)
    store.runs.progress(run.id, 3, now=NOW)
    assert done() == 5
    assert store.runs.commit(run.id, [making.played(units[0])], now=NOW) == 5
    assert done() == 5
    assert store.runs.commit(run.id, [making.played(unit) for unit in units[1:4]], now=NOW) == 8
    store.runs.progress(run.id, 7, now=NOW)
    assert done() == 8
    store.runs.progress("ctr-9", 7, now=NOW)


def test_results_come_back_in_order_from_any_place(store: Store) -> None:
    run = making.an_accepted_run(store, 250, steps=2)
    units = making.conversations(250)
    for some in (units[200:], units[:100], units[100:200]):
        store.runs.commit(run.id, [making.played(unit) for unit in reversed(some)], now=NOW)
    results = list(store.runs.step_results(run.id))
    assert results == [result for unit in units for result in making.played(unit).results]
    assert list(store.runs.step_results(run.id, first=100, limit=250)) == results[100:350]
    assert list(store.runs.step_results(run.id, first=499, limit=250)) == results[499:]
    assert list(store.runs.step_results(run.id, limit=0)) == []
    with pytest.raises(NotFound):
        store.runs.step_results("ctr-9")


def test_results_hold_whatever_a_bot_says(store: Store) -> None:
    run = making.an_accepted_run(store, 1, steps=1)
    context = {"big": 10**30, "nul": "\x00", "nested": [{"ü": None}], "": 0.1}
    result = making.a_step_result(0)
    assert result.reply is not None
    said = making.replace(result.reply, context=context)
    store.runs.commit(run.id, [FinishedUnit(0, (making.replace(result, reply=said),))], now=NOW)
    assert next(store.runs.step_results(run.id)).reply == said


def test_half_a_surrogate_pair_is_replaced(store: Store) -> None:
    run = making.an_accepted_run(store, 1, steps=1)
    result = making.a_step_result(0, case="half \ud83d of 😀", error="\udc00")
    store.runs.commit(run.id, [FinishedUnit(0, (result,))], now=NOW)
    kept = next(store.runs.step_results(run.id))
    assert (kept.case, kept.error) == ("half \ufffd of 😀", "\ufffd")


def test_an_ended_run_knows_its_counts_and_stays_as_it_is(store: Store) -> None:
    run = making.an_accepted_run(store, 4, steps=1)
    verdicts = (Verdict.PASSED, Verdict.FAILED, Verdict.ERROR)
    units = making.conversations(4, steps=1)
    done = [making.played(unit, verdict) for unit, verdict in zip(units, verdicts, strict=False)]
    store.runs.start(run.id, NOW)
    store.runs.commit(run.id, done, now=NOW)
    ended = store.runs.finish(run.id, RunStatus.FAILED, now=making.later(9), error_details="it broke")
    assert ended.status is RunStatus.FAILED
    assert ended.counts == Counts(passed=1, failed=1, error=1, not_executed=1)
    assert ended.tally is None
    assert (ended.done, ended.percentage, ended.ended_on) == (4, 100, making.later(9))
    assert ended.error_details == "it broke"

    assert store.runs.finish(run.id, RunStatus.CANCELLED, now=making.later(20)) == ended
    assert store.runs.commit(run.id, [making.played(units[3])], now=making.later(20)) == 4
    store.runs.progress(run.id, 99, now=making.later(20))
    assert store.runs.get(run.id) == ended
    assert not store.runs.request_cancel(run.id)
    with pytest.raises(NotFound):
        store.runs.finish("ctr-9", RunStatus.PASSED, now=NOW)


@pytest.mark.parametrize("status", [RunStatus.CANCELLED, RunStatus.UNUSABLE, RunStatus.BROKEN])
def test_a_run_that_was_not_played_through_keeps_its_mark(store: Store, status: RunStatus) -> None:
    run = making.an_accepted_run(store, 4, steps=1)
    store.runs.progress(run.id, 1, now=NOW)
    ended = store.runs.finish(run.id, status, now=NOW)
    assert (ended.done, ended.percentage, ended.counts) == (1, 25, Counts(not_executed=4))


def test_what_an_end_broke_off_is_kept_with_it(store: Store) -> None:
    run = making.an_accepted_run(store, 3, steps=2)
    units = making.conversations(3, steps=2)
    store.runs.commit(run.id, [making.played(units[0])], now=NOW)
    left = [making.played(units[0], Verdict.FAILED), making.played(units[2], Verdict.FAILED)]
    ended = store.runs.finish(run.id, RunStatus.CANCELLED, now=NOW, broken_off=left)
    assert ended.counts == Counts(passed=2, failed=2, not_executed=2), "a committed unit stays as it is"
    assert (ended.done, [result.index for result in store.runs.step_results(run.id)]) == (2, [0, 1, 4, 5])


def test_a_cancel_is_asked_for_while_a_run_goes_on(store: Store) -> None:
    run = making.an_accepted_run(store)
    assert not run.cancel_requested
    assert store.runs.request_cancel(run.id)
    kept = store.runs.get(run.id)
    assert kept is not None and kept.cancel_requested
    assert not store.runs.request_cancel("ctr-9")


def test_logs_are_kept_in_order(store: Store) -> None:
    making.publish(store, making.a_suite(), making.conversations(1))
    store.runs.accept(making.a_run("ds-1"))
    entries = [LogEntry(making.later(i), "warning", f"step {i} did not hold", i) for i in range(3)]
    store.runs.log("ds-1", entries[:2], now=NOW)
    store.runs.log("ds-1", [], now=NOW)
    store.runs.log("ds-1", entries[2:], now=making.later(5))
    kept = store.runs.get("ds-1")
    assert kept is not None
    assert (kept.logs, kept.modified_on) == (tuple(entries), making.later(5))


def test_a_batch_run_adds_up_as_the_domain_does(store: Store) -> None:
    making.publish(store, making.a_suite("ts-1"), making.chunks(3, cases=4))
    store.runs.accept(making.a_run("tr-1", "ts-1"))
    assert store.runs.tally("tr-1") == tally_of([])
    found, missed = (EntityResult("amount", ("5",), actual, bool(actual)) for actual in ("5", ""))
    told = Classification()
    results = [
        making.a_case_result(0, outcome="TP", passed=True, classification=told, entities=(found,)),
        making.a_case_result(1, outcome="TP", classification=told, entities=(found, missed)),
        making.a_case_result(2, outcome="TN", passed=True, classification=told),
        making.a_case_result(3, outcome="FP", classification=told, traits=(TraitResult("urgent", True),)),
        making.a_case_result(4, outcome="FN", classification=told, traits=(TraitResult("urgent", False),)),
        making.a_case_result(5, error="no answer", entities=(missed,)),
        making.a_case_result(6),
        making.a_case_result(7, outcome="FN", classification=told),
    ]
    units = [FinishedUnit(0, judged_chunk(results[:4])), FinishedUnit(1, judged_chunk(results[4:]))]
    assert store.runs.commit("tr-1", units, now=NOW) == 8
    assert list(store.runs.case_results("tr-1")) == results
    assert list(store.runs.case_results("tr-1", first=2, limit=3)) == results[2:5]
    counted = counts_of(results)
    assert store.runs.counts("tr-1") == making.replace(counted, not_executed=counted.not_executed + 4)
    ended = store.runs.finish("tr-1", RunStatus.FAILED, now=NOW, report_file="report")
    assert ended.tally == store.runs.tally("tr-1") == tally_of(results)
    assert ended.report_file == "report"


def test_chunks_of_a_batch_run_are_there_one_by_one(store: Store) -> None:
    making.publish(store, making.a_suite("ts-1"), making.chunks(3, cases=2))
    store.runs.accept(making.a_run("tr-1", "ts-1"))
    results = [making.a_case_result(index, outcome="TP", passed=True) for index in (2, 3)]
    store.runs.commit("tr-1", [FinishedUnit(1, judged_chunk(results))], now=NOW)
    assert store.runs.planned_units("tr-1") == [0, 1, 2]
    assert list(unpack_results(store.runs.case_chunk("tr-1", 1))) == results
    with pytest.raises(NotFound, match="no results of its unit 0"):
        store.runs.case_chunk("tr-1", 0)
    assert [chunk.first for chunk in store.suites.raw_chunks("ts-1", 1, first=1)] == [2, 4]
    (chunk, *_) = store.suites.raw_chunks("ts-1", 1)
    assert decode_cases(chunk.payload) == making.chunks(1, cases=2)[0].cases and chunk.size == 2


def test_what_a_run_came_to_is_kept_with_it(store: Store) -> None:
    making.publish(store, making.a_suite("ts-1"), making.chunks(1, cases=3))
    for run_id in ("tr-1", "tr-2"):
        store.runs.accept(making.a_run(run_id, "ts-1"))
    told = Classification((Candidate("Help 😀", 0.5),))
    evaluation = evaluate([making.a_case_result(0, outcome="FP", classification=told, warnings=("mind",))])
    store.runs.finish("tr-1", RunStatus.FAILED, now=NOW, evaluation=evaluation)
    store.runs.finish("tr-1", RunStatus.FAILED, now=NOW, evaluation=evaluate([]))
    store.runs.finish("tr-2", RunStatus.CANCELLED, now=NOW)
    assert store.runs.evaluation("tr-1") == evaluation
    assert evaluation.warnings == (("mind", 1),)
    assert store.runs.evaluation("tr-2") is store.runs.evaluation("tr-9") is None
    store.runs.remove("tr-1")
    assert store.runs.evaluation("tr-1") is None


def test_lists_of_runs(store: Store) -> None:
    making.publish(store, making.a_suite("ctc-1", "one"), making.conversations(1))
    making.publish(store, making.a_suite("ctc-2", "two"), making.conversations(1))
    making.publish(store, making.a_suite("ctc-3", "three"), making.conversations(1))
    for run_id, suite_id in (("ctr-1", "ctc-1"), ("ctr-2", "ctc-2"), ("ctr-3", "ctc-1"), ("ds-4", "ctc-1")):
        store.runs.accept(making.a_run(run_id, suite_id))
    store.runs.accept(making.a_run("ctr-5", "ctc-1", bot=making.a_bot("st-2")))

    page = store.runs.page("ctc-1", skip=1, limit=1)
    assert ([run.id for run in page.items], page.count, page.more) == (["ctr-3"], 3, True)
    page = store.runs.page("ctc-1", skip=1, limit=5)
    assert ([run.id for run in page.items], page.count, page.more) == (["ctr-3", "ctr-1"], 3, False)
    assert [run.id for run in store.runs.recent(limit=3)] == ["ctr-5", "ctr-3", "ctr-2"]
    assert [run.id for run in store.runs.recent(limit=3, bot_id="st-1")] == ["ctr-3", "ctr-2", "ctr-1"]
    last = store.runs.last_of(["ctc-1", "ctc-2", "ctc-3", "ctc-9"])
    assert {suite: run.id for suite, run in last.items()} == {"ctc-1": "ctr-5", "ctc-2": "ctr-2"}
    assert store.runs.last_of([]) == {}


def test_removing_a_run_takes_its_results_and_report_along(store: Store) -> None:
    run = making.an_accepted_run(store, 1)
    store.files.add(making.a_file("report"))
    store.runs.commit(run.id, [making.played(making.conversations(1)[0])], now=NOW)
    store.runs.finish(run.id, RunStatus.PASSED, now=NOW, report_file="report")
    assert store.runs.remove(run.id) == [making.a_file("report")]
    assert store.runs.get(run.id) is None
    assert store.files.get("report") is None
    with pytest.raises(NotFound):
        store.runs.counts(run.id)
    assert store.runs.remove(run.id) == []
    store.runs.accept(run)  # under the same id: nothing of the old one is left
    assert store.runs.pending_units(run.id) == making.places(0)
    assert list(store.runs.step_results(run.id)) == []


def test_an_import_ends_and_its_suite_is_seen_in_one_moment(store: Store) -> None:
    suite = making.a_suite()
    units = making.conversations(2)
    store.suites.stage(suite)
    store.suites.add_units(suite.id, suite.revision, suite.kind, units)
    run = making.a_run(id="ds-1", kind=RunKind.VALIDATION)
    store.runs.accept(run)
    assert store.suites.get(suite.bot_id, suite.kind, suite.name) is None
    store.runs.finish("ds-1", RunStatus.PASSED, now=NOW, publish=suite)
    seen = store.suites.get(suite.bot_id, suite.kind, suite.name)
    assert seen is not None and seen.unit_count == 2


def test_an_import_that_cannot_show_its_suite_does_not_end(store: Store) -> None:
    suite = making.a_suite()
    store.suites.stage(suite)
    store.suites.add_units(suite.id, suite.revision, suite.kind, making.conversations(1))
    store.runs.accept(making.a_run(id="ds-1", kind=RunKind.VALIDATION))
    with pytest.raises(NotFound):
        store.runs.finish("ds-1", RunStatus.PASSED, now=NOW, publish=making.a_suite(id="ctc-gone"))
    run = store.runs.get("ds-1")
    assert run is not None and run.status is RunStatus.RUNNING
