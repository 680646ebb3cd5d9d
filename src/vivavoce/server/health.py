"""Whether the process lives, whether it can work, and its numbers (interface.md, Health)."""

import asyncio
from collections import Counter
from collections.abc import Awaitable

from fastapi import APIRouter, Request, Response
from starlette.responses import PlainTextResponse

from vivavoce.engine.core import Engine
from vivavoce.formats.wire.encoding import encode
from vivavoce.server.metrics import Metrics
from vivavoce.server.services import Services

router = APIRouter()

PATIENCE_S = 5.0
RUNS_LOOKED_AT = 500


@router.get("/healthz")
async def healthz() -> Response:
    return Response(encode({"status": "ok"}), media_type="application/json")


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """200 when database, blobs and dispatcher answer; else 503 naming what does not."""
    services: Services = request.app.state.services
    engine = services.engine
    database, blobs = await asyncio.gather(
        _answers(engine.call(engine.store.ping)), _answers(engine.call(engine.blobs.ping))
    )
    parts = {"database": database, "blobs": blobs, "dispatcher": services.dispatcher.healthy()}
    failing = [name for name, fine in parts.items() if not fine]
    body = {"status": "unavailable", "failing": failing} if failing else {"status": "ok"}
    return Response(encode(body), status_code=503 if failing else 200, media_type="application/json")


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    services: Services = request.app.state.services
    counted: Metrics = request.app.state.metrics
    runs = await services.engine.call(_in_progress, services.engine)
    return PlainTextResponse(counted.render(runs), media_type="text/plain; version=0.0.4")


async def _answers(ping: Awaitable[None]) -> bool:
    try:
        async with asyncio.timeout(PATIENCE_S):
            await ping
    except Exception:  # whatever kind of refusal: it does not answer
        return False
    return True


def _in_progress(engine: Engine) -> dict[str, int]:
    """Going runs by kind, among the newest. Blocking."""
    counted = Counter({"conversation": 0, "batch": 0})
    counted.update(
        run.kind.value for run in engine.store.runs.recent(limit=RUNS_LOOKED_AT) if not run.status.ended
    )
    return dict(counted)
