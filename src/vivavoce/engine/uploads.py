"""Uploads: files that imports are made from."""

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from vivavoce.domain.catalog import App, StoredFile
from vivavoce.domain.errors import Malformed, TooLarge
from vivavoce.engine.core import Engine
from vivavoce.engine.storing import store_file


async def upload(
    engine: Engine, *, name: str, chunks: AsyncIterator[bytes], client_id: str, limit: int
) -> StoredFile:
    """Keep a file as it comes in. `limit` in bytes. Raises TooLarge; Malformed when it is empty."""
    with tempfile.TemporaryDirectory(prefix="viva-upload-") as folder:
        path = Path(folder) / "upload"
        size = 0
        with path.open("wb") as out:
            async for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise TooLarge(limit)
                await engine.call(out.write, chunk)
        if size == 0:
            raise Malformed("the file is empty")
        return await engine.call(store_file, engine, path, name=name, client_id=client_id)


async def visible_file(engine: Engine, file_id: str, app: App) -> StoredFile | None:
    """An uploaded file that this app may use: its own, or of an app that shares a stream (8.26)."""
    file = await engine.call(engine.store.files.get, file_id)
    if file is None or not file.client_id:
        return None
    if file.client_id == app.client_id:
        return file
    owner = await engine.call(engine.store.apps.get, file.client_id)
    return file if owner is not None and _share_a_stream(owner, app) else None


def _share_a_stream(one: App, other: App) -> bool:
    if one.all_streams:
        return other.all_streams or bool(other.streams)
    if other.all_streams:
        return bool(one.streams)
    return not set(one.streams).isdisjoint(other.streams)
