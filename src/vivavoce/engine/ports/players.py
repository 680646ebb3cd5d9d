"""Who plays accepted runs, and who is shown what happens."""

from collections.abc import Callable
from typing import Protocol

from vivavoce.domain.events import Event

Listener = Callable[[Event], None]
"""Shows events; must not block and must not raise."""


class Dispatcher(Protocol):
    """Who plays accepted runs: in this process, or over a queue."""

    async def start(self) -> None:
        """Begin to play, the runs of dead owners too."""

    async def submit(self, run_id: str) -> None:
        """A run was accepted: play it soon."""

    async def cancel(self, run_id: str) -> None:
        """A run was asked to cancel: hurry."""

    async def aclose(self) -> None:
        """Stop in good order; unfinished runs go on at the next start."""

    def healthy(self) -> bool: ...
