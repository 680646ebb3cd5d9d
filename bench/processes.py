"""Processes under measurement, and those that they talk to."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.memory_watch import MemoryWatch

CHECKOUT = Path(__file__).parents[1]
START_S = 60.0


@dataclass(frozen=True)
class Spent:
    """What one process took from its start to its end."""

    seconds: float
    cpu_seconds: float  # with its children's
    peak_mb: float  # largest resident set
    output: str
    tree_mb: float = (
        0.0  # most memory of the process and its children together (proportional set size), sampled
    )


def spend(arguments: Sequence[object], *, folder: Path, codes: Sequence[int] = (0,)) -> Spent:
    """Run `python <arguments>` to its end. Raises RuntimeError."""
    command = [sys.executable, *map(str, arguments)]
    log = folder / "output.txt"
    with log.open("wb") as sink:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=sink, stderr=sink, cwd=CHECKOUT, env=_environment(folder, {})
        )
        with MemoryWatch(process.pid) as memory:
            _, ending, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(ending)  # it is gone: nobody is to wait for it again
    output = log.read_text(encoding="utf-8", errors="replace")
    if process.returncode not in codes:
        raise RuntimeError(f"{' '.join(command)}: exit code {process.returncode}\n{output[-2000:]}")
    cpu_seconds = usage.ru_utime + usage.ru_stime
    return Spent(seconds, cpu_seconds, memory.own_mb, output, memory.tree_mb)


@contextmanager
def serving(
    arguments: Sequence[object], *, folder: Path, environment: Mapping[str, str] | None = None
) -> Iterator[tuple[str, int]]:
    """Keep `python <arguments>` running; yields the first line that it prints, and its process id."""
    command = [sys.executable, *map(str, arguments)]
    with (folder / "server.log").open("wb") as sink:
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=sink,
            cwd=CHECKOUT,
            env=_environment(folder, environment or {}),
            text=True,
        )
        assert process.stdout is not None
        try:
            if not select.select([process.stdout], [], [], START_S)[0]:
                raise RuntimeError(f"{' '.join(command)} did not start")
            yield process.stdout.readline().strip(), process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()


def cpu_of(process_id: int) -> float:
    """Seconds of CPU that a running process took so far, without its children's."""
    fields = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def fast_bot(folder: Path) -> Iterator[str]:
    """The address of a bot that answers at once, in a process of its own."""
    with serving(["-m", "tests.bots.server", "--fast"], folder=folder) as (port, _):
        yield f"http://127.0.0.1:{port}/chat"


def _environment(folder: Path, more: Mapping[str, str]) -> dict[str, str]:
    """This process's, without any settings of Vivavoce's; all that is kept lies in `folder`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VIVA_")}
    return {**kept, "VIVA_DATA_DIR": str(folder / "data"), **more}
