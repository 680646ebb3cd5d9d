"""Rolling limits: a minute's and an hour's window for each key.

Not the `limits` package: its moving windows in memory keep every key for good (a key a run asked about, in a
server that lives for months), start a thread at nearly each call, count each window
apart from the other, and take no clock.
"""

from collections import deque
from collections.abc import Callable
from math import ceil

MINUTE = 60.0
HOUR = 3600.0
_SWEEP_EVERY = 1000  # calls


class RollingLimits:
    """Counts calls by key. `monotonic` gives seconds; a limit of 0 is none."""

    def __init__(self, per_minute: int, per_hour: int, monotonic: Callable[[], float]) -> None:
        self._windows = [
            (limit, span) for limit, span in ((per_minute, MINUTE), (per_hour, HOUR)) if limit > 0
        ]
        self._longest = max((span for _, span in self._windows), default=0.0)
        self._monotonic = monotonic
        self._taken: dict[tuple[str, ...], deque[float]] = {}
        self._calls = 0

    def take(self, key: tuple[str, ...]) -> int:
        """Count one call, unless a window is full. Returns 0, or the seconds after which one is free."""
        if not self._windows:
            return 0
        now = self._monotonic()
        self._sweep(now)
        taken = self._taken.setdefault(key, deque())
        self._forget(taken, now)
        wait = max(self._wait(taken, limit, span, now) for limit, span in self._windows)
        if wait > 0:
            return max(1, ceil(wait))
        taken.append(now)
        return 0

    @staticmethod
    def _wait(taken: deque[float], limit: int, span: float, now: float) -> float:
        """Seconds until the window holds fewer than `limit` calls."""
        if len(taken) < limit:
            return 0.0
        freed = taken[-limit]  # when this one leaves the window, there is room
        return freed + span - now

    def _forget(self, taken: deque[float], now: float) -> None:
        while taken and taken[0] <= now - self._longest:
            taken.popleft()

    def _sweep(self, now: float) -> None:
        """Now and then drop keys that nobody used for so long that they do not count."""
        self._calls += 1
        if self._calls % _SWEEP_EVERY:
            return
        idle = [key for key, taken in self._taken.items() if not taken or taken[-1] <= now - self._longest]
        for key in idle:
            del self._taken[key]
