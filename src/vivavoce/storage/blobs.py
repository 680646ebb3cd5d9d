"""Bytes by key, in a local folder or in object storage, through obstore."""

import io
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, from_url

from vivavoce.domain.errors import InputError, InternalError, Malformed, NotFound
from vivavoce.engine.ports.store import Blobs

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from obstore import ReadableFile
    from obstore.store import ObjectStore

_CHUNK = 256 * 1024  # bytes, at least, of what `open` yields
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_LONGEST_KEY = 512  # characters


def open_blobs(place: str | Path) -> Blobs:
    """Blobs in a folder (made where it is missing) or behind a URL: `s3://bucket/prefix`, `gs://`, `az://`.

    Object stores take their credentials from the environment, as their own tools do. Raises InputError
    when there is no such kind of store or the folder cannot be made.
    """
    text = str(place)
    if text.startswith("file://"):
        text = unquote(urlsplit(text).path)
    try:
        if "://" in text:
            return ObjectBlobs(from_url(text))
        folder = Path(text).absolute()
        return LocalBlobs(LocalStore(folder, mkdir=True), folder)
    except (BaseError, OSError, ValueError) as error:
        reason = str(error).partition("\n")[0]  # what follows is for the store's own authors
        raise InputError(f"the blob store cannot be opened: {_without_user(reason)}") from error


def _without_user(text: str) -> str:
    """A text in which no address tells a user or password."""
    return re.sub(r"://[^/@\s]*@", "://***@", text)


class ObjectBlobs:
    """See engine.ports.store.Blobs. A blob appears whole or not at all: a broken upload leaves nothing."""

    def __init__(self, store: "ObjectStore") -> None:
        self._store = store

    async def put(self, key: str, chunks: AsyncIterator[bytes] | bytes) -> None:
        """An error raised by `chunks` comes out as it is."""
        with _errors(key):
            await obstore.put_async(self._store, _checked(key), chunks)

    def put_file(self, key: str, path: Path) -> None:
        with _errors(key), path.open("rb") as file:
            obstore.put(self._store, _checked(key), file)

    @asynccontextmanager
    async def open(self, key: str) -> AsyncIterator[AsyncIterator[bytes]]:
        with _errors(key):
            found = await obstore.get_async(self._store, _checked(key))
        yield _chunks(key, found.stream(min_chunk_size=_CHUNK))

    def reader(self, key: str) -> BinaryIO:
        with _errors(key):
            return io.BufferedReader(_Remote(obstore.open_reader(self._store, _checked(key))), _CHUNK)

    def delete(self, key: str) -> None:
        try:
            with _errors(key):
                obstore.delete(self._store, _checked(key))
        except NotFound:
            return

    def ping(self) -> None:
        """Raises InternalError when the store does not answer."""
        with _errors("ping"):
            next(iter(obstore.list(self._store, prefix="ping", chunk_size=1)), None)


class LocalBlobs(ObjectBlobs):
    """Blobs in a folder; read as plain files, which is quicker and needs nothing in between."""

    def __init__(self, store: LocalStore, folder: Path) -> None:
        super().__init__(store)
        self._folder = folder

    def reader(self, key: str) -> BinaryIO:
        with _errors(key):
            return (self._folder / _checked(key)).open("rb")

    def ping(self) -> None:
        if not self._folder.is_dir():
            raise InternalError(f"the folder {self._folder} is gone")


class _Remote(io.RawIOBase):
    """An object behind the interface that Python's buffered reader asks for."""

    def __init__(self, remote: "ReadableFile") -> None:
        self._remote = remote

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._remote.seek(offset, whence)

    def tell(self) -> int:
        return self._remote.tell()

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer).cast("B")
        data = self._remote.read(len(view)) if len(view) else b""
        view[: len(data)] = memoryview(data)
        return len(data)


async def _chunks(key: str, stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    with _errors(key):
        async for chunk in stream:
            yield chunk


def _checked(key: str) -> str:
    """A key is made by us: letters, digits and `._-` in parts joined by `/`, none beginning with a dot."""
    if len(key) > _LONGEST_KEY or not _KEY.fullmatch(key):
        raise Malformed(f"{key!r} is no key of a blob")
    return key


@contextmanager
def _errors(key: str) -> Iterator[None]:
    try:
        yield
    except (NotFoundError, FileNotFoundError) as error:
        raise NotFound(f"there is no blob {key}") from error
    except BaseError as error:
        raise InternalError(f"the blob store failed: {error}") from error
