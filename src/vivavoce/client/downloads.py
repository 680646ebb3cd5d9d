"""What is downloaded in pieces: as a whole, or into a file."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path


async def whole(chunks: AsyncGenerator[bytes, None]) -> bytes:
    """All of it at once."""
    async with aclosing(chunks):
        return b"".join([chunk async for chunk in chunks])


async def write(chunks: AsyncGenerator[bytes, None], path: Path | str) -> int:
    """Write chunks to a file as they come; returns its size in bytes."""
    size = 0
    async with aclosing(chunks):
        first = await anext(chunks, b"")  # what is refused makes no file
        file = await asyncio.to_thread(Path(path).open, "wb")
        try:
            size += await asyncio.to_thread(file.write, first)
            async for chunk in chunks:
                size += await asyncio.to_thread(file.write, chunk)
        finally:
            await asyncio.to_thread(file.close)
    return size
