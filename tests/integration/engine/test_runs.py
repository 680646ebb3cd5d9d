"""Runs on a real database: verdicts, limits, cancel, timeouts, outages, and going on after a stop."""

import asyncio
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace as structs_replace

from tests.integration.engine.house import House, TestBot, open_house
from tests.unit.engine.fakes import case
from vivavoce.dispatch.local import LocalDispatcher
from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.domain.bot import Breaker
from vivavoce.domain.catalog import Suite, SuiteKind
from vivavoce.domain.errors import BadStatus, Conflict, ConnectorError, Malformed, StepTimeout, Unreachable
from vivavoce.domain.output import Output, Reply
from vivavoce.domain.run import Counts, Run, RunStatus
from vivavoce.domain.suite import TestCase
from vivavoce.domain.verdict import Verdict
from vivavoce.engine.prebuilt import fill_prebuilt
from vivavoce.engine.removing import remove_bot, remove_run, remove_suites
from vivavoce.engine.running import cancel_run, find_suite, start_run
from vivavoce.wiring import SystemClock


def good(count: int, prefix: str = "") -> list[TestCase]:
    return [case((f"{prefix}{i}", f"echo {prefix}{i}"), name=f"case {i}") for i in range(count)]


async def begin(house: House, dispatcher: LocalDispatcher, suite: Suite) -> Run:
    return await start_run(
        house.engine, dispatcher, house.bot, suite, version="inDevelopment", user="u-1", language="en"
    )


async def played(house: House, suite: Suite) -> Run:
    dispatcher = house.dispatcher()
    await dispatcher.start()
    try:
        return await house.ended((await begin(house, dispatcher, suite)).id)
    finally:
        await dispatcher.aclose()


async def test_a_run_passes_and_every_step_has_its_result(house: House) -> None:
    run = await played(house, house.suite(good(70)))
    assert run.status is RunStatus.PASSED
    assert run.counts == Counts(passed=70)
    assert run.done == run.total == 70
    results = list(house.engine.store.runs.step_results(run.id))
    assert [result.index for result in results] == list(range(70))
    assert run.started_on is not None and run.ended_on is not None


async def test_a_failure_fails_the_run_and_names_expected_and_actual(house: House) -> None:
    run = await played(house, house.suite([*good(2), case(("x", "something else"))]))
    assert run.status is RunStatus.FAILED
    assert run.counts == Counts(passed=2, failed=1)
    failed = list(house.engine.store.runs.step_results(run.id))[2]
    assert "something else" in failed.reasons[0] and "echo x" in failed.reasons[0]


async def test_errors_are_not_failures_and_never_stop_the_run(house: House) -> None:
    house.test_bot.answer = lambda text: (
        BadStatus("the bot answered 500") if text == "1" else Reply((Output(f"echo {text}"),))
    )
    run = await played(house, house.suite(good(4)))
    assert run.status is RunStatus.ERROR
    assert run.counts == Counts(passed=3, error=1)


async def test_no_more_conversations_are_in_flight_than_the_bot_allows_over_all_runs(house: House) -> None:
    house.limited(max_conversations=3, requests_per_second=0)
    house.test_bot.latency_s = 0.01
    dispatcher = house.dispatcher()
    await dispatcher.start()
    runs = [await begin(house, dispatcher, house.suite(good(20), name)) for name in ("a", "b")]
    for run in runs:
        assert (await house.ended(run.id)).status is RunStatus.PASSED
    await dispatcher.aclose()
    assert house.test_bot.most_in_flight == 3


async def test_the_rate_holds(house: House) -> None:
    house.limited(requests_per_second=50)
    began = time.monotonic()
    run = await played(house, house.suite(good(26)))
    assert run.status is RunStatus.PASSED
    assert time.monotonic() - began >= 0.4  # 26 requests 20 ms apart: never faster, however noisy the machine


async def test_a_slow_step_is_an_error_by_its_timeout(house: House) -> None:
    house.limited(step_timeout_s=0.05)
    house.test_bot.latency_s = 5
    run = await played(house, house.suite(good(1)))
    assert run.status is RunStatus.ERROR
    [result] = house.engine.store.runs.step_results(run.id)
    assert result.error == "the bot did not answer within 0.05 s"


async def test_a_run_whose_time_is_up_is_broken_and_keeps_what_was_played(house: House) -> None:
    house.limited(run_timeout_s=0.5, max_conversations=1, requests_per_second=0)
    house.test_bot.latency_s = 0.05
    run = await played(house, house.suite(good(50)))
    assert run.status is RunStatus.BROKEN
    assert "longer than its 0.5 s" in run.error_details
    assert run.counts is not None
    assert run.counts.passed > 0 and run.counts.not_executed == 50 - run.counts.passed


async def test_a_bot_that_is_down_makes_the_run_unusable(house: House) -> None:
    house.limited(retries=0, breaker=Breaker(errors=3, probe_every_s=0.02, give_up_s=0.1))
    house.test_bot.answer = lambda text: Unreachable("refused")
    run = await played(house, house.suite(good(30)))
    assert run.status is RunStatus.UNUSABLE
    assert run.counts is not None and run.counts.failed == 0
    assert run.counts.not_executed > 0


async def test_a_bot_that_comes_back_costs_only_the_errors_that_opened_the_breaker(house: House) -> None:
    house.limited(retries=0, max_conversations=1, breaker=Breaker(errors=3, probe_every_s=0.02, give_up_s=60))
    house.test_bot.answer = lambda text: (
        Unreachable("refused") if len(house.test_bot.sent) < 8 else Reply((Output(f"echo {text}"),))
    )
    run = await played(house, house.suite(good(30)))
    assert run.counts == Counts(passed=27, error=3)


async def test_a_bot_that_cannot_be_asked_at_all_is_refused_before_a_run_is_kept(house: House) -> None:
    suite = house.suite(good(1))
    house.bot.connector["type"] = "broken"
    with pytest.raises(Malformed, match="VIVA_BOT_TOKEN is not set"):
        await begin(house, house.dispatcher(), suite)
    assert house.engine.store.runs.recent(limit=5) == []


async def test_a_bot_that_cannot_be_asked_any_more_breaks_the_run_with_the_reason(house: House) -> None:
    run = await begin(house, house.dispatcher(), house.suite(good(1)))
    house.bots.broken = True  # such as a variable unset meanwhile
    dispatcher = house.dispatcher()
    await dispatcher.start()
    ended = await house.ended(run.id)
    await dispatcher.aclose()
    assert ended.status is RunStatus.BROKEN
    assert "VIVA_BOT_TOKEN is not set" in ended.error_details


async def test_cancel_ends_the_run_and_keeps_what_was_played(house: House) -> None:
    house.limited(max_conversations=1)
    house.test_bot.latency_s = 0.02
    dispatcher = house.dispatcher()
    await dispatcher.start()
    run = await begin(house, dispatcher, house.suite(good(500)))
    while len(house.test_bot.sent) < 3:
        await asyncio.sleep(0.01)
    ended = await cancel_run(house.engine, dispatcher, run)
    assert ended.status is RunStatus.CANCELLED
    assert ended.counts is not None
    assert 0 < ended.counts.passed < 500
    with pytest.raises(Conflict):
        await cancel_run(house.engine, dispatcher, run)
    await dispatcher.aclose()


async def test_a_run_that_nobody_plays_yet_can_be_cancelled(house: House) -> None:
    dispatcher = house.dispatcher()
    run = await begin(house, dispatcher, house.suite(good(3)))
    await cancel_run(house.engine, dispatcher, run)
    await dispatcher.start()
    ended = await house.ended(run.id)
    await dispatcher.aclose()
    assert ended.status is RunStatus.CANCELLED and ended.done == 0
    assert house.test_bot.sent == []


async def test_a_stopped_dispatcher_leaves_the_run_to_the_next_and_nothing_is_played_twice(
    tmp_path: Path,
) -> None:
    first, second = TestBot(latency_s=0.02), TestBot()
    with open_house(tmp_path, first) as house:
        house.limited(max_conversations=2)
        dispatcher = house.dispatcher()
        await dispatcher.start()
        run = await begin(house, dispatcher, house.suite(good(60)))
        while house.run(run.id).done < 10:
            await asyncio.sleep(0.01)
        await dispatcher.aclose()
        stopped = house.engine.store.runs.get(run.id)
        assert stopped is not None and stopped.status is RunStatus.RUNNING
        finished = {result.step.input for result in house.engine.store.runs.step_results(run.id)}
    with open_house(tmp_path, second) as house:
        dispatcher = house.dispatcher()
        await dispatcher.start()
        ended = await house.ended(run.id)
        await dispatcher.aclose()
        assert ended.status is RunStatus.PASSED and ended.counts == Counts(passed=60)
        assert ended.started_on == stopped.started_on
    assert finished.isdisjoint(second.sent)
    assert sorted([*finished, *second.sent]) == sorted(str(i) for i in range(60))


async def test_progress_rises_while_a_long_conversation_is_played(house: House) -> None:
    house.test_bot.latency_s = 0.05
    house.limited(requests_per_second=0)
    turns = [(str(i), f"echo {i}") for i in range(40)]
    dispatcher = house.dispatcher()
    await dispatcher.start()
    run = await begin(house, dispatcher, house.suite([case(*turns)]))
    seen: list[int] = []
    while not (now := house.run(run.id)).status.ended:
        seen.append(now.done)
        assert now.percentage < 100, "only a run that has ended is complete"
        await asyncio.sleep(0.05)
    await dispatcher.aclose()
    assert seen == sorted(seen)
    assert len(set(seen)) > 2, "one unit, but its steps count as they are played"


# --- batch --------------------------------------------------------------------------------------


async def test_a_batch_run_is_scored_and_reported(house: House) -> None:
    cases = [
        BatchCase("a", ("echo a",)),
        BatchCase("b", ("other",)),
        BatchCase("c"),
        *(BatchCase(f"n{i}", (f"echo n{i}",)) for i in range(700)),
    ]
    run = await played(house, house.batch(cases))
    assert run.status is RunStatus.FAILED
    assert run.tally is not None
    assert (run.tally.tp, run.tally.fp, run.tally.tn, run.tally.fn) == (701, 2, 0, 0)
    file = house.engine.store.files.get(run.report_file)
    assert file is not None
    with house.engine.blobs.reader(file.key) as stream:
        report = stream.read().decode()
    assert report.count("\r\n") > 700


async def test_utterances_in_error_are_in_no_score(house: House) -> None:
    house.test_bot.answer = lambda text: (
        BadStatus("the bot answered 500") if text == "b" else Reply((Output(f"echo {text}"),))
    )
    run = await played(house, house.batch([BatchCase("a", ("echo a",)), BatchCase("b", ("echo b",))]))
    assert run.status is RunStatus.ERROR
    assert run.tally is not None
    assert (run.tally.tp, run.tally.fn, run.tally.failed_utterances) == (1, 0, 1)
    assert run.counts == Counts(passed=1, error=1)


async def test_batch_calls_in_flight_keep_to_the_ceiling_and_fill_it(house: House) -> None:
    house.limited(max_conversations=4, requests_per_second=0)
    house.test_bot.latency_s = 0.005
    await played(house, house.batch([BatchCase(f"{i}", (f"echo {i}",)) for i in range(100)]))
    assert house.test_bot.most_in_flight == 4


async def test_a_batch_utterance_is_repeated_for_connector_errors_only(house: House) -> None:
    answers: dict[str, int] = {}

    def answer(text: str) -> Reply | ConnectorError:
        answers[text] = answers.get(text, 0) + 1
        if text == "flaky" and answers[text] == 1:
            return Unreachable("refused")
        return StepTimeout("slow") if text == "slow" else Reply((Output(text),))

    house.test_bot.answer = answer
    cases = [BatchCase("flaky", ("flaky",)), BatchCase("wrong", ("x",)), BatchCase("slow", ("slow",))]
    run = await played(house, house.batch(cases))
    assert answers == {"flaky": 2, "wrong": 1, "slow": 1}
    assert run.counts == Counts(passed=1, failed=1, error=1)


async def test_prebuilt_suites_say_what_they_lack(house: House) -> None:
    for name in ("AllMlUtterances", "Developer defined utterances", "Last100sentences"):
        suite = await find_suite(house.engine, house.bot, SuiteKind.BATCH, name)
        assert suite is not None
        with pytest.raises(Malformed):
            await begin(house, house.dispatcher(), suite)


async def test_successful_user_utterances_come_from_conversation_runs(house: House) -> None:
    house.test_bot.answer = lambda text: Reply((Output(f"echo {text}"),), intents=(f"echo {text}",))
    await played(house, house.suite(good(5)))
    suite = await find_suite(house.engine, house.bot, SuiteKind.BATCH, "Successful user utterances")
    assert suite is not None
    for _ in range(2):  # filled anew at each run
        run = await played(house, suite)
        assert run.status is RunStatus.PASSED and run.total == 5
        suite = await find_suite(house.engine, house.bot, SuiteKind.BATCH, "Last100sentences")
        assert suite is not None


async def test_what_was_not_said_or_not_understood_is_no_successful_utterance(house: House) -> None:
    understood = {
        "": Reply((Output("welcome"),), intents=("greet",)),
        "both": Reply((Output("which?"),), intents=("card", "balance")),
        "hours": Reply((Output("9 to 5"),), faqs=("When are you open?",)),
        "thanks": Reply((Output("welcome"),), smalltalk=("thank~you",)),
        "wrong": Reply((Output("no"),), intents=("wrong",)),
        "unknown": Reply((Output("pardon?"),)),
    }
    house.test_bot.answer = lambda text: understood[text]
    said = {"both": "which?", "hours": "9 to 5", "thanks": "welcome", "wrong": "yes", "unknown": "pardon?"}
    conversation = case(("", "welcome"), *said.items())
    trigger = structs_replace(conversation.steps[0], input="Start_Flow", trigger="Start_Flow")
    conversation = structs_replace(conversation, steps=(trigger, *conversation.steps))
    await played(house, house.suite([conversation]))
    suite = await find_suite(house.engine, house.bot, SuiteKind.BATCH, "Last100sentences")
    assert suite is not None
    filled = fill_prebuilt(house.engine, house.bot, suite, "published")
    [unit] = house.engine.store.suites.units(filled.id, filled.revision)
    assert unit.cases == (
        BatchCase("both", ("card", "balance")),
        BatchCase("hours", ("When are you open?",)),
        BatchCase("thanks", ("thank~you",)),
    )


# --- removing -----------------------------------------------------------------------------------


async def test_a_run_that_is_going_is_cancelled_and_removed_with_its_report(house: House) -> None:
    run = await played(house, house.batch([BatchCase("a", ("echo a",))]))
    file = house.engine.store.files.get(run.report_file)
    assert file is not None
    await remove_run(house.engine, house.dispatcher(), run)
    assert house.engine.store.runs.get(run.id) is None
    assert house.engine.store.files.get(run.report_file) is None

    house.test_bot.latency_s = 0.05
    dispatcher = house.dispatcher()
    await dispatcher.start()
    suite = house.suite(good(200))
    going = await begin(house, dispatcher, suite)
    while not house.test_bot.in_flight:
        await asyncio.sleep(0.01)
    await remove_suites(house.engine, dispatcher, house.bot, SuiteKind.CONVERSATION, ["suite"])
    assert house.engine.store.runs.get(going.id) is None
    assert house.engine.store.suites.by_id(suite.id) is None
    await dispatcher.aclose()


async def test_a_removed_bot_takes_its_suites_runs_and_files_along(house: House) -> None:
    run = await played(house, house.batch([BatchCase("a", ("echo a",))]))
    suite = house.suite(good(1))
    await remove_bot(house.engine, house.bot)
    store = house.engine.store
    assert store.bots.get(house.bot.id) is None and store.suites.by_id(suite.id) is None
    assert store.runs.get(run.id) is None and store.files.get(run.report_file) is None


async def test_a_run_that_another_process_deletes_is_left_without_alarm(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.limited(max_conversations=1)
    house.test_bot.latency_s = 0.02
    dispatcher = house.dispatcher()
    await dispatcher.start()
    with caplog.at_level("INFO", logger="vivavoce.dispatch"):
        await begin(house, dispatcher, house.suite(good(500)))
        while len(house.test_bot.sent) < 3:
            await asyncio.sleep(0.01)
        await remove_bot(house.engine, house.bot)  # as a command does it, which plays nothing itself
        async with asyncio.timeout(10):
            while "was deleted while it was played" not in caplog.text:
                await asyncio.sleep(0.01)
    assert "fault" not in caplog.text and len(house.test_bot.sent) < 500
    await dispatcher.aclose()


async def test_steps_that_were_not_played_have_their_verdict(house: House) -> None:
    house.test_bot.answer = lambda text: Reply((Output(f"echo {text}"),), ended=True)
    run = await played(house, house.suite([case(("a", "echo a"), ("b", "echo b"))]))
    verdicts = [result.verdict for result in house.engine.store.runs.step_results(run.id)]
    assert verdicts == [Verdict.PASSED, Verdict.NOT_EXECUTED]
    assert run.status is not RunStatus.PASSED


class JumpingClock(SystemClock):
    """The time of day with an offset that a test sets."""

    ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead


async def test_a_clock_that_jumps_over_the_lease_does_not_play_a_run_twice(house: House) -> None:
    """As after a suspend: the process finds its own lease run out, and claims it again while it plays."""
    clock = JumpingClock()
    house.engine = replace(house.engine, clock=clock)
    house.limited(max_conversations=1, requests_per_second=0, run_timeout_s=1e6)
    house.test_bot.latency_s = 0.05
    dispatcher = house.dispatcher()
    await dispatcher.start()
    run = await begin(house, dispatcher, house.suite(good(60)))
    for _ in range(3):
        await asyncio.sleep(0.5)
        clock.ahead += timedelta(hours=1)
        await dispatcher.submit("")  # look for runs to claim, now
    ended = await house.ended(run.id)
    await dispatcher.aclose()
    assert ended.counts == Counts(passed=60)
    assert sorted(house.test_bot.sent) == sorted(str(i) for i in range(60))


async def test_time_that_nobody_played_is_not_the_runs(house: House) -> None:
    clock = JumpingClock()
    house.engine = replace(house.engine, clock=clock)
    house.limited(max_conversations=1, requests_per_second=0, run_timeout_s=60)
    house.test_bot.latency_s = 0.05
    first = house.dispatcher()
    await first.start()
    run = await begin(house, first, house.suite(good(20)))
    while not house.test_bot.sent:
        await asyncio.sleep(0.01)
    await first.aclose()
    clock.ahead = timedelta(days=1)
    second = house.dispatcher()
    await second.start()
    ended = await house.ended(run.id)
    await second.aclose()
    assert ended.counts == Counts(passed=20)
