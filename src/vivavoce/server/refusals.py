"""What the edge refuses, in the platform's words (testing-api.md 1)."""

from collections.abc import Iterable, Sequence

SDK_CODE = 4002
PROBLEMS_SHOWN = 50

TEST_SUITE = "Test Suite not found"
TEST_RESULT = "Test Result not found."
FILE_ID = "Invalid file id"
REQUEST_ID = "Invalid request ID"
VALIDATION = "Validation errors/ Invalid arguments"
BATCH_FILE = "CSV format is incorrect"


class Refusal(Exception):
    """A request is refused: HTTP status, messages (the platform's first), the code they all carry."""

    def __init__(
        self,
        status: int,
        messages: Sequence[str],
        *,
        code: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__("; ".join(messages))
        self.status = status
        self.messages = tuple(messages)
        self.code = status if code is None else code
        self.headers = headers or {}


def no_such_path() -> Refusal:
    return Refusal(404, ["Not Found"])


def wrong_method(allowed: Iterable[str]) -> Refusal:
    return Refusal(405, ["Method Not Allowed"], headers={"allow": ", ".join(sorted(set(allowed)))})


def invalid_credentials() -> Refusal:
    """No, broken, foreign or expired token; a stream that is unknown or not the app's; a broken link."""
    return Refusal(401, ["Invalid SDK credentials"], code=SDK_CODE)


def missing_scope() -> Refusal:
    return Refusal(401, ["Permission denied. Scope is incorrect!"], code=SDK_CODE)


def too_often(retry_after_s: int) -> Refusal:
    message = "Rate limit for this API has been reached. Please try again after some time."
    return Refusal(429, [message], headers={"retry-after": str(retry_after_s)})


def request_too_large(limit: int) -> Refusal:
    return Refusal(413, [f"The request is larger than the limit of {limit:,} bytes"])


def not_found(what: str, *details: str) -> Refusal:
    """400, as the platform answers for what does not exist; `what` is one of the messages above."""
    return Refusal(400, [what, *details])


def invalid(problems: Sequence[str], message: str = VALIDATION) -> Refusal:
    """412 with one entry a problem; of very many only the first are shown."""
    shown = list(problems[:PROBLEMS_SHOWN])
    if len(problems) > len(shown):
        shown.append(f"and {len(problems) - len(shown):,} more problems")
    return Refusal(412, [message, *shown])
