"""HTTP to bots: one small interface, and its implementation over aiohttp.

Whatever goes wrong below becomes one of domain.errors' ConnectorErrors, in one line that names the bot's host
and nothing secret. Time is the caller's to bound.
"""

from collections.abc import Mapping
from typing import Any, Protocol

import aiohttp
import msgspec
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from vivavoce.connectors.addresses import Allow, CheckedResolver, literal_refusal
from vivavoce.connectors.faults import map_fault
from vivavoce.domain.errors import Unreachable, UnreadableReply

MAX_BODY = 10 * 1024 * 1024  # bytes, unpacked
KEEP_ALIVE_S = (
    4.0  # below the 5 s of common servers, so that a turn rarely meets a connection that just closed
)


class Answer(msgspec.Struct, frozen=True, gc=False):
    """What came back, whatever its status."""

    status: int
    headers: Mapping[str, str]  # compares names without case
    body: bytes

    def cookies(self) -> list[str]:
        """The values of all Set-Cookie headers."""
        headers = self.headers
        return headers.getall("Set-Cookie", []) if isinstance(headers, CIMultiDictProxy) else []


class Transport(Protocol):
    """Sends one request and returns its answer."""

    async def request(
        self, method: str, url: URL, headers: CIMultiDict[str], body: bytes | None, *, name: str
    ) -> Answer:
        """`name` is what errors call the bot. Redirects are not followed. Raises ConnectorError."""

    async def aclose(self) -> None: ...


class AiohttpTransport:
    """A pool of connections of its own; no cookies, no proxies from the environment, no silent second try.

    `connections` caps those open at a time (0: as many as the caller sends at a time). `allow` may refuse
    addresses; link-local ones are always refused.
    """

    def __init__(self, *, connections: int = 0, allow: Allow | None = None, max_body: int = MAX_BODY) -> None:
        self._connections = connections
        self._allow = allow
        self._max_body = max_body
        self._session: aiohttp.ClientSession | None = None
        self._safe_hosts: set[str] = set()

    async def request(
        self, method: str, url: URL, headers: CIMultiDict[str], body: bytes | None, *, name: str
    ) -> Answer:
        session = self._session or self._open()
        if (host := url.raw_host) not in self._safe_hosts:
            self._check_literal(host or "", name)
        response: aiohttp.ClientResponse | None = None
        try:
            # `request()` only wraps this in a context manager; the body is read and released here anyway.
            response = await session._request(method, url, data=body, headers=headers, allow_redirects=False)
            content = await self._read(response, name)
            return Answer(response.status, response.headers, content)
        except (aiohttp.ClientError, TimeoutError, OSError) as exc:
            raise map_fault(exc, name) from exc
        finally:
            # A connection whose body was not read to its end cannot be used again.
            if response is not None and not response.closed:
                response.close()

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        """aiohttp binds a session to the running loop, hence not before the first request."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=self._connections,
                keepalive_timeout=KEEP_ALIVE_S,
                resolver=CheckedResolver(self._allow),
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
            trust_env=False,
            raise_for_status=False,
        )
        # aiohttp sends GET, PUT and DELETE again by itself when a connection breaks; a bot that took the turn
        # would take it twice. What may be sent again is the engine's to decide.
        self._session._retry_connection = False
        return self._session

    def _check_literal(self, host: str, name: str) -> None:
        """aiohttp resolves no address that stands in the URL itself, so the resolver never sees it."""
        if refusal := literal_refusal(host, self._allow):
            raise Unreachable(f"{name} may not be called: {refusal}")
        self._safe_hosts.add(host)

    async def _read(self, response: aiohttp.ClientResponse, name: str) -> bytes:
        """The whole body, unless it is too large: then the rest is left unread."""
        announced = response.content_length
        if (
            announced is not None
            and announced <= self._max_body
            and not response.headers.get("Content-Encoding")
        ):
            return await response.read()
        content = bytearray()
        if announced is None or announced <= self._max_body:
            async for chunk in response.content.iter_any():
                content += chunk
                if len(content) > self._max_body:
                    break
            else:
                return bytes(content)
        raise UnreadableReply(f"{name} answered more than {self._max_body:,} bytes")


def json_value(answer: Answer, name: str) -> Any:
    """The answer's body as JSON; None for an answer that has none by its status. Raises UnreadableReply."""
    if answer.status == 204:
        return None
    try:
        return _decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        if not answer.body:
            reason = "an empty body instead of JSON"
        elif isinstance(exc, RecursionError):
            reason = "JSON that is nested too deeply"
        else:
            detail = "not UTF-8" if isinstance(exc, UnicodeDecodeError) else str(exc).removeprefix("JSON is ")
            reason = f"no JSON ({kind[:40] + ', ' if kind else ''}{detail})"
        raise UnreadableReply(f"{name} answered {reason}") from exc


_plain_decode = msgspec.json.Decoder().decode


def _decode(body: bytes) -> Any:
    return _plain_decode(body[3:] if body.startswith(b"\xef\xbb\xbf") else body)
