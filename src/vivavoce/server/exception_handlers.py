"""From errors to answers: the one place that builds error bodies."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from vivavoce.domain.errors import Conflict, ConnectorError, Malformed, NotFound, TooLarge
from vivavoce.formats.places import json_path
from vivavoce.formats.wire.errors import error_body
from vivavoce.server.refusals import TEST_SUITE, Refusal, invalid, not_found, request_too_large


class BodyTooLarge(HTTPException):
    """The body grew over the limit while it was read. (FastAPI lets its own kind through unchanged.)"""

    def __init__(self, limit: int) -> None:
        super().__init__(413)
        self.limit = limit


class UnreadableBody(HTTPException):
    """The body is no JSON. (FastAPI lets its own kind through unchanged.)"""

    def __init__(self, malformed: Malformed) -> None:
        super().__init__(412)
        self.malformed = malformed


def refusal_response(refusal: Refusal) -> Response:
    return Response(
        error_body((message, refusal.code) for message in refusal.messages),
        status_code=refusal.status,
        headers=refusal.headers,
        media_type="application/json",
    )


def refusal_of(error: Exception) -> Refusal | None:
    """What an error of the engine or of the framework means to the caller; None: it is a fault of ours."""
    match error:
        case Refusal():
            return error
        case Malformed():
            return invalid([str(problem) for problem in error.problems])
        case NotFound():
            return not_found(TEST_SUITE, error.message)
        case Conflict():
            return Refusal(409, [error.message])
        case TooLarge():
            return Refusal(413, [f"The file is {error.message}"])
        case ConnectorError():
            return Refusal(502, [f"The bot could not be asked: {error.message}"])
        case RequestValidationError():
            return invalid([_problem(one) for one in error.errors()])
        case BodyTooLarge():
            return request_too_large(error.limit)
        case UnreadableBody():
            return invalid([str(problem) for problem in error.malformed.problems])
        case ClientDisconnect():
            return Refusal(400, ["The request ended before it was complete"])
        case HTTPException():
            return Refusal(error.status_code, [error.detail], headers=dict(error.headers or {}))
    return None


def install(app: FastAPI) -> None:
    """Answer every known error of an app in the one shape; others go up, to the edge."""
    for kind in (
        Refusal,
        Malformed,
        NotFound,
        Conflict,
        TooLarge,
        ConnectorError,
        RequestValidationError,
        ClientDisconnect,
        HTTPException,
    ):
        app.add_exception_handler(kind, _answer)
    app.add_exception_handler(Exception, _pass_on)


def _answer(request: Request, error: Exception) -> Response:
    refusal = refusal_of(error)
    if refusal is None:
        raise error
    return refusal_response(refusal)


async def _pass_on(request: Request, error: Exception) -> Response:
    """Without this the framework would answer a fault in plain text before the edge sees it."""
    raise error


def _problem(error: dict[str, Any]) -> str:
    """One finding of pydantic with its place: a JSON path, or the query's or header's name."""
    where: Sequence[str | int] = error["loc"]
    source, *path = where
    place = json_path(tuple(path)) if source == "body" else f"{source} {'.'.join(map(str, path))}"
    return f"{place}: {error['msg']}"
