"""One call of an OpenAI-compatible service over HTTP: JSON in, JSON out.

Whatever goes wrong becomes a GradingFault in one line that names the service and never its key. Redirects are
not followed: they would take the key elsewhere.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

import aiohttp
import msgspec

from vivavoce.engine.ports.graders import GradingFault

TIMEOUT_S = 60.0  # of one try
TRIES = 3
LONGEST_WAIT_S = 30.0
_FIRST_WAIT_S = 0.5
_MAX_BODY = 8 * 1024 * 1024  # bytes
_SHOWN = 200  # characters of what a service says about an error


class Refused(GradingFault):
    """The service does not take this request; sending it again is of no use."""

    def __init__(self, message: str, said: str) -> None:
        super().__init__(message)
        self.said = said  # in the service's own words


class Endpoint:
    """Posts to one address.

    Connections are kept while calls are in flight and closed with the last of them: beside what a model takes
    a new connection is nothing, and nobody has to remember to close it.
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        name: str,
        key_setting: str,
        timeout_s: float = TIMEOUT_S,
        tries: int = TRIES,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`name`: what faults call the service. `key_setting`: the variable that its key comes from."""
        self._url = url
        self._key = key
        self._name = name
        self._key_setting = key_setting
        self._timeout_s = timeout_s
        self._tries = tries
        self._sleep = sleep
        self._session: aiohttp.ClientSession | None = None
        self._in_flight = 0

    async def post(self, body: dict[str, Any]) -> Any:
        """The decoded answer; 429, 5xx and lost connections are tried again. Raises GradingFault."""
        async with self._pool() as session:
            for attempt in range(1, self._tries + 1):
                last = attempt == self._tries
                tried = f" (tried {attempt} times)" if attempt > 1 else ""
                wait = _FIRST_WAIT_S * 2 ** (attempt - 1)
                try:
                    status, retry_after, content = await self._once(session, body)
                except TimeoutError:
                    # Not again: an answer that takes this long would be paid for twice and still not be had.
                    raise GradingFault(f"{self._name} did not answer within {self._timeout_s:g} s") from None
                except (aiohttp.ClientError, OSError) as error:
                    if last:
                        why = type(error).__name__  # its own text may hold the address and what stands in it
                        raise GradingFault(f"{self._name} cannot be reached: {why}{tried}") from None
                else:
                    if status == 200:
                        return self._decode(content)
                    if not (status == 429 or status >= 500):
                        raise self._refusal(status, content)
                    if last:
                        raise GradingFault(f"{self._name} answered {_status(status)}{tried}")
                    wait = _retry_after_s(retry_after, wait)
                await self._sleep(wait)
        raise AssertionError("the last try returns or raises")

    async def aclose(self) -> None:
        """Calls in flight break off."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _once(
        self, session: aiohttp.ClientSession, body: dict[str, Any]
    ) -> tuple[int, str | None, bytes]:
        async with session.post(
            self._url, data=msgspec.json.encode(body), headers=self._headers(), allow_redirects=False
        ) as response:
            content = bytearray()
            async for chunk in response.content.iter_any():
                content += chunk
                if len(content) > _MAX_BODY:
                    raise GradingFault(f"{self._name} answered more than {_MAX_BODY:,} bytes")
            return response.status, response.headers.get("Retry-After"), bytes(content)

    @asynccontextmanager
    async def _pool(self) -> AsyncIterator[aiohttp.ClientSession]:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=self._timeout_s), cookie_jar=aiohttp.DummyCookieJar()
            )
        self._in_flight += 1
        try:
            yield self._session
        finally:
            self._in_flight -= 1
            if self._in_flight == 0:
                await self.aclose()

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        return headers

    def _decode(self, content: bytes) -> Any:
        try:
            return msgspec.json.decode(content)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise GradingFault(f"{self._name} answered no JSON: is its address the API's?") from None

    def _refusal(self, status: int, content: bytes) -> Refused:
        said = self._said(content)
        message = f"{self._name} answered {_status(status)}"
        if status in (401, 403):
            message += f" (is {self._key_setting} right?)"
        elif status == 404:
            message += " (are its address and its model right?)"
        elif 300 <= status < 400:
            message += ", a redirect; redirects are not followed: set the final address"
        return Refused(f"{message}: {said}" if said else message, said)

    def _said(self, content: bytes) -> str:
        """What an error's body says, in one short line without the key."""
        try:
            found = msgspec.json.decode(content)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return ""
        for name in ("error", "message", "detail"):
            if isinstance(found, dict) and name in found:
                found = found[name]
        if not isinstance(found, str):
            return ""
        text = found.replace(self._key, "…") if self._key else found
        return " ".join(text.split())[:_SHOWN]


def call_url(base: str, call: str) -> str:
    """The address of a call below a service's base; an address that ends with the call already is kept."""
    base = base.rstrip("/")
    return base if base.endswith(f"/{call}") else f"{base}/{call}"


def _status(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _retry_after_s(value: str | None, otherwise: float) -> float:
    """What the service asks for in seconds, within bounds; a date or nonsense is not followed."""
    asked = float(value) if value is not None and value.strip().isdecimal() else otherwise
    return min(asked, LONGEST_WAIT_S)
