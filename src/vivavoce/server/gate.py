"""The gate: every decision of testing-api.md 8.24 up to the request size, before any body is read.

It is driven by the table of calls. What passes goes to the API with an internal path (the call's name: the
routes below decode theirs, and a suite's name may hold anything) and an `Admission` in its scope; what is not
under `/api/` goes to the site.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vivavoce.domain.bot import Bot
from vivavoce.server.auth import Caller, authenticate
from vivavoce.server.calls import STREAM, Call, Limit, Size
from vivavoce.server.exception_handlers import BodyTooLarge, refusal_response
from vivavoce.server.paths import Found, Paths
from vivavoce.server.rate_limits import RollingLimits
from vivavoce.server.refusals import (
    Refusal,
    invalid_credentials,
    missing_scope,
    no_such_path,
    request_too_large,
    too_often,
    wrong_method,
)
from vivavoce.server.services import Services

ADMISSION = "vivavoce.admission"
CALL = "vivavoce.call"
MULTIPART_OVERHEAD = 64 * 1024  # what an upload may hold besides the file


@dataclass(frozen=True)
class Admission:
    """What the gate found out about a request. Signed calls have no caller, only calls of a stream a bot."""

    call: Call
    parameters: Mapping[str, str]  # of the path, decoded
    raw_path: bytes
    caller: Caller | None = None
    bot: Bot | None = None


class Gate:
    """An ASGI app in front of the API and the site."""

    def __init__(self, api: ASGIApp, site: ASGIApp, services: Services) -> None:
        self._api = api
        self._site = site
        self._engine = services.engine
        self._settings = services.settings
        self._paths = Paths()
        self._limits = RollingLimits(
            services.settings.rate_per_minute,
            services.settings.rate_per_hour,
            services.engine.clock.monotonic,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raw_path = _raw_path(scope)
        if scope["type"] != "http" or not (raw_path + b"/").startswith(b"/api/"):
            await self._site(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            admission = await self._admit(scope, raw_path, headers)
            limit = self._size_limit(admission.call)
            if _content_length(headers) > limit:
                raise request_too_large(limit)
        except Refusal as refusal:
            await refusal_response(refusal)(scope, receive, send)
            return
        await self._api(_inner_scope(scope, admission), _bounded(receive, limit), send)

    async def _admit(self, scope: Scope, raw_path: bytes, headers: Headers) -> Admission:
        found = self._choose(scope, self._paths.find(raw_path), headers)
        call, parameters = found.call, found.parameters
        scope[CALL] = call.name
        if call.signed:
            return Admission(call, parameters, raw_path)
        caller, bot = await self._engine.call(self._identify, headers, parameters.get(STREAM))
        if call.scope is not None and call.scope not in caller.app.scopes:
            raise missing_scope()
        if key := _limit_key(call, parameters, caller):
            if wait := self._limits.take(key):
                raise too_often(wait)
        return Admission(call, parameters, raw_path, caller, bot)

    @staticmethod
    def _choose(scope: Scope, found: Sequence[Found], headers: Headers) -> Found:
        if not found:
            raise no_such_path()
        method: str = scope["method"]
        override = headers.get("x-http-method-override", "").strip().lower()
        if method == "POST" and override == "delete":
            method = "DELETE"
        for one in found:
            if one.call.method == method:
                return one
        raise wrong_method(one.call.method for one in found)

    def _identify(self, headers: Headers, stream: str | None) -> tuple[Caller, Bot | None]:
        """Who calls, and the bot that the path names, in one visit to the store. Raises Refusal (401)."""
        with self._engine.store.together():
            caller = authenticate(self._engine, headers)
            return caller, None if stream is None else self._bot(caller, stream)

    def _bot(self, caller: Caller, stream: str) -> Bot:
        """An unknown stream and a foreign one are refused alike: existence is never disclosed."""
        allowed = caller.app.all_streams or stream in caller.app.streams
        bot = self._engine.store.bots.get(stream) if allowed else None
        if bot is None:
            raise invalid_credentials()
        return bot

    def _size_limit(self, call: Call) -> int:
        if call.size is Size.FILE:
            sizes = self._engine.sizes
            return max(sizes.batch_file, sizes.conversation_file) + MULTIPART_OVERHEAD
        return self._settings.request_size


def _raw_path(scope: Scope) -> bytes:
    """The path as it came; servers that do not tell it get a good guess."""
    raw: bytes | None = scope.get("raw_path")
    return quote(scope.get("path", "")).encode() if raw is None else raw.partition(b"?")[0]


def _content_length(headers: Headers) -> int:
    told = headers.get("content-length", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 20 else 0


def _limit_key(call: Call, parameters: Mapping[str, str], caller: Caller) -> tuple[str, ...]:
    """What the call's windows are counted for; empty: they are not."""
    match call.limit:
        case Limit.NONE:
            return ()
        case Limit.APP:
            return ("app", caller.app.client_id)
        case Limit.STREAM:
            return ("stream", parameters[STREAM])
        case Limit.REQUEST:  # with the stream, so that nobody can use up the calls of a stranger's run
            return ("request", parameters[STREAM], list(parameters.values())[-1])


def _inner_scope(scope: Scope, admission: Admission) -> Scope:
    headers = MutableHeaders(raw=list(scope["headers"]))
    if admission.call.size is Size.PLAIN:
        headers["content-type"] = "application/json"  # bodies are judged by content, not by this header
    path = f"/{admission.call.name}"
    return {
        **scope,
        "method": admission.call.method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "headers": headers.raw,
        ADMISSION: admission,
    }


def _bounded(receive: Receive, limit: int) -> Receive:
    """The body of a request that did not tell its size, refused as soon as it is too large."""
    received = 0

    async def bounded() -> Message:
        nonlocal received
        message = await receive()
        if message["type"] == "http.request":
            received += len(message.get("body", b""))
            if received > limit:
                raise BodyTooLarge(limit)
        return message

    return bounded
