"""Records of files. Their bytes lie in blobs."""

from collections.abc import Collection

import msgspec
from sqlalchemy import Connection, delete, exists, insert, select
from sqlalchemy.exc import IntegrityError

from vivavoce.domain.catalog import StoredFile
from vivavoce.domain.errors import Conflict
from vivavoce.formats.payloads import encode
from vivavoce.storage.database import Database
from vivavoce.storage.tables import files, runs, suite_files

_decode = msgspec.json.Decoder(StoredFile).decode


class SqlFileStore:
    """See engine.ports.store.FileStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, file: StoredFile) -> None:
        """Raises Conflict when the id is taken."""
        try:
            with self._database.write() as connection:
                connection.execute(insert(files).values(id=file.id, payload=encode(file)))
        except IntegrityError as error:
            raise Conflict(f"the file id {file.id} is taken") from error

    def get(self, file_id: str) -> StoredFile | None:
        with self._database.read() as connection:
            payload = connection.scalar(select(files.c.payload).where(files.c.id == file_id))
        return None if payload is None else _decode(payload)

    def remove(self, file_id: str) -> None:
        with self._database.write() as connection:
            connection.execute(delete(files).where(files.c.id == file_id))


def drop_orphans(connection: Connection, file_ids: Collection[str]) -> list[StoredFile]:
    """Remove the records of those files that no suite and no run refers to; returns them."""
    orphaned = (
        select(files.c.id, files.c.payload)
        .where(files.c.id.in_(file_ids))
        .where(~exists().where(suite_files.c.file_id == files.c.id))
        .where(~exists().where(runs.c.report_file == files.c.id))
        .order_by(files.c.id)
    )
    rows = connection.execute(orphaned).all()
    connection.execute(delete(files).where(files.c.id.in_([row.id for row in rows])))
    return [_decode(row.payload) for row in rows]
