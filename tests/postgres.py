"""A private PostgreSQL for tests: `from tests.postgres import postgresql` in a conftest gives the fixture.

A cluster is made in a temporary folder, listens on 127.0.0.1 and a socket in that folder, and is gone with
the session. Where PostgreSQL is not installed, the tests that ask for it are skipped.
"""

import itertools
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

MISSING = "PostgreSQL was not found: install it (apt install postgresql) or put initdb and pg_ctl on PATH"
FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"


class PostgresServer:
    """A running cluster; every database made from it is a test's own."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._numbers = itertools.count(1)

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of an empty database, which is dropped afterwards."""
        name = f"viva_{next(self._numbers)}"
        with self._admin() as admin:
            admin.execute(f"CREATE DATABASE {name}".encode())
        yield f"postgresql+psycopg://viva@127.0.0.1:{self._port}/{name}"
        with self._admin() as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    def _admin(self) -> psycopg.Connection:
        return psycopg.connect(f"postgresql://viva@127.0.0.1:{self._port}/postgres", autocommit=True)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresServer]:
    if not found():
        pytest.skip(MISSING)
    initdb, pg_ctl = _program("initdb"), _program("pg_ctl")
    folder = Path(tempfile.mkdtemp(prefix="viva-pg-"))
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, "postgres", "postgres")
    data, port = folder / "data", _free_port()
    options = f"{FAST} -c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder}"
    try:
        _run(
            folder, initdb, "-D", data, "-U", "viva", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"
        )
        _run(folder, pg_ctl, "-D", data, "-l", folder / "log", "-o", options, "-w", "start")
        try:
            yield PostgresServer(port)
        finally:
            _run(folder, pg_ctl, "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def found() -> bool:
    """Whether a server can be started here."""
    startable = os.geteuid() != 0 or _may_become_postgres()
    return bool(_program("initdb") and _program("pg_ctl") and startable)


def _program(name: str) -> str:
    """On PATH, or where Debian keeps it, newest version first; empty: nowhere."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[4]), reverse=True
    )
    return shutil.which(name) or next(map(str, installed), "")


def _may_become_postgres() -> bool:
    known = shutil.which("runuser") and subprocess.run(["id", "postgres"], capture_output=True, check=False)
    return bool(known and known.returncode == 0)


def _run(folder: Path, *command: str | Path) -> None:
    become = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    with (folder / "out").open("a+") as out:  # not a pipe: the server would keep it open
        done = subprocess.run([*become, *command], stdout=out, stderr=out, cwd=folder, check=False)
        if done.returncode:
            out.seek(0)
            raise RuntimeError(f"{command[0]} failed: {out.read()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
