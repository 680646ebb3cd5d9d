"""The engine's parts in one value, handed to every use case."""

import asyncio
import functools
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from vivavoce.domain.bot import Bot
from vivavoce.engine.ports.bots import Connectors
from vivavoce.engine.ports.clock import Clock, NewId
from vivavoce.engine.ports.graders import NO_GRADERS, Graders
from vivavoce.engine.ports.judges import NO_JUDGES, Judges
from vivavoce.engine.ports.store import Blobs, Store

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Sizes:
    """The largest files that are taken, in bytes (testing-api.md 8.26)."""

    conversation_file: int = 32 * 1024 * 1024
    batch_file: int = 256 * 1024 * 1024


@dataclass(frozen=True)
class Engine:
    """What use cases work with. `wiring` builds it; tests build it from fakes."""

    store: Store
    blobs: Blobs
    connectors: Connectors
    clock: Clock
    new_id: NewId
    threads: Executor  # small: the store and blocking reads run here
    sizes: Sizes = Sizes()
    graders: Graders = NO_GRADERS
    judges: Judges = NO_JUDGES
    suite_secrets: Callable[[Bot], Mapping[str, str]] = lambda bot: {}
    """The variables of the environment that suites of a bot may read, `VIVA_BOT_...` by name."""

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a blocking function of the store or blobs in the engine's threads."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, functools.partial(function, *args, **kwargs))
