"""Real processes: the server, single commands, and the test bots."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).parents[2]
START_S = 60.0  # a busy machine, a cold cache
STOP_S = 30.0
LISTENING = "Listening on "


EACH = """
import contextlib, io, json, sys
from vivavoce.cli.main import main
done = []
for command in json.load(sys.stdin):
    sys.argv = ["viva", *command]
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main()
        except SystemExit as end:
            done.append((end.code or 0, out.getvalue(), err.getvalue()))
print(json.dumps(done))
"""


@dataclass
class Process:
    """A process that announced itself on its standard output."""

    popen: "subprocess.Popen[str]"
    first_line: str
    log: Path  # what it writes to its standard error

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it, if it still runs, and give its exit code (negative: the signal that killed it)."""
        if self.popen.poll() is None:
            self.popen.send_signal(how)
        try:
            return self.popen.wait(STOP_S)
        finally:
            if self.popen.poll() is None:
                self.popen.kill()
                self.popen.wait()
            assert self.popen.stdout is not None
            self.popen.stdout.close()

    @property
    def running(self) -> bool:
        return self.popen.poll() is None


@dataclass
class Server:
    """`viva serve` on a data dir."""

    process: Process
    url: str
    data_dir: Path

    def kill(self) -> None:
        """Without any warning, as a power cut does it."""
        assert self.process.stop(signal.SIGKILL) == -signal.SIGKILL


def start_server(data_dir: Path, *, port: str = "0", **settings: str) -> Server:
    """Start `viva serve` and wait until it listens. `settings`: VIVA_* by their names in lower case."""
    command = ["-m", "vivavoce", "serve", "--port", port, "--data-dir", str(data_dir)]
    limits = {"VIVA_RATE_PER_MINUTE": "0", "VIVA_RATE_PER_HOUR": "0"}
    environment = limits | {f"VIVA_{name.upper()}": value for name, value in settings.items()}
    process = _start(command, data_dir.with_name(f"{data_dir.name}.log"), environment)
    assert process.first_line.startswith(LISTENING), process.first_line + process.log.read_text()
    return Server(process, process.first_line.removeprefix(LISTENING), data_dir)


@contextmanager
def serving(data_dir: Path, **settings: str) -> Iterator[Server]:
    """A server for the length of the block; in the end it must stop cleanly."""
    server = start_server(data_dir, **settings)
    try:
        yield server
    finally:
        code = server.process.stop()
    assert code == 0, f"exit code {code}\n{server.process.log.read_text()}"
    assert "Traceback" not in server.process.log.read_text()


@contextmanager
def running_bots(folder: Path, *, latency_s: float = 0.0, fast: bool = False) -> Iterator[str]:
    """The test bots as a process; yields the address they start with."""
    command = ["-m", "tests.bots.server", "--latency", str(latency_s), *(["--fast"] if fast else [])]
    process = _start(command, folder / "bots.log", {})
    try:
        yield f"http://127.0.0.1:{process.first_line}"
    finally:
        process.stop()


def viva(
    *arguments: str,
    data_dir: Path | None = None,
    expect: int = 0,
    environment: dict[str, str] | None = None,
) -> "subprocess.CompletedProcess[str]":
    """Run one command to its end."""
    where = ["--data-dir", str(data_dir)] if data_dir else []
    done = subprocess.run(
        [sys.executable, "-m", "vivavoce", *arguments, *where],
        capture_output=True,
        text=True,
        timeout=100,
        env=_environment(environment or {}),
        check=False,
    )
    assert done.returncode == expect, f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def viva_each(
    *commands: Sequence[str],
    data_dir: Path | None = None,
    expect: Sequence[int] = (),
    environment: dict[str, str] | None = None,
) -> "list[subprocess.CompletedProcess[str]]":
    """Run commands one after the other in one process, as starting one takes longer than most of them do.
    `expect`: their exit codes; 0 where there are none."""
    where = ["--data-dir", str(data_dir)] if data_dir else []
    done = subprocess.run(
        [sys.executable, "-c", EACH],
        input=json.dumps([[*command, *where] for command in commands]),
        capture_output=True,
        text=True,
        timeout=100,
        env=_environment(environment or {}),
        check=True,
    )
    each = [
        subprocess.CompletedProcess(command, *one)
        for command, one in zip(commands, json.loads(done.stdout), strict=True)
    ]
    assert [one.returncode for one in each] == list(expect or [0] * len(commands)), each
    return each


def viva_json(*arguments: str, data_dir: Path) -> Any:
    """What a command prints with `--json`."""
    return json.loads(viva(*arguments, "--json", data_dir=data_dir).stdout)


def _start(arguments: list[str], log: Path, environment: dict[str, str]) -> Process:
    with log.open("a") as sink:
        popen = subprocess.Popen(
            [sys.executable, *arguments],
            stdout=subprocess.PIPE,
            stderr=sink,
            cwd=CHECKOUT,
            env=_environment(environment),
            text=True,
        )
    assert popen.stdout is not None
    ready, _, _ = select.select([popen.stdout], [], [], START_S)
    line = popen.stdout.readline().strip() if ready else ""
    process = Process(popen, line, log)
    if not line:
        code = process.stop(signal.SIGKILL)
        raise AssertionError(f"{arguments} did not start ({code}):\n{log.read_text()}")
    return process


def _environment(more: dict[str, str]) -> dict[str, str]:
    """The test's own environment without what may be set there for Vivavoce."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VIVA_")}
    return kept | {"NO_COLOR": "1", "COLUMNS": "200"} | more


def wait_until(condition: Any, seconds: float = 30.0, what: str = "the condition") -> None:
    """Ask again and again, and fail when it takes too long."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"{what} did not come true within {seconds} s"
        time.sleep(0.02)
