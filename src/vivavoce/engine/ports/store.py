"""Where everything else is kept."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Protocol

from vivavoce.domain.bot import Bot
from vivavoce.domain.catalog import App, StoredFile
from vivavoce.engine.ports.runs import RunStore
from vivavoce.engine.ports.suites import SuiteStore


class BotStore(Protocol):
    def save(self, bot: Bot) -> None:
        """Add the bot, or replace the one of the same id."""

    def get(self, bot_id: str) -> Bot | None: ...
    def by_name(self, name: str) -> Bot | None: ...
    def all(self) -> list[Bot]: ...
    def remove(self, bot_id: str) -> bool:
        """Also removes its suites and runs; False when there is none."""


class AppStore(Protocol):
    def add(self, app: App) -> None: ...
    def get(self, client_id: str) -> App | None:
        """Revoked apps too."""

    def all(self) -> list[App]: ...
    def revoke(self, client_id: str) -> bool: ...


class FileStore(Protocol):
    """Records of files; their bytes lie in Blobs."""

    def add(self, file: StoredFile) -> None: ...
    def get(self, file_id: str) -> StoredFile | None: ...
    def remove(self, file_id: str) -> None: ...


class RateStore(Protocol):
    def reserve(self, bot_id: str, tokens: int, per_second: float, *, now: float) -> float:
        """Take tokens from the bot's row over all processes; returns the epoch time from which they may be
        spent, `1 / per_second` apart."""


class Store(Protocol):
    bots: BotStore
    apps: AppStore
    files: FileStore
    suites: SuiteStore
    runs: RunStore
    rates: RateStore

    def together(self) -> AbstractContextManager[None]:
        """What this thread reads inside is read through one connection, which costs less. Not for writing."""

    def ping(self) -> None:
        """Raises when the database does not answer."""

    def close(self) -> None: ...


class Blobs(Protocol):
    """Bytes by key: a local folder or object storage."""

    async def put(self, key: str, chunks: AsyncIterator[bytes] | bytes) -> None: ...
    def put_file(self, key: str, path: Path) -> None:
        """Blocking; called in a thread."""

    def open(self, key: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """Chunks of at most about 1 MiB. Raises NotFound."""

    def reader(self, key: str) -> BinaryIO:
        """A blocking, seekable binary reader; called in a thread. Raises NotFound."""

    def delete(self, key: str) -> None:
        """Blocking; a missing key is fine."""

    def ping(self) -> None: ...
