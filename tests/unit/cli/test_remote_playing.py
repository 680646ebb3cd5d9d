"""Interrupts of `viva run --server` at the moments when something has just begun at the server."""

import asyncio
import os
import signal
from typing import Any

import pytest

from vivavoce.cli.files import SuiteFile, read_suite_files
from vivavoce.cli.remote_playing import Interrupted, Target, play_at
from vivavoce.client import ApiError, Client, ConversationRun, Import, UploadedFile
from vivavoce.client.values import read
from vivavoce.domain.errors import InputError
from vivavoce.domain.selecting import ALL_ONCE


class Slow(Client):
    """A server that is sent a signal while it takes a call, and answers it nevertheless."""

    def __init__(self, interrupted: str, *, refusal: int = 0) -> None:
        super().__init__("http://127.0.0.1:9", "cs-1", "s" * 40, "st-1", user_email="e")
        self._interrupted = interrupted
        self._refusal = refusal
        self.calls: list[str] = []

    async def _take(self, name: str) -> None:
        if name == self._interrupted:
            os.kill(os.getpid(), signal.SIGINT)
            await asyncio.sleep(0.05)
        self.calls.append(name)

    async def upload(self, content: Any, name: str = "") -> UploadedFile:
        return read({"fileId": "f", "fileName": "n"}, UploadedFile)

    async def import_conversations(self, file_id: str, name: str, **more: Any) -> str:
        if more["import_type"] == "update":
            raise ApiError(400, [("Test Suite not found", 400)])
        if self._refusal:
            raise ApiError(self._refusal, [("taken", self._refusal)])
        return "ds-1"

    async def import_status(self, import_id: str) -> Import:
        await self._take("import")
        return read({"_id": import_id, "status": "IN_PROGRESS"}, Import)

    async def run(self, name: str, **more: Any) -> str:
        await self._take("run")
        return "ctr-1"

    async def cancel(self, name: str, run_id: str) -> None:
        self.calls.append(f"cancel {run_id}")

    async def run_status(self, name: str, run_id: str, *, details: bool = True) -> ConversationRun:
        ended: dict[str, Any] = {"_id": run_id, "status": "aborted", "testSuiteId": "ctc-1"}
        ended |= {"totalTestStepsCount": 0, "percentageCompleted": 0}
        ended |= {
            "result": {"version": "published", "status": "aborted", "startTime": "2026-01-01T00:00:00.000Z"}
        }
        return read(ended, ConversationRun)


async def play(client: Client, file: SuiteFile | None = None) -> None:
    target = Target("cards", "cards", file)
    await play_at(
        client,
        [target],
        version="published",
        plan=ALL_ONCE,
        wait=True,
        reports={},
        started=lambda target, run_id: None,
        ended=lambda target, found: None,
    )


async def test_a_run_that_begins_while_the_command_is_interrupted_is_cancelled() -> None:
    client = Slow("run")
    with pytest.raises(Interrupted) as interrupted:
        await play(client)
    assert interrupted.value.signal == signal.SIGINT
    assert client.calls == ["run", "cancel ctr-1"]


async def test_an_import_that_is_interrupted_is_told_to_go_on(
    a_file: SuiteFile, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Interrupted):
        await play(Slow("import"), a_file)
    assert "the import ds-1 goes on at the server" in capsys.readouterr().err


async def test_a_name_that_is_being_imported_is_told(a_file: SuiteFile) -> None:
    with pytest.raises(InputError, match="still importing a suite 'cards', for another call"):
        await play(Slow("", refusal=409), a_file)


@pytest.fixture
def a_file(tmp_path: Any) -> SuiteFile:
    path = tmp_path / "cards.yaml"
    path.write_text("cases: [{say: hi, expect: hi}]\n", encoding="utf-8")
    [file] = read_suite_files([path])
    return file
