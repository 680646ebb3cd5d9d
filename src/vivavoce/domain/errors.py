"""The error tree.

VivaError
├── InputError              somebody gave us something wrong; nothing was changed
│   ├── Malformed           a file or body that cannot be read; holds every place
│   ├── TooLarge            more bytes than are allowed
│   ├── NotFound            what was named does not exist
│   └── Conflict            what was asked contradicts what is there
├── ConnectorError          the bot could not be talked to: always an *error*, never a *failed*
│   ├── Unreachable         the connection was refused: the bot did not take the turn
│   ├── Throttled           429 or 503: the bot said "later"
│   ├── ConnectionLost      broken off, 502 or 504: the turn may have been taken
│   ├── StepTimeout         no answer within the step's time
│   ├── BadStatus           any other refusal by status
│   └── UnreadableReply     not JSON, too large, not the agreed shape
└── InternalError           our fault
"""

from enum import Enum
from typing import ClassVar

import msgspec


class VivaError(Exception):
    """Something went wrong in Vivavoce."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (type(self).__doc__ or "").splitlines()[0])

    @property
    def message(self) -> str:
        return str(self)


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong with an input: where, what, and the way out."""

    message: str
    place: str = ""  # a JSON path (`$.testCases[3].input`) or `line 4, column 2`; empty: the whole input
    hint: str = ""

    def __str__(self) -> str:
        text = f"{self.place}: {self.message}" if self.place else self.message
        return f"{text} ({self.hint})" if self.hint else text


class InputError(VivaError):
    """The input is wrong."""


class Malformed(InputError):
    """The file or body cannot be read."""

    def __init__(self, problems: "list[Problem] | Problem | str", source: str = "") -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems: list[Problem] = problems if isinstance(problems, list) else [problems]
        self.source = source  # a file's name; empty where the caller knows it
        lines = [f"{source}: {problem}" if source else str(problem) for problem in self.problems]
        super().__init__("\n".join(lines))


class TooLarge(InputError):
    """The file is too large."""

    def __init__(self, limit: int) -> None:
        self.limit = limit  # bytes
        super().__init__(f"larger than the limit of {limit:,} bytes")


class NotFound(InputError):
    """What was named does not exist."""


class Conflict(InputError):
    """What was asked contradicts what is there."""


class Retry(Enum):
    """What may be done after a connector error (testing-api.md 8.13)."""

    SAME_TURN = "same turn"  # the bot did not take the turn: send it again
    REPLAY = "replay"  # the turn may have been taken: play the conversation again from its start
    NEVER = "never"


class ConnectorError(VivaError):
    """The bot could not be talked to."""

    retry: ClassVar[Retry] = Retry.NEVER
    outage: ClassVar[bool] = False  # counts for the breaker: the bot seems to be down, not merely odd
    retry_after_s: float | None = None


class Unreachable(ConnectorError):
    """The bot could not be reached."""

    retry = Retry.SAME_TURN
    outage = True


class Throttled(ConnectorError):
    """The bot asks to come back later."""

    retry = Retry.SAME_TURN
    outage = True

    def __init__(self, message: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class ConnectionLost(ConnectorError):
    """The connection to the bot was lost."""

    retry = Retry.REPLAY
    outage = True


class StepTimeout(ConnectorError):
    """The bot did not answer in time."""

    outage = True


class BadStatus(ConnectorError):
    """The bot answered with an error status."""


class UnreadableReply(ConnectorError):
    """The bot's answer cannot be read."""


class InternalError(VivaError):
    """A fault of Vivavoce itself."""
