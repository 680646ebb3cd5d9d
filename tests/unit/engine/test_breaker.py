"""The breaker: opens on consecutive outages, probes without spending results, closes or gives up."""

from dataclasses import dataclass

import pytest

from tests.unit.engine.fakes import FakeClock
from vivavoce.domain.bot import Breaker as Settings
from vivavoce.engine.breaker import BotDown, Breaker


@dataclass
class Tried:
    outage: bool


class Bot:
    """Down for the attempts whose numbers are in `down`."""

    def __init__(self, down: set[int]) -> None:
        self.down = down
        self.attempts = 0

    async def attempt(self) -> Tried:
        self.attempts += 1
        return Tried(self.attempts in self.down)


def breaker(clock: FakeClock, notices: list[str] | None = None) -> Breaker:
    told = notices if notices is not None else []
    settings = Settings(errors=3, probe_every_s=10, give_up_s=60)
    return Breaker(settings, clock, paused=told.append, resumed=lambda: told.append("resumed"))


async def test_outages_below_the_limit_or_with_successes_between_do_not_open_it() -> None:
    clock, bot = FakeClock(), Bot({1, 2, 4, 5})
    under_test = breaker(clock)
    assert [(await under_test.play(bot.attempt)).outage for _ in range(6)] == [
        True, True, False, True, True, False,
    ]  # fmt: skip
    assert clock.slept == []


async def test_open_it_waits_probes_and_a_failed_probe_costs_no_result() -> None:
    notices: list[str] = []
    clock, bot = FakeClock(), Bot({1, 2, 3, 4, 5})
    under_test = breaker(clock, notices)
    for _ in range(3):
        await under_test.play(bot.attempt)
    assert not (await under_test.play(bot.attempt)).outage
    assert bot.attempts == 6
    assert clock.elapsed == 30
    assert notices == ["3 consecutive errors: the bot seems to be down", "resumed"]


async def test_it_gives_up_after_its_time() -> None:
    clock, bot = FakeClock(), Bot(set(range(1, 100)))
    under_test = breaker(clock)
    for _ in range(3):
        await under_test.play(bot.attempt)
    with pytest.raises(BotDown, match="no answer for 60 s"):
        await under_test.play(bot.attempt)
    assert clock.elapsed == 60


async def test_zero_errors_means_never() -> None:
    clock, bot = FakeClock(), Bot(set(range(1, 100)))
    under_test = Breaker(Settings(errors=0), clock)
    for _ in range(50):
        await under_test.play(bot.attempt)
    assert clock.slept == []
