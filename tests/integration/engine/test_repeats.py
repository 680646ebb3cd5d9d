"""Runs of chosen cases, repeats with their pass rules, and runs that fail fast; also across a restart."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.contract.storage import making
from tests.integration.engine.house import House, TestBot, open_house
from tests.unit.engine.fakes import case
from vivavoce.domain.catalog import Suite
from vivavoce.domain.errors import BadStatus
from vivavoce.domain.output import Output, Reply
from vivavoce.domain.run import Counts, Run, RunStatus, Selection, Shard
from vivavoce.domain.selecting import NothingChosen, Plan
from vivavoce.domain.suite import PassRule, TestCase
from vivavoce.domain.verdict import Verdict
from vivavoce.engine.running import new_run, start_run


def cases(*names: str, **changes: PassRule) -> list[TestCase]:
    """A case of two steps each; it says its name."""
    return [
        replace(case((name, f"echo {name}"), ("then", "echo then"), name=name), **changes) for name in names
    ]


class Moody:
    """Answers an input rightly, wrongly or not at all, each time as told; rightly when nothing is told."""

    def __init__(self, **moods: str) -> None:
        self.asked: Counter[str] = Counter()
        self.moods = moods

    def __call__(self, text: str) -> Reply | BadStatus:
        mood = self.moods.get(text, "")[self.asked[text] : self.asked[text] + 1]
        self.asked[text] += 1
        if mood == "e":
            return BadStatus("the bot answered 500")
        return Reply((Output("wrong" if mood == "f" else f"echo {text}"),))


async def played(house: House, suite: Suite, plan: Plan) -> Run:
    dispatcher = house.dispatcher()
    await dispatcher.start()
    try:
        run = await start_run(
            house.engine,
            dispatcher,
            house.bot,
            suite,
            version="inDevelopment",
            user="u-1",
            language="en",
            plan=plan,
        )
        return await house.ended(run.id)
    finally:
        await dispatcher.aclose()


def outcomes(house: House, run: Run) -> dict[str, str]:
    """By case, its repeats' verdicts in order: the first letters of its first steps'."""
    found: dict[str, str] = {}
    for result in house.engine.store.runs.step_results(run.id):
        if result.index % 2 == 0:
            found[result.case] = found.get(result.case, "") + result.verdict.value[0]
    return found


async def test_every_case_is_played_as_often_as_asked(house: House) -> None:
    run = await played(house, house.suite(cases("a", "b", "c")), Plan(repeats=4))
    assert run.status is RunStatus.PASSED
    assert (run.total, run.done, run.counts) == (24, 24, Counts(passed=24))
    assert Counter(house.test_bot.sent) == {"a": 4, "b": 4, "c": 4, "then": 12}
    kept = [(one.unit, one.repeat, one.index) for one in house.engine.store.runs.step_results(run.id)]
    assert kept == [(unit, repeat, 2 * unit + i) for unit in range(3) for repeat in range(4) for i in (0, 1)]
    assert run.repeated is not None and run.repeated.cases == Counts(passed=3)
    assert run.flaky == ()


@pytest.mark.parametrize(
    ("rule", "status", "decided"),
    [
        ("all", RunStatus.FAILED, Counts(passed=1, failed=2)),
        ("any", RunStatus.FAILED, Counts(passed=2, failed=1)),
        (2, RunStatus.FAILED, Counts(passed=2, failed=1)),
        (3, RunStatus.FAILED, Counts(passed=1, failed=2)),
    ],
)
async def test_the_pass_rule_decides(
    house: House, rule: PassRule, status: RunStatus, decided: Counts
) -> None:
    house.test_bot.answer = Moody(flaky="pfp", bad="fff")
    suite = house.suite(cases("good", "flaky", "bad"))
    run = await played(house, suite, Plan(repeats=3, pass_rule=rule))
    assert run.status is status
    assert run.repeated is not None and run.repeated.cases == decided
    assert outcomes(house, run) == {"good": "ppp", "flaky": "pfp", "bad": "fff"}
    [flaky] = run.flaky
    assert (flaky.name, flaky.passed, flaky.played, flaky.rule) == ("flaky", 2, 3, rule)
    assert len(flaky.durations_ms) == 3 and all(duration > 0 for duration in flaky.durations_ms)


async def test_a_cases_own_rule_goes_before_the_runs(house: House) -> None:
    house.test_bot.answer = Moody(lenient="fpf", strict="pfp")
    suite = house.suite([*cases("lenient", pass_rule="any"), *cases("strict", pass_rule="all")])
    run = await played(house, suite, Plan(repeats=3, pass_rule=2))
    assert run.repeated is not None and run.repeated.cases == Counts(passed=1, failed=1)
    assert run.repeated.own_rules == {0: "any", 1: "all"}
    alone = await played(house, suite, Plan(Selection(cases=("lenient",)), repeats=1))
    assert alone.status is RunStatus.PASSED


async def test_errors_keep_a_case_undecided_and_are_no_flakiness(house: House) -> None:
    house.test_bot.answer = Moody(shaky="pep", enough="epp")
    suite = house.suite([*cases("shaky"), *cases("enough", pass_rule=2)])
    run = await played(house, suite, Plan(repeats=3))
    assert run.status is RunStatus.ERROR
    assert run.repeated is not None and run.repeated.cases == Counts(passed=1, error=1)
    assert run.flaky == ()
    assert run.counts == Counts(passed=8, error=2, not_executed=2)


async def test_only_chosen_cases_are_played(house: House) -> None:
    suite = house.suite(cases("a", "b", "aa", "ab", "ac"))
    run = await played(house, suite, Plan(Selection(cases=("a*",), shard=Shard(2, 2))))
    assert (run.status, run.total, run.done) == (RunStatus.PASSED, 4, 4)
    assert outcomes(house, run) == {"aa": "p", "ac": "p"}
    assert run.percentage == 100
    empty = await played(house, suite, Plan(Selection(shard=Shard(6, 6))))
    assert (empty.status, empty.total, empty.percentage) == (RunStatus.PASSED, 0, 100)


async def test_a_run_that_would_play_nothing_is_refused(house: House) -> None:
    suite = house.suite(cases("a", "b"))
    with pytest.raises(NothingChosen, match="'c'"):
        await played(house, suite, Plan(Selection(cases=("c",))))
    assert house.engine.store.runs.recent(limit=5) == []


async def test_last_failed_follows_names_into_a_new_revision(house: House) -> None:
    house.test_bot.answer = Moody(b="f", c="e")
    first = await played(house, house.suite(cases("a", "b", "c", "b")), Plan())
    assert first.status is RunStatus.FAILED
    changed = house.suite(cases("b", "new", "b", "c", "a"))  # a revision later, in another order
    asked = Plan(Selection(last_failed=True))
    second = await played(house, changed, asked)
    assert [unit for unit, _ in units(house, second)] == [0, 3], "the first b and c, not the second b"
    third = await played(house, changed, asked)
    assert third.total == 10, "all passed: all are played"


async def test_last_failed_takes_what_was_not_executed_and_what_missed_its_rule(house: House) -> None:
    house.limited(max_conversations=1, requests_per_second=0)
    house.test_bot.answer = Moody(b="fp", c="fff")
    suite = house.suite(cases("a", "b", "c", "d"))
    first = await played(house, suite, Plan(repeats=2, pass_rule="any"))
    assert first.status is RunStatus.FAILED
    again = await played(house, suite, Plan(Selection(last_failed=True), fail_fast=True))
    assert outcomes(house, again) == {"c": "f"}, "b met its rule"
    house.test_bot.answer = Moody(b="f")
    fast = await played(house, suite, Plan(fail_fast=True))
    assert outcomes(house, fast) == {"a": "p", "b": "f"}
    rest = await played(house, suite, Plan(Selection(last_failed=True)))
    assert outcomes(house, rest) == {"b": "p", "c": "p"}, "what is known of d is that it passed"


async def test_last_failed_remembers_what_a_part_of_the_suite_did_not_play(house: House) -> None:
    house.test_bot.answer = Moody(a="ff", b="ff", d="f", two="f")
    suite = house.suite(cases("a", "b", "c", "d", "two", "two"))
    asked = Plan(Selection(last_failed=True))
    assert (await played(house, suite, Plan())).status is RunStatus.FAILED
    await played(house, suite, Plan(Selection(cases=("c", "d"))))
    some = await played(house, suite, Plan(Selection(cases=("b", "c"), shard=Shard(1, 2))))
    assert outcomes(house, some) == {"b": "f"}
    rest = await played(house, suite, asked)
    assert outcomes(house, rest) == {"a": "f", "b": "p", "two": "p"}, (
        "d passed since; the second two always did"
    )
    assert outcomes(house, await played(house, suite, asked)) == {"a": "p"}
    assert (await played(house, suite, asked)).total == 12, "all passed: all"


async def test_last_failed_remembers_what_a_run_that_ended_early_did_not_play(house: House) -> None:
    house.limited(max_conversations=1, requests_per_second=0)
    house.test_bot.answer = Moody(a="pf", c="f")
    suite = house.suite(cases("a", "b", "c"))
    asked = Plan(Selection(last_failed=True))
    await played(house, suite, Plan())
    fast = await played(house, suite, Plan(fail_fast=True))
    assert outcomes(house, fast) == {"a": "f"}
    assert outcomes(house, await played(house, suite, asked)) == {"a": "p", "c": "p"}


async def test_last_failed_takes_what_was_planned_and_never_played(house: House) -> None:
    house.limited(max_conversations=1, requests_per_second=0)
    house.test_bot.answer = Moody(a="f")
    suite = house.suite(cases("a", "b"))
    await played(house, suite, Plan(fail_fast=True))
    assert outcomes(house, await played(house, suite, Plan(Selection(last_failed=True)))) == {
        "a": "p",
        "b": "p",
    }


async def test_last_failed_does_not_look_past_a_run_of_the_whole_suite(house: House) -> None:
    """A name that a whole later run did not have is no case any more."""
    house.test_bot.answer = Moody(a="f")
    asked = Plan(Selection(last_failed=True))
    await played(house, house.suite(cases("a", "b")), Plan())
    renamed = house.suite(cases("z", "b"))
    with pytest.raises(NothingChosen, match="'a': renamed or removed"):
        await played(house, renamed, asked)
    await played(house, renamed, Plan())
    assert (await played(house, renamed, asked)).total == 4, "all passed: all"


async def test_fail_fast_plays_nothing_after_the_first_failure(house: House) -> None:
    house.limited(max_conversations=1, requests_per_second=0)
    house.test_bot.answer = Moody(c="f")
    run = await played(house, house.suite(cases(*"abcdefgh")), Plan(fail_fast=True))
    assert run.status is RunStatus.FAILED
    assert run.counts == Counts(passed=5, failed=1, not_executed=10)
    assert run.error_details == "ended at the first case that did not pass: c"
    assert set(house.test_bot.sent) == {"a", "b", "c", "then"}


async def test_fail_fast_keeps_what_was_in_flight(house: House) -> None:
    house.limited(max_conversations=4, requests_per_second=0)
    house.test_bot.latency_s = 0.05
    house.test_bot.answer = Moody(bad="e")
    long = [case(*[(f"{name}{i}", f"echo {name}{i}") for i in range(40)], name=name) for name in "xyz"]
    run = await played(house, house.suite([*cases("a", "bad"), *long]), Plan(fail_fast=True))
    assert run.status is RunStatus.ERROR
    results = list(house.engine.store.runs.step_results(run.id))
    said = [result.step.input for result in results if result.reply is not None]
    assert {text[0] for text in said} >= {"a", "x", "y"}, "side by side with the one in error"
    assert run.counts is not None and run.counts.passed == len(said)
    assert run.counts.not_executed > 100


async def test_fail_fast_waits_until_a_rule_cannot_be_met(house: House) -> None:
    house.limited(max_conversations=1, requests_per_second=0)
    house.test_bot.answer = Moody(b="fff")
    run = await played(house, house.suite(cases("a", "b")), Plan(fail_fast=True, repeats=4, pass_rule=2))
    assert run.status is RunStatus.FAILED
    assert outcomes(house, run) == {"a": "ppp", "b": "fff"}
    assert run.repeated is not None and run.repeated.cases == Counts(passed=1, failed=1)


async def test_a_stopped_run_plays_no_repeat_twice(tmp_path: Path) -> None:
    """Stopped and taken up again several times; a failure before the stop is remembered after it."""
    moody = Moody(c0="pfpp", c7="ffff")
    names = [f"c{i}" for i in range(10)]
    with open_house(tmp_path, TestBot(answer=moody, latency_s=0.004)) as house:
        suite = house.suite(cases(*names))
        dispatcher = house.dispatcher()
        await dispatcher.start()
        run = await start_run(
            house.engine,
            dispatcher,
            house.bot,
            suite,
            version="published",
            user="u-1",
            language="en",
            plan=Plan(Selection(cases=("c[02-9]",)), repeats=4, pass_rule=3),
        )
        run_id = run.id
        await asyncio.sleep(0.05)
        await dispatcher.aclose()
    finished: set[tuple[int, int]] = set()
    marks = [0]
    for _ in range(3):
        with open_house(tmp_path, TestBot(answer=moody, latency_s=0.004)) as house:
            known = house.engine.store.runs.step_results(run_id)
            before = {(one.unit, one.repeat): one for one in known}
            assert finished <= before.keys(), "what was finished stays"
            finished = set(before)
            pending = house.engine.store.runs.pending_units(run_id)
            assert {(place.unit, place.repeat) for place in pending}.isdisjoint(finished)
            dispatcher = house.dispatcher()
            await dispatcher.start()
            await asyncio.sleep(0.08)
            await dispatcher.aclose()
            marks.append(house.run(run_id).done)
    with open_house(tmp_path, TestBot(answer=moody)) as house:
        dispatcher = house.dispatcher()
        await dispatcher.start()
        ended = await house.ended(run_id)
        await dispatcher.aclose()
        assert marks == sorted(marks)
        kept = Counter(
            (one.unit, one.repeat, one.index) for one in house.engine.store.runs.step_results(run_id)
        )
        assert set(kept.values()) == {1} and len(kept) == 9 * 4 * 2 == ended.total
        assert ended.counts is not None and ended.counts.not_executed == 0
        assert ended.repeated is not None and ended.repeated.cases.total == 9
        assert ended.status is RunStatus.FAILED


async def test_a_failure_before_a_stop_ends_a_run_after_it(tmp_path: Path) -> None:
    """Killed between the commit of a failed case and the run's end."""

    with open_house(tmp_path, TestBot()) as house:
        suite = house.suite(cases("a", "b", "c"))
        plan = Plan(fail_fast=True)
        run = new_run(
            house.engine, house.bot, suite, version="published", user="u-1", language="en", plan=plan
        )
        runs, now = house.engine.store.runs, house.engine.clock.now()
        runs.accept(run)
        unit = next(iter(house.engine.store.suites.units(suite.id, suite.revision)))
        runs.commit(run.id, [making.played(unit, Verdict.FAILED)], now=now)
        dispatcher = house.dispatcher()
        await dispatcher.start()
        ended = await house.ended(run.id)
        await dispatcher.aclose()
        assert ended.status is RunStatus.FAILED
        assert house.test_bot.sent == []


def units(house: House, run: Run) -> Sequence[tuple[int, int]]:
    found = {(one.unit, one.repeat) for one in house.engine.store.runs.step_results(run.id)}
    return sorted(found)
