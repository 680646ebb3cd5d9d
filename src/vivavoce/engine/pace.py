"""How fast and how wide a bot is asked: its rate over all processes, its ceiling over all runs here."""

import asyncio

from vivavoce.domain.bot import Bot
from vivavoce.engine.core import Engine

SLICE_S = 0.25  # tokens are drawn from the store for this long at a time


class Pacer:
    """Spends tokens of a bot's rate, drawn from the store in slices so that other processes get theirs."""

    def __init__(self, engine: Engine, bot_id: str, per_second: float) -> None:
        self._engine = engine
        self._bot_id = bot_id
        self._per_second = per_second
        self._left = 0
        self._next = 0.0  # epoch seconds at which the next token may be spent
        self._lock = asyncio.Lock()

    async def take(self) -> None:
        """Wait until one more request may be sent."""
        clock = self._engine.clock
        async with self._lock:
            if self._left == 0:
                self._left = max(1, int(self._per_second * SLICE_S))
                reserve = self._engine.store.rates.reserve
                now = clock.now().timestamp()
                self._next = await self._engine.call(
                    reserve, self._bot_id, self._left, self._per_second, now=now
                )
            due = self._next
            self._left -= 1
            self._next = max(due, clock.now().timestamp()) + 1 / self._per_second
        wait = due - clock.now().timestamp()
        if wait > 0:
            await clock.sleep(wait)


async def wait_for_one(engine: Engine, bot: Bot) -> None:
    """Wait until a single request may be sent to a bot, outside of any run."""
    rate = bot.limits.requests_per_second
    if rate > 0:
        now = engine.clock.now().timestamp()
        due = await engine.call(engine.store.rates.reserve, bot.id, 1, rate, now=now)
        if due > now:
            await engine.clock.sleep(due - now)


class Ceilings:
    """One ceiling a bot on what is in flight, and one pacer, shared by all runs of this process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._semaphores: dict[tuple[str, int], asyncio.Semaphore] = {}
        self._pacers: dict[tuple[str, float], Pacer] = {}

    def in_flight(self, bot: Bot) -> asyncio.Semaphore:
        key = (bot.id, bot.limits.max_conversations)
        return self._semaphores.setdefault(key, asyncio.Semaphore(key[1]))

    def pacer(self, bot: Bot) -> Pacer | None:
        """None: the bot has no rate limit."""
        rate = bot.limits.requests_per_second
        if rate <= 0:
            return None
        return self._pacers.setdefault((bot.id, rate), Pacer(self._engine, bot.id, rate))
