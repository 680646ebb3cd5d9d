"""Files of ours on their way into the blob store."""

import hashlib
from pathlib import Path

from vivavoce.domain.catalog import StoredFile
from vivavoce.engine.core import Engine


def store_file(
    engine: Engine, path: Path, *, name: str, client_id: str = "", key_suffix: str = ""
) -> StoredFile:
    """Keep a file's bytes and its record, in this order: a record never points to nothing. Blocking."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while piece := stream.read(1024 * 1024):
            digest.update(piece)
            size += len(piece)
    key = engine.new_id("f") + key_suffix
    engine.blobs.put_file(key, path)
    file = StoredFile(
        id=engine.new_id(""),
        key=key,
        name=name,
        size=size,
        sha256=digest.hexdigest(),
        client_id=client_id,
        created_on=engine.clock.now(),
    )
    engine.store.files.add(file)
    return file
