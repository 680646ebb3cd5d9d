"""How endpoints are tied to the table of calls, and how their JSON bodies are read."""

from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeVar

import msgspec
from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from vivavoce.domain.errors import Malformed, Problem
from vivavoce.formats.json_text import decode, unsound, utf8_body
from vivavoce.server.calls import BY_NAME
from vivavoce.server.exception_handlers import UnreadableBody

Endpoint = TypeVar("Endpoint", bound=Callable[..., Coroutine[Any, Any, Response]])


class JsonRequest(Request):
    """A request whose JSON is read strictly: UTF-8 (a byte order mark is fine), not nested without end."""

    async def json(self) -> Any:
        data = await self.body()
        try:
            if not data.strip():
                raise Malformed("the body is empty")
            value = decode(utf8_body(data), msgspec.Raw)
            try:
                body = msgspec.json.decode(value)
            except msgspec.ValidationError:  # of any JSON value, only a number can be refused
                raise Malformed(Problem("holds a number that is too large", "$")) from None
            if reason := unsound(body):
                raise Malformed(Problem(reason, "$"))
        except Malformed as malformed:
            raise UnreadableBody(malformed) from malformed
        return body


class JsonRoute(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()

        async def strict(request: Request) -> Response:
            return await handler(JsonRequest(request.scope, request.receive))

        return strict


class CallRouter(APIRouter):
    """Endpoints by the names of their calls; the gate has settled path and method."""

    def __init__(self) -> None:
        super().__init__(route_class=JsonRoute)

    def serves(
        self, *names: str, answer: type[BaseModel] | None = None, **documented: Any
    ) -> Callable[[Endpoint], Endpoint]:
        """Tie a function to calls. `answer` and `documented` (OpenAPI) describe, they do not check."""

        def tie(endpoint: Endpoint) -> Endpoint:
            for name in names:
                call = BY_NAME[name]
                self.add_api_route(
                    f"/{name}",
                    endpoint,
                    methods=[call.method],
                    name=name,
                    operation_id=name,
                    summary=call.summary,
                    response_class=Response,
                    responses={200: {"model": answer}} if answer else None,
                    openapi_extra=documented or None,
                )
            return endpoint

        return tie


class ByName(BaseRoute):
    """Leads to the endpoint of a call by its name; a router would try one path after the other."""

    def __init__(self, endpoints: Iterable[APIRoute]) -> None:
        self._endpoints = {endpoint.path: endpoint for endpoint in endpoints}

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        endpoint = self._endpoints.get(scope["path"])
        return (Match.NONE, {}) if endpoint is None else endpoint.matches(scope)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._endpoints[scope["path"]].handle(scope, receive, send)


def json_answer(body: bytes) -> Response:
    """An answer of JSON that `formats.wire` wrote."""
    return Response(body, media_type="application/json")
