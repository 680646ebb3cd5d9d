"""The answer to an upload (testing-api.md 2)."""

from vivavoce.domain.catalog import StoredFile
from vivavoce.formats.wire.encoding import encode


def uploaded(file: StoredFile, *, named: bool = False) -> bytes:
    """`named`: the call under a bot's path also answers `fileName`, with the file's id."""
    body = {"fileId": file.id, "hash": file.sha256}
    if named:
        body["fileName"] = file.id
    return encode(body)
