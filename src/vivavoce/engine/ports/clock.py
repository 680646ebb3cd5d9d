"""Time and chance."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The time of day, UTC, aware."""

    def monotonic(self) -> float:
        """Seconds that never go back."""

    async def sleep(self, seconds: float) -> None: ...


NewId = Callable[[str], str]
"""`new_id("ctr")` -> "ctr-<uuid>"; `new_id("")` -> 24 hex digits."""
