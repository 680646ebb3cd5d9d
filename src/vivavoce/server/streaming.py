"""Large bodies: written piece by piece in the engine's threads while they leave."""

from collections.abc import AsyncIterator, Iterator

from starlette.responses import Response, StreamingResponse

from vivavoce.engine.core import Engine

JSON = "application/json"


async def streamed(engine: Engine, pieces: Iterator[bytes], media_type: str = JSON) -> Response:
    """An answer from a blocking iterator over pieces of it.

    The first pieces are written before the answer begins: what goes wrong there is still told by a status.
    """
    first = await engine.call(next, pieces, b"")
    second = await engine.call(next, pieces, b"") if first else b""
    if not second:
        return Response(first, media_type=media_type)

    async def body() -> AsyncIterator[bytes]:
        yield first
        piece = second
        while piece:
            yield piece
            piece = await engine.call(next, pieces, b"")

    return StreamingResponse(body(), media_type=media_type)
