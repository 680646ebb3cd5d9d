"""Suites that ask for an opinion, from the command on: real bot, real service of models, real HTTP."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.contract.grading.model_service import KEY, MODEL, ModelService, model_service, says
from tests.integration.cli.conftest import Viva

SUITE = """\
suite: Agent
cases:
  - case: Judged
    steps:
      - {say: my name is Ann, expect: {judge: "The reply names Ann"}}
      - {say: who am i, expect: {judge: {criterion: "The reply names Ann", votes: 3}}}
  - case: Compared
    steps:
      - {say: who am i, expect: {similar: {to: I do not know you., at_least: 0.95}}}
  - case: In English
    steps:
      - {say: who am i, expect: {language: en}}
"""


@pytest.fixture
def service() -> Iterator[ModelService]:
    """In a thread: the command has a loop of its own."""
    ready, end = threading.Event(), threading.Event()
    found: list[ModelService] = []

    async def serve() -> None:
        async with model_service() as running:
            found.append(running)
            ready.set()
            await asyncio.to_thread(end.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(10)
    yield found[0]
    end.set()
    thread.join()


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    path = tmp_path / "agent.yaml"
    path.write_text(SUITE, encoding="utf-8")
    return path


@pytest.fixture
def configured(service: ModelService, monkeypatch: pytest.MonkeyPatch) -> ModelService:
    for what in ("JUDGE", "EMBEDDING"):
        monkeypatch.setenv(f"VIVA_{what}_URL", service.url)
        monkeypatch.setenv(f"VIVA_{what}_MODEL", MODEL)
        monkeypatch.setenv(f"VIVA_{what}_KEY", KEY)
    return service


Report = Callable[[], tuple[int, str]]


@pytest.fixture
def play(viva: Viva, suite: Path, bot_file: Path, tmp_path: Path) -> Report:
    def run() -> tuple[int, str]:
        report = tmp_path / "report.json"
        # One case after the other: the first to be asked is the judge.
        played = viva("run", suite, "--bot", bot_file, "--concurrency", 1, "--json", report)
        shown = played.out + played.err
        assert report.exists(), shown
        everything = shown + report.read_text(encoding="utf-8")
        everything += "".join(
            path.read_bytes().decode("latin-1") for path in (tmp_path / "data").rglob("*") if path.is_file()
        )
        assert KEY not in everything
        return played.code, shown + report.read_text(encoding="utf-8")

    return run


def test_a_judge_an_embedding_and_a_library_are_asked(play: Report, configured: ModelService) -> None:
    code, told = play()
    assert code == 0, told
    judged = [body for body in configured.requests if "messages" in body]
    assert len(judged) == 1 + 3
    later = [json.loads(body["messages"][-1]["content"]) for body in judged[1:]]
    turns = [{"user": "my name is Ann", "bot": "Nice to meet you, Ann."}]
    assert all((one["conversation"], one["user"]) == (turns, "who am i") for one in later)
    assert [body["input"] for body in configured.requests if "input" in body] == [["I do not know you."] * 2]


def test_reasons_of_a_failure_are_shown(play: Report, configured: ModelService) -> None:
    configured.misbehave = [says('{"met": false, "reason": "it is far too formal"}')]
    code, told = play()
    assert code == 1
    assert "it is far too formal" in told


def test_an_inconclusive_judge_is_an_error_and_never_a_pass(play: Report, configured: ModelService) -> None:
    configured.misbehave = [says("Well, that depends.")]
    code, told = play()
    assert code == 3
    assert "inconclusive" in told


def test_nobody_is_configured(play: Report, viva: Viva, suite: Path) -> None:
    code, told = play()
    assert code == 3
    assert "set VIVA_JUDGE_URL and VIVA_JUDGE_MODEL" in told
    assert "VIVA_EMBEDDING_MODEL" in told
    checked = viva("check", suite)
    assert checked.code == 0
    warned = " ".join(checked.err.split())
    assert "warning: `judge`: no judge is configured: set VIVA_JUDGE_URL" in warned
    assert "warning: `similar`: no embedding is configured" in warned


def test_check_has_nothing_to_warn_of_where_somebody_is(
    viva: Viva, suite: Path, configured: ModelService
) -> None:
    checked = viva("check", suite)
    assert (checked.code, checked.err) == (0, "")
    assert configured.requests == []
