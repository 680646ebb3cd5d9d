"""The outermost layer: turns a fault of ours into a 500 that can be found in the log, and counts answers."""

import logging

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vivavoce.engine.ports.clock import NewId
from vivavoce.formats.wire.errors import error_body
from vivavoce.server.gate import CALL
from vivavoce.server.metrics import Metrics

REQUEST_ID_HEADER = "x-request-id"

log = logging.getLogger(__name__)


class Edge:
    """An ASGI app around all others. Nothing that a request can raise leaves it, unless an answer began."""

    def __init__(self, app: ASGIApp, metrics: Metrics, new_id: NewId) -> None:
        self._app = app
        self._metrics = metrics
        self._new_id = new_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception:
            request_id = self._new_id("req")
            log.exception("request %s (%s) failed", request_id, scope.get(CALL, "no call"))
            if status:
                raise  # the answer had begun: only breaking off the connection tells that it is not whole
            await _fault(request_id)(scope, receive, watched)
        finally:
            self._metrics.count(scope.get(CALL, "other"), status)


def _fault(request_id: str) -> Response:
    return Response(
        error_body([("Internal Server Error", 500)]),
        status_code=500,
        headers={REQUEST_ID_HEADER: request_id},
        media_type="application/json",
    )
