"""What a person sees: a bar on a terminal, plain text in pipes, no colours if so wished, never a secret."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bots.running import RunningBots
from tests.integration.cli.conftest import Viva, write_bot
from tests.integration.cli.test_run import BAD, GOOD, suite

ESCAPE = "\x1b["
SECRET = "s3cr3t-of-this-test"


def on_a_terminal(folder: Path, *arguments: object, **environment: str) -> str:
    """All that `viva` writes when its output is a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "vivavoce", *map(str, arguments)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=folder,
        env={**os.environ, "VIVA_DATA_DIR": str(folder / "data"), "TERM": "xterm", **environment},
    )
    os.close(theirs)
    written = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # how Linux says that the other side is gone
            break
        if not piece:
            break
        written += piece
    os.close(ours)
    assert process.wait(60) == 1
    return written.decode()


def test_a_terminal_gets_a_bar_and_colours_unless_they_are_not_wanted(
    bots: RunningBots, tmp_path: Path
) -> None:
    bot = write_bot(tmp_path / "slow.yaml", f"{bots.url}/chat", limits="{requests_per_second: 20}")
    played = suite(tmp_path / "s.json", GOOD, BAD, cases=10)
    colourful = on_a_terminal(tmp_path, "run", played, "--bot", bot)
    assert "━━━━" in colourful and "/20" in colourful, "a long path must not squeeze the bar"
    assert f"{ESCAPE}31m" in colourful, "a failure is red"
    plain = on_a_terminal(tmp_path, "run", played, "--bot", bot, NO_COLOR="1")
    assert f"{ESCAPE}31m" not in plain and "10 failed" in plain


def test_a_pipe_gets_plain_text(viva: Viva, bot_file: Path, tmp_path: Path) -> None:
    result = viva("run", suite(tmp_path / "s.json", GOOD, BAD), "--bot", bot_file)
    for text in (result.out, result.err):
        assert ESCAPE not in text and "━" not in text


def test_a_secret_of_a_bot_is_nowhere_but_on_its_way_to_the_bot(
    viva: Viva, bots: RunningBots, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIVA_BOT_TOKEN", SECRET)
    good = write_bot(tmp_path / "good.yaml", f"{bots.url}/chat?key=${{VIVA_BOT_TOKEN}}")
    down = write_bot(
        tmp_path / "down.yaml", "http://127.0.0.1:1/chat?key=${VIVA_BOT_TOKEN}", limits="{retries: 0}"
    )
    wrong = write_bot(tmp_path / "wrong.yaml", f"{bots.url}/nasty/status/500?key=${{VIVA_BOT_TOKEN}}")
    played = suite(tmp_path / "s.json", GOOD, BAD)
    kinds = ("junit", "csv", "json", "markdown", "html")
    for bot in (good, down, wrong):
        flags = [part for kind in kinds for part in (f"--{kind}", tmp_path / f"{bot.stem}.{kind}")]
        for result in (
            viva("bot", "add", bot),
            viva("bot", "try", bot, "hello"),
            viva("run", played, "--bot", bot, *flags),
        ):
            assert SECRET not in result.out + result.err
    looked_at = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.suffix == ".db" for path in looked_at) and len(looked_at) > 3 * len(kinds)
    for path in looked_at:
        assert SECRET.encode() not in path.read_bytes(), path
