"""A bound on the time of each of many turns, at the price of one timer for all of them."""

import asyncio
from types import TracebackType


class TurnLimit:
    """`with limit:` around a turn raises TimeoutError when it takes too long; for the task that made it.

    asyncio.timeout does the same, but arms and disarms a timer each time, which costs a played step as much
    as judging it. Here the timer looks, when it is due, whether a turn is late, and else waits on.
    """

    def __init__(self, seconds: float) -> None:
        task = asyncio.current_task()
        assert task is not None, "turns are played in tasks"
        self._task = task
        self._loop = asyncio.get_running_loop()
        self._seconds = seconds
        self._due: float | None = None  # None: between turns
        self._timer: asyncio.TimerHandle | None = None
        self._late = False
        self._cancels = 0  # asked of the task by others

    def __enter__(self) -> None:
        self._cancels = self._task.cancelling()
        self._due = self._loop.time() + self._seconds
        if self._timer is None:
            self._timer = self._loop.call_at(self._due, self._look)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._due = None
        if not self._late:
            return
        self._late = False
        # A cancel that came from elsewhere at the same time goes on as one.
        if self._task.uncancel() <= self._cancels and kind is asyncio.CancelledError:
            raise TimeoutError from error

    def close(self) -> None:
        """No turn will follow."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        self._timer = None
        if self._due is None:
            return  # the next turn sets the timer again
        if self._loop.time() < self._due:
            self._timer = self._loop.call_at(self._due, self._look)
            return
        self._late = True
        self._task.cancel()
