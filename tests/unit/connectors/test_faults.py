import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey

from vivavoce.connectors.faults import check_status, map_fault, retry_after_s
from vivavoce.domain.errors import (
    BadStatus,
    ConnectionLost,
    ConnectorError,
    StepTimeout,
    Throttled,
    Unreachable,
    UnreadableReply,
)

KEY = ConnectionKey("secret.example", 443, True, True, None, None, None)


@pytest.mark.parametrize(
    ("exc", "kind", "said"),
    [
        (aiohttp.ConnectionTimeoutError("http://h/?key=s3cret"), Unreachable, "no connection in time"),
        (aiohttp.SocketTimeoutError("http://h/?key=s3cret"), StepTimeout, "in time"),
        (TimeoutError(), StepTimeout, "in time"),
        (aiohttp.ClientConnectorError(KEY, OSError(111, "s3cret")), Unreachable, "connection refused"),
        (aiohttp.ClientConnectorDNSError(KEY, OSError(-2, "s3cret")), Unreachable, "name cannot be resolved"),
        (
            aiohttp.ClientConnectorCertificateError(KEY, ssl.CertificateError("s3cret")),
            Unreachable,
            "certificate is not accepted",
        ),
        (
            aiohttp.ClientConnectorSSLError(KEY, ssl.SSLError(1, "s3cret")),
            Unreachable,
            "no secure connection",
        ),
        (aiohttp.ClientPayloadError("s3cret"), ConnectionLost, "middle of its answer"),
        (aiohttp.ServerDisconnectedError("s3cret"), ConnectionLost, "without an answer"),
        (aiohttp.ClientOSError(104, "s3cret"), ConnectionLost, "connection reset by peer"),
        (aiohttp.ClientConnectionError("s3cret"), ConnectionLost, "was lost"),
        (aiohttp.InvalidURL("http://s3cret"), Unreachable, "not valid"),
        (OSError("s3cret"), ConnectionLost, "connection failed"),
    ],
)
def test_every_exception_becomes_an_error_of_the_tree_without_its_own_words(
    exc: Exception, kind: type[ConnectorError], said: str
) -> None:
    error = map_fault(exc, "bot.example")
    assert type(error) is kind
    assert said in error.message and "bot.example" in error.message
    assert "s3cret" not in error.message and "secret.example" not in error.message
    assert "\n" not in error.message


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *((status, BadStatus) for status in (500, 400, 418, 301, 799)),
        *((status, ConnectionLost) for status in (502, 504)),
        *((status, Throttled) for status in (429, 503)),
    ],
)
def test_every_status_that_is_no_success(status: int, kind: type[ConnectorError]) -> None:
    with pytest.raises(kind, match=f"bot.example answered {status}") as caught:
        check_status(status, {"Retry-After": "7"}, "bot.example")
    assert caught.value.retry_after_s == (7.0 if kind is Throttled else None)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_success(status: int) -> None:
    check_status(status, {}, "bot.example")


def test_retry_after() -> None:
    assert retry_after_s("3") == 3.0
    assert retry_after_s(None) is retry_after_s("soon") is retry_after_s("") is None
    later = retry_after_s(format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True))
    assert later is not None and 55 < later <= 60
    assert retry_after_s("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0


def test_a_body_that_cannot_be_unpacked_is_unreadable() -> None:
    error = aiohttp.ClientPayloadError("s3cret")
    error.__cause__ = aiohttp.http_exceptions.ContentEncodingError("s3cret")
    assert type(map_fault(error, "bot.example")) is UnreadableReply
