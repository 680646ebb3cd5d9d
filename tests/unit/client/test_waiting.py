"""Waits: their pace, and what they put up with."""

from collections.abc import Awaitable, Callable, Iterable

import msgspec
import pytest

from vivavoce.client.errors import ApiError, ServerUnreachable, WaitTimeout
from vivavoce.client.waiting import Pace, patiently, wait


class Seen(msgspec.Struct, frozen=True):
    percentage: int
    ended: bool = False


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 100.0
        self.sleeps: list[float] = []

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.sleeps.append(round(seconds, 3))
        self.now += seconds


def script(answers: Iterable[Seen | Exception]) -> Callable[[], Awaitable[Seen]]:
    left = iter(answers)

    async def ask() -> Seen:
        answer = next(left)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return ask


async def watch(
    answers: Iterable[Seen | Exception],
    time: Time,
    *,
    progress: Callable[[int], None] | None = None,
    timeout_s: float | None = None,
    pace: Pace | None = None,
) -> Seen:
    return await wait(
        script(answers),
        pace=pace or Pace(),
        progress=progress,
        timeout_s=timeout_s,
        sleep=time.sleep,
        monotonic=time.monotonic,
    )


async def test_it_asks_ever_more_slowly_until_the_end() -> None:
    time = Time()
    last = await watch([Seen(0)] * 9 + [Seen(100, ended=True)], time)
    assert last.ended
    assert time.sleeps == [0.2, 0.3, 0.45, 0.675, 1.013, 1.519, 2.278, 3.0, 3.0]


async def test_the_default_pace_stays_below_the_servers_limits() -> None:
    time = Time()
    await watch([Seen(0)] * 2000 + [Seen(100, ended=True)], time)
    starts = [sum(time.sleeps[:index]) for index in range(len(time.sleeps))]
    assert sum(start < 60 for start in starts) < 60
    assert sum(start < 3600 for start in starts) < 1800


async def test_progress_hears_each_percentage_once_and_never_one_that_fell() -> None:
    heard: list[int] = []
    steps = [Seen(0), Seen(40), Seen(40), Seen(30), Seen(85), Seen(100, ended=True)]
    await watch(steps, Time(), progress=heard.append)
    assert heard == [0, 40, 85, 100]


async def test_a_429_is_waited_out_for_as_long_as_it_asks() -> None:
    time = Time()
    busy = ApiError(429, [("Rate limit for this API has been reached.", 429)], retry_after_s=17.0)
    await watch([busy, ApiError(429, []), Seen(100, ended=True)], time)
    assert time.sleeps == [17.0, 0.3]


async def test_other_refusals_end_the_wait() -> None:
    time = Time()
    with pytest.raises(ApiError, match="Test Result not found"):
        await watch([Seen(10), ApiError(400, [("Test Result not found.", 400)])], time)
    assert len(time.sleeps) == 1


async def test_a_server_that_restarts_is_given_time() -> None:
    answers = [Seen(10), ServerUnreachable(), ServerUnreachable(), Seen(100, ended=True)]
    assert (await watch(answers, Time())).ended


async def test_a_server_that_stays_away_is_given_up_after_the_patience() -> None:
    time = Time()
    with pytest.raises(ServerUnreachable):
        await watch([Seen(10)] + [ServerUnreachable()] * 100, time, pace=Pace(patience_s=20.0))
    assert 20.0 <= time.now - 100.0 < 25.0


async def test_patience_begins_anew_with_each_answer() -> None:
    answers = ([ServerUnreachable()] * 3 + [Seen(10)]) * 5 + [Seen(100, ended=True)]
    pace = Pace(first_s=3.0, patience_s=10.0)
    assert (await watch(answers, Time(), pace=pace)).ended


async def test_a_timeout_is_kept() -> None:
    time = Time()
    with pytest.raises(WaitTimeout, match="not ended after 5 s"):
        await watch([Seen(0)] * 100, time, timeout_s=5.0)
    assert time.now - 100.0 <= 5.0


# --- single calls -------------------------------------------------------------------------------


async def call_once(answers: Iterable[Seen | Exception], time: Time, *, again: bool) -> Seen:
    return await patiently(
        script(answers), pace=Pace(), again=again, sleep=time.sleep, monotonic=time.monotonic
    )


async def test_a_call_that_comes_too_often_is_made_again_when_it_may() -> None:
    time = Time()
    too_often = ApiError(429, [("slow down", 429)], 30.0)
    assert await call_once([too_often, too_often, Seen(1)], time, again=False) == Seen(1)
    assert time.sleeps == [30.0, 30.0]


async def test_a_lost_call_is_made_again_only_where_that_is_harmless() -> None:
    with pytest.raises(ServerUnreachable):
        await call_once([ServerUnreachable(), Seen(1)], Time(), again=False)
    assert await call_once([ServerUnreachable(), Seen(1)], Time(), again=True) == Seen(1)
    time = Time()
    with pytest.raises(ServerUnreachable):
        await call_once([ServerUnreachable()] * 1000, time, again=True)
    assert 60 <= time.now - 100 < 64


async def test_any_other_refusal_is_told_at_once() -> None:
    with pytest.raises(ApiError, match="400"):
        await call_once([ApiError(400, [("no", 400)]), Seen(1)], Time(), again=True)
