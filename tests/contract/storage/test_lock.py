"""The lock on a data folder."""

import subprocess
import sys
from pathlib import Path

import pytest

from vivavoce.domain.errors import Conflict, InputError
from vivavoce.storage import SqliteLock

HOLD = """
import sys, pathlib
from vivavoce.storage.lock import SqliteLock
SqliteLock(pathlib.Path(sys.argv[1])).acquire()
sys.stdout.write("held\\n"); sys.stdout.flush(); sys.stdin.read()
"""


def test_a_second_holder_is_refused_until_the_first_lets_go(tmp_path: Path) -> None:
    with SqliteLock(tmp_path / "new") as lock:
        lock.acquire()  # held already
        with pytest.raises(Conflict, match=r"another `serve`.*process \d+"):
            SqliteLock(tmp_path / "new").acquire()
        SqliteLock(tmp_path / "new", role="other").acquire()
        SqliteLock(tmp_path / "old").acquire()
    again = SqliteLock(tmp_path / "new")
    again.acquire()
    again.release()


def test_a_killed_holder_frees_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "held\n"
        with pytest.raises(Conflict, match=f"process {process.pid}"):
            SqliteLock(tmp_path).acquire()
        process.kill()
        process.wait()
        with SqliteLock(tmp_path):
            pass


def test_a_folder_that_cannot_be_written_to_is_wrong_input(tmp_path: Path) -> None:
    (tmp_path / "serve.lock").mkdir()
    with pytest.raises(InputError, match="cannot be written to: Is a directory"):
        SqliteLock(tmp_path).acquire()
