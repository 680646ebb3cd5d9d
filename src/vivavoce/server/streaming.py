"""Large bodies: written piece by piece in the engine's threads while they leave."""

from collections.abc import AsyncIterator, Iterator
from itertools import islice

from starlette.responses import Response, StreamingResponse

from vivavoce.engine.core import Engine

JSON = "application/json"


async def streamed(engine: Engine, pieces: Iterator[bytes], media_type: str = JSON) -> Response:
    """An answer from a blocking iterator over pieces of it.

    The first pieces are written before the answer begins: what goes wrong there is still told by a status.
    """
    begun = await engine.call(list, islice(pieces, 2))
    if len(begun) < 2:
        return Response(b"".join(begun), media_type=media_type)

    async def body() -> AsyncIterator[bytes]:
        for piece in begun:
            yield piece
        while piece := await engine.call(next, pieces, b""):
            yield piece

    return StreamingResponse(body(), media_type=media_type)
