"""Turns are bounded one by one, and a cancel from elsewhere stays a cancel."""

import asyncio

import pytest

from vivavoce.engine.turn_limit import TurnLimit


async def test_turns_in_time_are_left_alone_even_when_all_together_take_longer() -> None:
    limit = TurnLimit(0.2)
    for _ in range(6):
        with limit:
            await asyncio.sleep(0.05)
    limit.close()


async def test_time_between_turns_does_not_count() -> None:
    limit = TurnLimit(0.05)
    with limit:
        pass
    await asyncio.sleep(0.12)
    with limit:
        await asyncio.sleep(0.01)
    limit.close()


async def test_a_late_turn_raises_and_the_next_one_has_its_own_time() -> None:
    limit = TurnLimit(0.05)
    for _ in range(2):
        began = asyncio.get_running_loop().time()
        with pytest.raises(TimeoutError), limit:
            await asyncio.sleep(10)
        assert 0.04 < asyncio.get_running_loop().time() - began < 5
    with limit:
        await asyncio.sleep(0.01)
    limit.close()
    task = asyncio.current_task()
    assert task is not None and task.cancelling() == 0


async def test_a_second_turn_is_not_late_by_the_first_ones_timer() -> None:
    limit = TurnLimit(0.1)
    with limit:
        await asyncio.sleep(0.08)
    with limit:
        await asyncio.sleep(0.08)
    with pytest.raises(TimeoutError), limit:
        await asyncio.sleep(10)
    limit.close()


async def test_a_cancel_from_elsewhere_goes_on() -> None:
    async def turn() -> None:
        limit = TurnLimit(10)
        with limit:
            await asyncio.sleep(10)

    task = asyncio.create_task(turn())
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_an_error_of_the_turn_comes_through() -> None:
    limit = TurnLimit(10)
    with pytest.raises(KeyError), limit:
        raise KeyError("x")
    limit.close()


async def test_after_close_no_timer_is_left() -> None:
    limit = TurnLimit(0.02)
    with limit:
        pass
    limit.close()
    await asyncio.sleep(0.05)  # a timer that were left would cancel nothing, but keep the task alive
    assert limit._timer is None
