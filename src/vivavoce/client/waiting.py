"""Asking again until something has ended, without running into the server's rate limits."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

import msgspec

from vivavoce.client.errors import ApiError, ServerUnreachable, WaitTimeout

TOO_MANY_REQUESTS = 429

Progress = Callable[[int], None]
"""Gets a percentage, 0 to 100, whenever it has risen."""


class Pace(msgspec.Struct, frozen=True):
    """How often a wait asks. In seconds.

    The defaults stay below 60 calls a minute and 1,800 an hour, the server's own limits for status calls.
    """

    first_s: float = 0.2
    factor: float = 1.5
    longest_s: float = 3.0
    patience_s: float = 60.0  # how long the server may be away (a restart) before the wait gives up


class Watched(Protocol):
    """Something that goes on at the server."""

    @property
    def ended(self) -> bool: ...
    @property
    def percentage(self) -> int: ...


W = TypeVar("W", bound=Watched)
T = TypeVar("T")


async def patiently(
    ask: Callable[[], Awaitable[T]],
    *,
    pace: Pace,
    again: bool,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    monotonic: Callable[[], float] = time.monotonic,
) -> T:
    """Make one call; a 429 is waited out. `again`: the call may be made twice, so that a server that is away
    is given `patience_s`. Raises whatever `ask` raises otherwise."""
    last_answer = monotonic()
    delay = pace.first_s
    while True:
        pause = delay
        try:
            return await ask()
        except ApiError as error:
            if error.status != TOO_MANY_REQUESTS:
                raise
            last_answer = monotonic()
            pause = delay if error.retry_after_s is None else error.retry_after_s
        except ServerUnreachable:
            if not again or monotonic() - last_answer >= pace.patience_s:
                raise
        await sleep(pause)
        delay = min(delay * pace.factor, pace.longest_s)


async def wait(
    ask: Callable[[], Awaitable[W]],
    *,
    pace: Pace,
    progress: Progress | None,
    timeout_s: float | None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    monotonic: Callable[[], float] = time.monotonic,
) -> W:
    """Ask until the answer has ended. A 429 is waited out, a server that is away is given `patience_s`.

    Raises WaitTimeout after `timeout_s`, and whatever `ask` raises otherwise.
    """
    started = last_answer = monotonic()
    delay = pace.first_s
    shown = -1
    while True:
        pause = delay
        try:
            seen = await ask()
        except ApiError as error:
            if error.status != TOO_MANY_REQUESTS:
                raise
            last_answer = monotonic()
            pause = delay if error.retry_after_s is None else error.retry_after_s
        except ServerUnreachable:
            if monotonic() - last_answer >= pace.patience_s:
                raise
        else:
            last_answer = monotonic()
            if progress is not None and seen.percentage > shown:
                shown = seen.percentage
                progress(shown)
            if seen.ended:
                return seen
        if timeout_s is not None and monotonic() - started + pause > timeout_s:
            raise WaitTimeout(f"not ended after {timeout_s:g} s")
        await sleep(pause)
        delay = min(delay * pace.factor, pace.longest_s)
