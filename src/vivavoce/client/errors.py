"""What can go wrong between the client and a server.

VivaError
└── ClientError
    ├── ApiError            the server refused, and said why
    ├── ServerUnreachable   no answer came
    ├── UnexpectedAnswer    an answer came that the contract does not know
    └── WaitTimeout         what was waited for did not end in time; it goes on at the server
"""

from collections.abc import Sequence

from vivavoce.domain.errors import VivaError


class ClientError(VivaError):
    """The testing API could not be used."""


class ApiError(ClientError):
    """The server refused the call.

    Attributes:
        status: the HTTP status.
        problems: what the body said, as (message, code), in order.
        retry_after_s: how long a 429 asks to wait; None where it does not say.
    """

    def __init__(
        self, status: int, problems: Sequence[tuple[str, int]], retry_after_s: float | None = None
    ) -> None:
        self.status = status
        self.problems = list(problems)
        self.retry_after_s = retry_after_s
        told = "; ".join(f"{message} (code {code})" for message, code in self.problems)
        super().__init__(f"HTTP {status}: {told or 'no reason given'}")


class ServerUnreachable(ClientError):
    """The server gave no answer."""


class UnexpectedAnswer(ClientError):
    """The server's answer is not what the contract says."""


class WaitTimeout(ClientError):
    """What was waited for did not end in time."""
