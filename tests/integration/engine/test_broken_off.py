"""A run that is ended from outside counts what was played, also of units that it broke off."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.engine.house import House, TestBot, open_house
from tests.unit.engine.fakes import case
from vivavoce.dispatch.inline import play_inline
from vivavoce.dispatch.local import LocalDispatcher
from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.domain.bot import Breaker
from vivavoce.domain.catalog import Suite
from vivavoce.domain.errors import Unreachable
from vivavoce.domain.events import RunFinished, UnitFinished
from vivavoce.domain.output import Output, Reply
from vivavoce.domain.run import Counts, Run, RunStatus
from vivavoce.domain.verdict import Verdict
from vivavoce.engine.playing import Stop
from vivavoce.engine.running import cancel_run, new_run, start_run


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path, TestBot(latency_s=0.01)) as house:
        house.limited(requests_per_second=0, max_conversations=2)
        yield house


def right(count: int) -> list[BatchCase]:
    return [BatchCase(f"n{i}", (f"echo n{i}",)) for i in range(count)]


async def begun(house: House, dispatcher: LocalDispatcher, suite: Suite) -> Run:
    return await start_run(
        house.engine, dispatcher, house.bot, suite, version="published", user="u-1", language="en"
    )


async def ended_by_cancel(house: House, suite: Suite, after: int) -> Run:
    """Cancelled when the bot was asked that often."""
    dispatcher = house.dispatcher()
    await dispatcher.start()
    run = await begun(house, dispatcher, suite)
    while len(house.test_bot.sent) < after:
        await asyncio.sleep(0.005)
    ended = await cancel_run(house.engine, dispatcher, run)
    await dispatcher.aclose()
    assert ended.status is RunStatus.CANCELLED
    return ended


async def test_a_cancelled_batch_has_the_scores_of_what_ran(house: House) -> None:
    """Far fewer than one unit of utterances were played."""
    ended = await ended_by_cancel(house, house.batch(right(400)), after=20)
    assert ended.tally is not None and ended.counts is not None
    assert len(house.test_bot.sent) - 2 <= ended.tally.tp <= len(house.test_bot.sent)
    assert ended.counts.not_executed == 400 - ended.tally.tp
    kept = list(house.engine.store.runs.case_results(ended.id))
    assert [result.index for result in kept] == sorted(result.index for result in kept)
    assert {result.case.utterance for result in kept} <= set(house.test_bot.sent)


async def test_a_conversation_that_a_cancel_broke_off_keeps_its_steps(house: House) -> None:
    turns = [(f"s{i}", f"echo s{i}") for i in range(200)]
    ended = await ended_by_cancel(house, house.suite([case(*turns)]), after=10)
    results = list(house.engine.store.runs.step_results(ended.id))
    passed = [result for result in results if result.verdict is Verdict.PASSED]
    assert 9 <= len(passed) <= len(house.test_bot.sent)
    rest = results[len(passed) :]
    assert {result.verdict for result in rest} == {Verdict.NOT_EXECUTED}
    assert rest[0].error == "the run ended before this step"
    assert ended.counts == Counts(passed=len(passed), not_executed=200 - len(passed))


async def test_a_bot_that_goes_down_leaves_what_it_answered(house: House) -> None:
    house.limited(
        requests_per_second=0,
        max_conversations=1,
        retries=0,
        breaker=Breaker(errors=2, probe_every_s=0.05, give_up_s=0.1),
    )
    answered = {f"n{i}" for i in range(7)}
    house.test_bot.answer = lambda text: (
        Reply((Output(f"echo {text}"),)) if text in answered else Unreachable("nobody is there")
    )
    dispatcher = house.dispatcher()
    await dispatcher.start()
    run = await begun(house, dispatcher, house.batch(right(50)))
    ended = await house.ended(run.id)
    await dispatcher.aclose()
    assert ended.status is RunStatus.UNUSABLE
    assert ended.tally is not None
    assert (ended.tally.tp, ended.tally.failed_utterances) == (7, 2)


async def test_a_run_out_of_time_keeps_what_it_played(house: House) -> None:
    house.limited(requests_per_second=0, max_conversations=1, run_timeout_s=0.3)
    dispatcher = house.dispatcher()
    await dispatcher.start()
    run = await begun(house, dispatcher, house.batch(right(400)))
    ended = await house.ended(run.id)
    await dispatcher.aclose()
    assert ended.status is RunStatus.BROKEN and "took longer than its 0.3 s" in ended.error_details
    assert ended.tally is not None and 0 < ended.tally.tp < 400


async def test_listeners_see_what_an_interrupted_command_kept(house: House) -> None:
    stop, seen = Stop(), 0
    suite = house.batch(right(400))
    run = new_run(house.engine, house.bot, suite, version="published", user="u-1", language="en")
    asyncio.get_running_loop().call_later(0.5, stop.cancel)
    async for event in play_inline(house.engine, run, stop=stop):
        if isinstance(event, UnitFinished):
            seen += event.counts.total
        if isinstance(event, RunFinished):
            run = event.run
    assert run.tally is not None
    assert seen == run.tally.tp > 0
