"""HTTP to the server: one session, tokens, and every failure mapped to the client's error tree."""

import errno
import os
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from vivavoce.client.errors import ApiError, ServerUnreachable, UnexpectedAnswer
from vivavoce.client.token import sign

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientSession, FormData

CHUNK = 256 * 1024


class _Problem(msgspec.Struct):
    msg: str
    code: int


class _Problems(msgspec.Struct):
    errors: list[_Problem]


class Transport:
    """Calls of one client app. aiohttp is imported with the first call, which also opens the session."""

    def __init__(
        self,
        base_url: str,
        client_id: str,
        client_secret: str,
        *,
        subject: str,
        language: str | None,
        algorithm: str,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._client_id = client_id
        self._client_secret = client_secret
        self._subject = subject
        self._language = language
        self._algorithm = algorithm
        self._session: ClientSession | None = None

    async def call(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, str] | None = None,
        json: object = None,
        form: "FormData | None" = None,
    ) -> dict[str, Any]:
        """One API call; `path` is percent-encoded. Returns the body, always a JSON object.

        Raises ApiError, ServerUnreachable, UnexpectedAnswer.
        """
        headers = self._headers()
        data: Any = form
        if json is not None:
            data = msgspec.json.encode(json)
            headers["content-type"] = "application/json"
        async with self._request(
            method, self.base_url + path, params=params, headers=headers, data=data
        ) as got:
            body = await got.read()
        return _object(body)

    def _headers(self) -> dict[str, str]:
        """With a fresh token."""
        token = sign(
            self._client_id,
            self._client_secret,
            audience=self.base_url,
            subject=self._subject,
            algorithm=self._algorithm,
        )
        return {"auth": token, **({"bot-language": self._language} if self._language else {})}

    async def download(self, path: str, *, params: dict[str, str]) -> AsyncGenerator[bytes, None]:
        """The body of an API call that is no JSON object for us, in chunks; raises as `call` does."""
        address = self.base_url + path
        async with self._request("GET", address, params=params, headers=self._headers()) as response:
            async for chunk in response.content.iter_chunked(CHUNK):
                yield chunk

    async def stream(self, url: str) -> AsyncGenerator[bytes, None]:
        """The bytes behind a signed media link, in chunks; no token is sent along."""
        async with self._request("GET", url) as response:
            async for chunk in response.content.iter_chunked(CHUNK):
                yield chunk

    @asynccontextmanager
    async def _request(
        self,
        method: str,
        url: str,
        *,
        params: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        data: Any = None,
    ) -> AsyncIterator["ClientResponse"]:
        from aiohttp import ClientError as AiohttpError
        from yarl import URL

        address = URL(url, encoded=True)
        if params:
            address = address.update_query(params)
        try:
            async with self._open().request(method, address, headers=headers, data=data) as response:
                if response.status >= 400:
                    raise _refusal(
                        response.status, await response.read(), response.headers.get("Retry-After")
                    )
                yield response
        except (AiohttpError, TimeoutError, OSError) as error:
            raise ServerUnreachable(f"{self.base_url} gave no answer: {_reason(error)}") from error

    def _open(self) -> "ClientSession":
        if self._session is None:
            from aiohttp import ClientSession, ClientTimeout

            # No bound on the whole call: an upload or a report may be large, silence may not be long.
            self._session = ClientSession(
                timeout=ClientTimeout(total=None, sock_connect=10.0, sock_read=120.0)
            )
        return self._session

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


def _reason(error: Exception) -> str:
    """In words; the operating system's where it has some (`Connection refused`)."""
    cause = getattr(error, "os_error", error)  # aiohttp wraps what connecting raised
    number = cause.errno if isinstance(cause, OSError) else None
    if number is not None and number > 0 and number in errno.errorcode:
        return os.strerror(number)
    return str(error) or type(error).__name__


def _object(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnexpectedAnswer(f"the server's answer is not a JSON object: {error}") from error


def _refusal(status: int, body: bytes, retry_after: str | None) -> ApiError:
    try:
        problems = [
            (problem.msg, problem.code) for problem in msgspec.json.decode(body, type=_Problems).errors
        ]
    except (msgspec.DecodeError, UnicodeDecodeError):
        problems = []  # a proxy in between speaks another language; the status says enough
    try:
        wait_s = None if retry_after is None else max(float(retry_after), 0.0)
    except ValueError:
        wait_s = None  # a date: the wait's own pace is used
    return ApiError(status, problems, wait_s)
