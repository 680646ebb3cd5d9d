"""Runs judged again, and runs whose judging was killed."""

from dataclasses import replace as with_fields
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from tests.integration.engine.house import House
from tests.integration.engine.test_repeats import Moody, cases, played
from tests.unit.engine.fakes import case
from tests.unit.engine.graders import ToldJudge
from vivavoce.domain.assertions.judge import MeetsCriterion
from vivavoce.domain.catalog import Suite
from vivavoce.domain.errors import InputError
from vivavoce.domain.output import Metadata, Output, Reply
from vivavoce.domain.questions import Vote
from vivavoce.domain.run import Counts, Run, RunStatus, Selection
from vivavoce.domain.selecting import ALL_ONCE, Plan
from vivavoce.domain.suite import Step, TestCase
from vivavoce.domain.verdict import Verdict
from vivavoce.engine.ports.graders import Graders
from vivavoce.engine.rejudging import KeptCases, facts_of, rejudge
from vivavoce.engine.running import new_run


def a_run(house: House, suite: Suite) -> Run:
    return new_run(house.engine, house.bot, suite, version="inDevelopment", user="u-1", language="en")


async def judged(house: House, original: Run, suite: Suite) -> Run:
    kept = KeptCases(house.engine.store.runs, original)
    return await rejudge(house.engine, kept, suite, run=a_run(house, suite))


async def test_a_judged_run_is_kept_with_what_it_was_judged_from(house: House) -> None:
    original = await played(house, house.suite(cases("a", "b")), ALL_ONCE)
    asked = len(house.test_bot.sent)
    other = [case(("a", "echo a"), ("then", "no"), name="a"), case(("b", "echo b"), name="b")]
    run = await judged(house, original, house.suite(other, "other"))
    assert len(house.test_bot.sent) == asked
    assert run.status is RunStatus.FAILED
    assert run.counts == Counts(passed=2, failed=1)
    assert house.run(run.id).judged_from == original.id
    assert run.total == 3 and run.percentage == 100
    results = list(house.engine.store.runs.step_results(run.id))
    assert [(one.unit, one.index, one.verdict) for one in results] == [
        (0, 0, Verdict.PASSED),
        (0, 1, Verdict.FAILED),
        (1, 2, Verdict.PASSED),
    ]


async def test_repeats_and_their_rule_are_those_of_the_run(house: House) -> None:
    house.test_bot.answer = Moody(a="pfp")
    original = await played(house, house.suite(cases("a")), Plan(repeats=3, pass_rule=2))
    assert original.status is RunStatus.PASSED
    run = await judged(house, original, house.suite(cases("a"), "again"))
    assert run.status is RunStatus.PASSED
    assert (run.repeats, run.pass_rule) == (3, 2)
    assert [one.name for one in run.flaky] == ["a"]


async def test_of_a_chosen_part_only_that_part_is_judged(house: House) -> None:
    plan = Plan(selection=Selection(cases=("b",)))
    original = await played(house, house.suite(cases("a", "b")), plan)
    run = await judged(house, original, house.suite(cases("a", "b"), "again"))
    assert run.counts == Counts(passed=2)
    with pytest.raises(InputError, match="no case of the suite stands in"):
        await judged(house, original, house.suite(cases("c"), "other"))


async def test_a_judge_is_asked_again(house: House) -> None:
    polite = Step("a", arrangement="among", assertions=(MeetsCriterion(criterion="polite"),))
    suite = house.suite([TestCase("a", (polite,))])
    original = await played(house, house.suite(cases("a"), "plain"), ALL_ONCE)
    assert (await judged(house, original, suite)).status is RunStatus.ERROR
    judge = ToldJudge(Vote(True, "it is"))
    asking = replace_engine(house, Graders(judge=judge))
    assert (await judged(asking, original, suite)).status is RunStatus.PASSED
    assert [one.reply for one in judge.asked] == ["echo a"]


def replace_engine(house: House, graders: Graders) -> House:
    return with_fields(house, engine=with_fields(house.engine, graders=graders))


async def test_without_a_connector_the_facts_are_what_the_replies_show(house: House) -> None:
    house.test_bot.answer = lambda text: Reply((Output("x", Metadata(node_id="n")),), context={"a": 1})
    original = await played(house, house.suite(cases("a")), ALL_ONCE)
    kept = KeptCases(house.engine.store.runs, original)
    assert await facts_of(house.engine, kept) == frozenset()  # the connector's
    house.bots.broken = True
    assert await facts_of(house.engine, kept) == {"node", "context"}


async def test_a_judging_that_was_killed_asks_no_bot(house: House) -> None:
    original = await played(house, house.suite(cases("a")), ALL_ONCE)
    asked = len(house.test_bot.sent)
    left = replace(a_run(house, house.suite(cases("a"), "other")), judged_from=original.id)
    house.engine.store.runs.accept(left)
    dispatcher = house.dispatcher()
    await dispatcher.start()
    try:
        ended = await house.ended(left.id)
    finally:
        await dispatcher.aclose()
    assert len(house.test_bot.sent) == asked
    assert ended.status is RunStatus.BROKEN
    assert "judge them again" in ended.error_details


async def test_what_cannot_be_judged_is_refused(house: House) -> None:
    running = a_run(house, house.suite(cases("a")))
    house.engine.store.runs.accept(running, owner="somebody", lease_s=60)
    with pytest.raises(InputError, match="has not ended yet"):
        KeptCases(house.engine.store.runs, running)
    house.engine.store.runs.finish(running.id, RunStatus.BROKEN, now=datetime.now(UTC))
    with pytest.raises(InputError, match="keeps no replies"):
        KeptCases(house.engine.store.runs, house.run(running.id))
