"""The breaker: tells a bot that is down from a bot that is wrong.

It counts consecutive outages (refused, lost, throttled, timed out; a status 500 or a broken body is an answer
and does not count). Open, it lets one attempt through every `probe_every_s`; an attempt that holds closes it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from vivavoce.domain import bot
from vivavoce.engine.ports.clock import Clock


class BotDown(Exception):
    """The bot gave no answer for so long that the run is unusable."""


class Attempt(Protocol):
    @property
    def outage(self) -> bool: ...


A = TypeVar("A", bound=Attempt)


class Breaker:
    """One run's breaker."""

    def __init__(
        self,
        settings: bot.Breaker,
        clock: Clock,
        *,
        paused: Callable[[str], None] = lambda reason: None,
        resumed: Callable[[], None] = lambda: None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._paused = paused
        self._resumed = resumed
        self._outages = 0  # consecutive
        self._opened_at: float | None = None
        self._next_probe = 0.0
        self._probing = asyncio.Lock()

    async def play(self, attempt: Callable[[], Awaitable[A]]) -> A:
        """Carry an attempt out as soon as the bot may be asked; a failed probe is tried again later, so
        that waiting for a bot costs no results. Raises BotDown."""
        while True:
            if not self._open():
                played = await attempt()
                self._note(played.outage)
                return played
            async with self._probing:
                if not self._open():
                    continue
                if self._hopeless():
                    raise BotDown(
                        f"the bot gave no answer for {self._settings.give_up_s:g} s "
                        f"after {self._settings.errors} consecutive errors"
                    )
                await self._clock.sleep(max(0.0, self._next_probe - self._clock.monotonic()))
                played = await attempt()
                self._note(played.outage)
                if not played.outage:
                    return played

    def _open(self) -> bool:
        return self._opened_at is not None

    def _hopeless(self) -> bool:
        return self._opened_at is not None and (self._next_probe - self._opened_at > self._settings.give_up_s)

    def _note(self, outage: bool) -> None:
        if not outage:
            self._outages = 0
            if self._opened_at is not None:
                self._opened_at = None
                self._resumed()
            return
        self._outages += 1
        now = self._clock.monotonic()
        if self._opened_at is not None:
            self._next_probe = now + self._settings.probe_every_s
        elif 0 < self._settings.errors <= self._outages:
            self._opened_at = now
            self._next_probe = now + self._settings.probe_every_s
            self._paused(f"{self._outages} consecutive errors: the bot seems to be down")
