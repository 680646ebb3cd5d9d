"""The tutorials, followed to the letter: files are written, commands run, bots started, outputs looked at."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.docs.pages import DOCS, Block, Note, parts

TUTORIAL = DOCS / "tutorial"
PORT = "8765"  # as written; a free one is put in its place
RUN = re.compile(r"(?P<code>\d+)(?:, shows: (?P<shown>.*))?")


class Reader:
    """Somebody who does what a tutorial says, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._bot: subprocess.Popen[bytes] | None = None
        commands = Path(sys.executable).parent
        self._environment = {
            **os.environ,
            "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
            "VIVA_DATA_DIR": str(folder / "data"),
            "NO_COLOR": "1",
            "COLUMNS": "200",
        }

    def follow(self, page: Path) -> list[Path]:
        """Do everything; returns the pages that were followed, those that this one needs first."""
        followed = [page]
        note: Note | None = None
        for part in parts(page):
            if isinstance(part, Note):
                note = part
                if part.kind == "needs":
                    followed[:0] = self.follow(TUTORIAL / part.text)
                elif part.kind == "replace":
                    self._replace(part.text)
                continue
            if part.title:
                (self._folder / part.title).write_text(self._with_port(part.text), encoding="utf-8")
            elif part.language == "bash":
                assert note is not None, f"{part}: what should this do?"
                self._do(part, note)
            note = None
        return followed

    def _do(self, block: Block, note: Note) -> None:
        text = self._with_port(block.text)
        if note.kind == "background":
            self._start_bot(text)
            return
        wanted = RUN.fullmatch(note.text)
        assert wanted is not None, f"{block}: {note}"
        ran = subprocess.run(
            ["bash", "-euc", text],
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        told = f"{block}\n{ran.stdout}\n{ran.stderr}"
        assert ran.returncode == int(wanted["code"]), told
        assert (wanted["shown"] or "") in ran.stdout, told

    def _replace(self, text: str) -> None:
        name, _, change = text.partition(", ")
        old, _, new = change.partition(" -> ")
        path = self._folder / name
        before = path.read_text(encoding="utf-8")
        assert before.count(old) == 1, f"{old!r} in {name}"
        path.write_text(before.replace(old, new), encoding="utf-8")

    def _start_bot(self, text: str) -> None:
        self.stop_bot()
        command = text.split()
        assert command[0] == "python3"
        self._bot = subprocess.Popen([sys.executable, *command[1:]], cwd=self._folder)
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self._port), 1):
                return
            time.sleep(0.05)
        raise AssertionError("the bot did not start")

    def stop_bot(self) -> None:
        if self._bot is not None:
            self._bot.kill()
            self._bot.wait()

    def _with_port(self, text: str) -> str:
        return text.replace(PORT, str(self._port))


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    reader = Reader(tmp_path)
    yield reader
    reader.stop_bot()


def test_the_tutorials_work_as_written(reader: Reader) -> None:
    # The last one builds on all before it.
    followed = reader.follow(TUTORIAL / "first-batch-test.md")
    assert sorted(followed) == sorted(TUTORIAL.glob("*.md"))
