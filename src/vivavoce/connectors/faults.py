"""From what goes wrong on the wire to the error tree: exceptions of aiohttp, and statuses."""

import os
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import aiohttp
from aiohttp.http_exceptions import ContentEncodingError

from vivavoce.connectors.addresses import AddressRefused
from vivavoce.domain.errors import (
    BadStatus,
    ConnectionLost,
    ConnectorError,
    StepTimeout,
    Throttled,
    Unreachable,
    UnreadableReply,
)


def map_fault(exc: Exception, name: str) -> ConnectorError:
    """The connector error for an exception of aiohttp. Its own message is not used: it may hold the URL."""
    match exc:
        case aiohttp.ConnectionTimeoutError():
            return Unreachable(f"{name} cannot be reached: no connection in time")
        case TimeoutError():
            return StepTimeout(f"{name} did not answer in time")
        case aiohttp.ClientConnectorError(os_error=AddressRefused() as refused):
            return Unreachable(f"{name} may not be called: {refused}")
        case aiohttp.ClientConnectorDNSError():
            return Unreachable(f"{name} cannot be reached: its name cannot be resolved")
        case aiohttp.ClientConnectorCertificateError():
            detail = getattr(exc.certificate_error, "verify_message", "") or "not valid"
            return Unreachable(f"{name} cannot be reached: its certificate is not accepted ({detail})")
        case aiohttp.ClientSSLError():
            return Unreachable(f"{name} cannot be reached: no secure connection (is it https?)")
        case aiohttp.ClientConnectorError():
            return Unreachable(f"{name} cannot be reached: {_os_reason(exc.os_error)}")
        case aiohttp.ClientPayloadError() if _holds(exc, ContentEncodingError):
            return UnreadableReply(f"{name} sent a body that cannot be unpacked")
        case aiohttp.ClientPayloadError():
            return ConnectionLost(f"{name} broke off in the middle of its answer")
        case aiohttp.ClientResponseError():
            return UnreadableReply(f"{name} does not speak HTTP as it should")
        case aiohttp.ServerDisconnectedError():
            return ConnectionLost(f"{name} closed the connection without an answer")
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError():
            return Unreachable(f"{name} cannot be reached: its address is not valid")
        case OSError():
            return ConnectionLost(f"the connection to {name} was lost: {_os_reason(exc)}")
    return ConnectionLost(f"the connection to {name} was lost")


def check_status(status: int, headers: Mapping[str, str], name: str) -> None:
    """Raises the connector error for a status that is no success (testing-api.md 8.13)."""
    if 200 <= status < 300:
        return
    said = f"{name} answered {status}{_phrase(status)}"
    if status in (429, 503):
        raise Throttled(said, retry_after_s(headers.get("Retry-After")))
    if status in (502, 504):
        raise ConnectionLost(said)
    if 300 <= status < 400:
        said += ", a redirect; redirects are not followed: put the final address into `url`"
    raise BadStatus(said)


def retry_after_s(value: str | None) -> float | None:
    """Seconds from a Retry-After header, a number or a date; None when it says nothing readable."""
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None


def _phrase(status: int) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""


def _os_reason(exc: OSError) -> str:
    # The system's words for the number alone: asyncio's text repeats the address.
    return os.strerror(exc.errno).lower() if exc.errno and exc.errno > 0 else "connection failed"


def _holds(exc: BaseException, kind: type[BaseException]) -> bool:
    """Whether an exception of this kind stands anywhere in the chain of causes."""
    seen: BaseException | None = exc
    while seen is not None:
        if isinstance(seen, kind):
            return True
        seen = seen.__cause__ or seen.__context__
    return False
