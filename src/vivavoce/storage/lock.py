"""An exclusive lock on a data folder."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from vivavoce.domain.errors import Conflict, InputError


class SqliteLock:
    """Held by the one process that plays a role on a data folder (testing-api.md 8.12).

    The system frees it when its holder dies, however it dies. The file stays: deleting it would let two
    processes lock two files of the same name.
    """

    def __init__(self, data_dir: Path, role: str = "serve") -> None:
        self.path = data_dir / f"{role}.lock"
        self._role = role
        self._file: int | None = None

    def acquire(self) -> None:
        """Raises Conflict, naming the holder, when another process (or another lock here) has it, and
        InputError for a folder that cannot be written to."""
        if self._file is not None:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise InputError(
                f"the data folder {self.path.parent} cannot be written to: {error.strerror}"
            ) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(file, 32).decode(errors="replace").strip()
            os.close(file)
            by = f" by process {holder}" if holder else ""
            raise Conflict(
                f"another `{self._role}` is running{by} on the data folder {self.path.parent}"
            ) from error
        os.ftruncate(file, 0)
        os.write(file, f"{os.getpid()}\n".encode())
        self._file = file

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()
