"""Somebody who does what a page says, to the letter, in a folder of their own."""

import contextlib
import os
import re
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.unit.docs.pages import Block, Note, parts

RUN = re.compile(r"(?P<code>\d+)(?:, shows: (?P<shown>.*))?")
WAITS = re.compile(r"waits for (?P<port>\d+)")
UNTIL = "# again, until it says "
ELIDED = re.compile(r"[\w-]*\.\.\.")  # `st-...`, `5f0c...`: what is another in every reader's terminal
PORTS = ("8765", "8377")  # as written; free ones are put in their places


class Reader:
    """Follows the notes of a page: `needs` (another page first), `replace` (in a file), `background` (start
    a process), `run` (a command with its exit code and a part of its output), `shell` (commands of one
    terminal, each with what it answers in a comment below), and `skip` (why the next block is not for us). A
    block without a language is what the `run` above it shows, but for times; `...` on a line of its own
    stands for any lines."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._meant: dict[str, str] = {}  # what stands for what is elided
        self._shown = ""  # by the last `run`
        self._ports = _free_ports()
        commands = Path(sys.executable).parent
        kept = {name: value for name, value in os.environ.items() if not name.startswith("VIVA_")}
        self._environment = {
            **kept,
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
                    followed[:0] = self.follow((page.parent / part.text).resolve())
                elif part.kind == "replace":
                    self._replace(part.text)
                continue
            if part.title:
                (self._folder / part.title).write_text(self._with_ports(part.text), encoding="utf-8")
            elif part.language == "bash" and note is not None and note.kind == "skip":
                pass
            elif part.language == "bash":
                assert note is not None, f"{part}: what should this do?"
                self._do(part, note)
            elif not part.language:
                assert _shows(part.text, self._shown), f"{part} shows another output:\n{self._shown}"
            note = None
        return followed

    def stop(self) -> None:
        for process in self._running.values():
            process.kill()
            process.wait()

    def _do(self, block: Block, note: Note) -> None:
        if note.kind == "background":
            waits = WAITS.fullmatch(note.text)
            assert waits is not None, f"{block}: {note}"
            self._start(self._with_ports(block.text), waits["port"])
        elif note.kind == "shell":
            for command, told in _commands(block.text):
                self._type(command, told, str(block))
        else:
            wanted = RUN.fullmatch(note.text)
            assert wanted is not None, f"{block}: {note}"
            ran = self._bash(self._with_ports(block.text))
            self._shown = ran.stdout
            shown = f"{block}\n{ran.stdout}\n{ran.stderr}"
            assert ran.returncode == int(wanted["code"]), shown
            assert (wanted["shown"] or "") in ran.stdout, shown

    def _type(self, command: str, told: list[str], where: str) -> None:
        """One command in a terminal that remembers exports; `told` is what the page says of its answer."""
        for elided, meant in self._meant.items():
            command = command.replace(elided, meant)
        memory = shlex.quote(str(self._folder / "exports"))
        script = f"[ ! -e {memory} ] || . {memory}\n{self._with_ports(command)}\nexport -p > {memory}"
        until = [line.removeprefix(UNTIL) for line in told if line.startswith(UNTIL)]
        end = time.monotonic() + 60
        while True:
            ran = self._bash(script)
            shown = f"{where}: {command}\n{ran.stdout}\n{ran.stderr}"
            assert ran.returncode == 0, shown
            if all(sign in ran.stdout for sign in until):
                break
            assert time.monotonic() < end, shown
            time.sleep(0.2)
        for line in told:
            if not line.startswith(UNTIL):
                self._compare(line.removeprefix("# "), ran.stdout, shown)

    def _compare(self, told: str, answer: str, shown: str) -> None:
        """Everything but what is elided must be so; what is elided is remembered."""
        elided = ELIDED.findall(told)
        kept = [re.escape(piece) for piece in ELIDED.split(told)]
        values = [f"({re.escape(text[:-3]) if text.endswith('-...') else ''}[\\w-]+)" for text in elided]
        pattern = kept[0] + "".join(value + piece for value, piece in zip(values, kept[1:], strict=True))
        found = re.search(f"^{pattern}$", answer, re.MULTILINE)
        assert found, f"{told} is not what it answers:\n{shown}"
        self._meant.update(zip(elided, found.groups(), strict=True))

    def _bash(self, script: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["bash", "-euc", script],
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def _replace(self, text: str) -> None:
        name, _, change = text.partition(", ")
        old, _, new = change.partition(" -> ")
        path = self._folder / name
        before = path.read_text(encoding="utf-8")
        assert before.count(old) == 1, f"{old!r} in {name}"
        path.write_text(before.replace(old, new), encoding="utf-8")

    def _start(self, text: str, port: str) -> None:
        if port in self._running:
            self._running[port].kill()
            self._running[port].wait()
        command, *arguments = text.split()
        path = {"python3": sys.executable}.get(command, str(Path(sys.executable).with_name(command)))
        with (self._folder / f"{port}.log").open("ab") as log:
            self._running[port] = subprocess.Popen(
                [path, *arguments], cwd=self._folder, env=self._environment, stdout=log, stderr=log
            )
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self._ports[port]), 1):
                return
            time.sleep(0.05)
        raise AssertionError(f"it did not start: {(self._folder / f'{port}.log').read_text()}")

    def _with_ports(self, text: str) -> str:
        for written, free in self._ports.items():
            text = text.replace(written, str(free))
        return text


def _untimed(output: str) -> str:
    """Without what is another each time: times, ids, the ports that stand for those of the page."""
    output = re.sub(r"\b(\w+)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", r"\1-id", output)
    output = re.sub(r"(127\.0\.0\.1):\d+", r"\1:port", output)
    return re.sub(r"\d+\.\d s", "- s", output).strip()


def _shows(told: str, output: str) -> bool:
    pieces = re.split(r"^ *\.\.\.$", _untimed(told), flags=re.MULTILINE)
    return re.fullmatch("(?s:.*)".join(map(re.escape, pieces)), _untimed(output)) is not None


def _free_ports() -> dict[str, int]:
    """A free port for each that is written in the pages."""
    with contextlib.ExitStack() as stack:
        found = {}
        for port in PORTS:
            free = stack.enter_context(socket.socket())
            free.bind(("127.0.0.1", 0))
            found[port] = free.getsockname()[1]
        return found


def _commands(text: str) -> Iterator[tuple[str, list[str]]]:
    """Commands of a block, continued lines joined, each with the comments right below it."""
    command = ""
    told: list[str] = []
    for line in text.replace("\\\n", " ").splitlines():
        if line.startswith("#"):
            told.append(line)
        else:
            if command:
                yield command, told
            command, told = line, []  # a blank line ends what is told of the command above
    if command:
        yield command, told
