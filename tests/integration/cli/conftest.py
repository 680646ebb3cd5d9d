"""The command `viva`, called in this process against real bots."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bots.running import RunningBots, running_bots
from vivavoce.cli.main import main


@dataclass
class Result:
    code: int
    out: str
    err: str


Viva = Callable[..., Result]


@pytest.fixture
def viva(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Viva:
    """`viva("run", "x.json", ...)`, with a data dir of the test's own."""
    monkeypatch.setenv("VIVA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object) -> Result:
        monkeypatch.setattr(sys, "argv", ["viva", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as exit:
            main()
        printed = capsys.readouterr()
        code = exit.value.code
        return Result(code if isinstance(code, int) else 0, printed.out, printed.err)

    return call


@pytest.fixture(scope="session")
def bots() -> Iterator[RunningBots]:
    with running_bots() as running:
        yield running


@pytest.fixture
def bot_file(tmp_path: Path, bots: RunningBots) -> Path:
    """A plain JSON bot over HTTP, as interface.md shows it."""
    return write_bot(tmp_path / "bot.yaml", f"{bots.url}/chat", nlu=f"{bots.url}/nlu")


def write_bot(path: Path, url: str, *, nlu: str = "", limits: str = "{requests_per_second: 0}") -> Path:
    path.write_text(
        f"""\
name: {path.stem}
limits: {limits}
connector:
  type: http
  url: {url}
  body: {{text: "{{{{input}}}}", session: "{{{{conversation_id}}}}", event: "{{{{event}}}}"}}
  reply: {{outputs: "$.messages[*]", text: $.text, intent: $.intent}}
"""
        + (
            f"""\
  nlu:
    url: {nlu}
    body: {{text: "{{{{input}}}}"}}
    intents: "$.intents[*]"
    intent: $.name
    score: $.confidence
"""
            if nlu
            else ""
        ),
        encoding="utf-8",
    )
    return path
