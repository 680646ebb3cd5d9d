"""Downloads behind signed links (testing-api.md 4.5)."""

from collections.abc import AsyncIterator

from fastapi import Request, Response
from starlette.responses import StreamingResponse

from vivavoce.domain.errors import NotFound
from vivavoce.engine.ports.store import Blobs
from vivavoce.server.context import Ctx
from vivavoce.server.media import content_disposition
from vivavoce.server.refusals import no_such_path
from vivavoce.server.routing import CallRouter

router = CallRouter()

FILE = {"200": {"description": "The file", "content": {"application/octet-stream": {}}}}


@router.serves("download_media", responses=FILE)
async def download(context: Ctx, request: Request) -> Response:
    file = context.links.check(context.admission.raw_path, request.scope["query_string"])
    pieces = _pieces(context.engine.blobs, file.key)
    try:
        first = await anext(pieces, b"")
    except NotFound:
        raise no_such_path() from None

    async def body() -> AsyncIterator[bytes]:
        yield first
        async for piece in pieces:
            yield piece

    is_csv = file.key.endswith(".csv") or file.client_name.lower().endswith(".csv")
    return StreamingResponse(
        body(),
        media_type="text/csv; charset=utf-8" if is_csv else "application/octet-stream",
        headers={
            "content-disposition": content_disposition(file.client_name),
            "x-content-type-options": "nosniff",
        },
    )


async def _pieces(blobs: Blobs, key: str) -> AsyncIterator[bytes]:
    async with blobs.open(key) as chunks:
        async for chunk in chunks:
            yield chunk
