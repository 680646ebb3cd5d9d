"""The demo's side of the testing API: plain HTTP, as any existing client would speak it."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
from rich.progress import Progress

from vivavoce.cli.console import err
from vivavoce.client.token import sign
from vivavoce.domain.catalog import App, SuiteKind
from vivavoce.domain.errors import InternalError
from vivavoce.formats.detect import kind_of

POLL_S = 0.2
LABEL_WIDTH = 38  # bars stand below each other
USER = "demo@example.org"


@dataclass(frozen=True)
class Played:
    """A suite that was imported and run."""

    name: str
    kind: SuiteKind
    run_id: str
    meant_to_fail: bool
    report: bytes = b""  # a batch run's CSV, downloaded by its signed link


class DemoApi:
    """Imports and runs suite files of one bot."""

    def __init__(self, url: str, app: App, bot_id: str) -> None:
        self._url = url
        self._app = app
        self._base = f"/api/public/stream/{bot_id}"

    async def play(self, files: Iterable[tuple[Path, bytes]]) -> list[Played]:
        """Upload, import, validate and run each file, one after the other."""
        async with aiohttp.ClientSession(self._url) as session:
            return [await self._play(session, file, data) for file, data in files]

    async def _play(self, session: aiohttp.ClientSession, file: Path, data: bytes) -> Played:
        name = file.stem
        upload = await self._upload(session, file.name, data)
        if kind_of(data) is SuiteKind.BATCH:
            return await self._play_batch(session, f"{name}-{file.suffix[1:]}", upload)
        suites = f"{self._base}/conversation/testsuite"
        body = {"fileName": upload, "name": name, "userEmailId": USER}
        ds_id = (await self._call(session, "POST", f"{suites}/import", body))["dsId"]
        imported = await self._wait(
            session,
            f"import    {name}",
            f"{suites}/import/{ds_id}/status",
            running="IN_PROGRESS",
            percentage=lambda status: status["percentageComplete"],
        )
        if imported["status"] != "SUCCESS":
            raise InternalError(f"the import of {name} ended {imported['status']}: {imported['statusLogs']}")
        body = {"version": "inDevelopment", "userEmailId": USER}
        run_id = (await self._call(session, "POST", f"{suites}/{quote(name)}/run", body))["testRunId"]
        await self._wait(
            session,
            f"run       {name}",
            f"{suites}/{quote(name)}/{run_id}/status?details=false",
            running="inprogress",
            percentage=lambda status: status["percentageCompleted"],
        )
        return Played(name, SuiteKind.CONVERSATION, run_id, "failure" in name)

    async def _play_batch(self, session: aiohttp.ClientSession, name: str, upload: str) -> Played:
        suites = f"{self._base}/testsuite"
        body = {"fileName": upload, "name": name, "importType": "new"}
        await self._call(session, "POST", f"{suites}/import", body)
        run_body = {"version": "inDevelopment"}
        run_id = (await self._call(session, "POST", f"{suites}/{quote(name)}/run", run_body))["requestId"]
        status = await self._wait(
            session,
            f"batch run {name}",
            f"{suites}/{quote(name)}/{run_id}/status",
            running="running",
            percentage=lambda body: body.get("percentage", 100),
        )
        async with session.get(status["result"]["fileUrl"]) as answer:
            answer.raise_for_status()
            return Played(name, SuiteKind.BATCH, run_id, False, await answer.read())

    async def _upload(self, session: aiohttp.ClientSession, name: str, data: bytes) -> str:
        form = aiohttp.FormData()
        form.add_field("file", data, filename=name)
        form.add_field("fileContext", "bulkImport")
        form.add_field("fileExtension", name.rpartition(".")[2])
        headers = {"auth": self._token()}
        async with session.post("/api/public/uploadfile", data=form, headers=headers) as answer:
            return str((await _body(answer))["fileId"])

    async def _wait(
        self,
        session: aiohttp.ClientSession,
        label: str,
        path: str,
        *,
        running: str,
        percentage: Callable[[dict[str, Any]], int],
    ) -> dict[str, Any]:
        """Ask for a status until it says something else than `running`."""
        with Progress(console=err(), disable=not err().is_terminal) as bar:
            task = bar.add_task(f"{label:<{LABEL_WIDTH}}", total=100)
            while True:
                status = await self._call(session, "GET", path)
                bar.update(task, completed=percentage(status))
                if status["status"] != running:
                    if not err().is_terminal:
                        err().print(f"{label}: {status['status']}")
                    return status
                await asyncio.sleep(POLL_S)

    async def _call(
        self, session: aiohttp.ClientSession, method: str, path: str, body: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        headers = {"auth": self._token()}
        async with session.request(method, path, json=body, headers=headers) as answer:
            return await _body(answer)

    def _token(self) -> str:
        return sign(self._app.client_id, self._app.secret, audience="vivavoce", subject=USER)


async def _body(answer: aiohttp.ClientResponse) -> dict[str, Any]:
    if answer.status != 200:
        raise InternalError(
            f"{answer.method} {answer.url.path} answered {answer.status}: {await answer.text()}"
        )
    body: dict[str, Any] = await answer.json(content_type=None)
    return body
