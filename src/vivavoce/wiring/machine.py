"""The machine's own clock, chance and event loop."""

import asyncio
import secrets
import sys
from collections.abc import Coroutine
from datetime import UTC, datetime
from time import monotonic
from typing import Any, TypeVar
from uuid import uuid4

T = TypeVar("T")


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def new_id(prefix: str) -> str:
    """`<prefix>-<uuid>`; without a prefix 24 hex digits."""
    return f"{prefix}-{uuid4()}" if prefix else secrets.token_hex(12)


def run_async(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run to the end on the fastest event loop there is."""
    if sys.platform == "win32":
        return asyncio.run(coroutine)
    import uvloop

    return uvloop.run(coroutine)
