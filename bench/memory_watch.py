"""Samples how much memory a process takes, alone and with its children. Elsewhere than on Linux: nothing."""

import threading
from pathlib import Path
from types import TracebackType
from typing import Self

EVERY_S = 0.1


class MemoryWatch:
    """Watches while it is entered.

    `own_mb`: the process's largest resident set; `tree_mb`: the largest sum of proportional set sizes of it
    and all below it, of those that were sampled.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.own_mb = self.tree_mb = 0.0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(EVERY_S):
            self.own_mb = max(self.own_mb, _megabytes(self._pid, "status", "VmHWM:"))
            below = _tree(self._pid)
            self.tree_mb = max(self.tree_mb, sum(_megabytes(pid, "smaps_rollup", "Pss:") for pid in below))


def _tree(pid: int) -> list[int]:
    found = [pid]
    for each in found:  # grows
        for children in Path(f"/proc/{each}/task").glob("*/children"):
            try:
                found += map(int, children.read_text().split())
            except OSError:
                continue  # it is gone
    return found


def _megabytes(pid: int, file: str, key: str) -> float:
    try:
        lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(key)), 0.0)
