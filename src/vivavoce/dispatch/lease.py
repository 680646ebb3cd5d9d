"""Who holds a run: a process, told apart from a later one that got the same id."""

import os
import socket
import uuid
from dataclasses import dataclass
from pathlib import Path

LEASE_S = 10.0
HEARTBEAT_S = 1.0


@dataclass(frozen=True)
class Owner:
    """A process that plays runs. `name` is `<pid>-<when it began>-<random>`."""

    name: str
    host: str

    @classmethod
    def this_process(cls) -> "Owner":
        pid = os.getpid()
        return cls(f"{pid}-{_began(pid)}-{uuid.uuid4().hex[:8]}", socket.gethostname())

    def alive(self) -> bool:
        """Whether the process still runs; only the owner's own host can tell."""
        pid, began, _ = self.name.split("-", 2)
        return _exists(int(pid)) if began == "?" else _began(int(pid)) == began


def _began(pid: int) -> str:
    """When a process began, in the kernel's ticks; `?` where that is not told, empty when it is gone."""
    if not Path("/proc/self/stat").exists():
        return "?"
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    state, *fields = stat.rpartition(")")[2].split()
    return "" if state == "Z" else fields[18]  # a zombie plays nothing


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
