"""The client: one method a call of the testing API, and waits for what goes on at the server."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import quote

from vivavoce.client.downloads import whole, write
from vivavoce.client.errors import UnexpectedAnswer
from vivavoce.client.transport import Transport
from vivavoce.client.values import (
    BatchRun,
    BatchSuite,
    BatchSuitePage,
    ConversationRun,
    Detection,
    Export,
    Import,
    RevisionPage,
    RunPage,
    SuitePage,
    UploadedFile,
    read,
)
from vivavoce.client.waiting import Pace, Progress, wait
from vivavoce.domain.bot import Version

ImportType = Literal["new", "update"]
ReportFormat = Literal["junit", "csv", "json", "markdown", "html"]

_EVERYTHING_ONCE: dict[str, Any] = {
    "cases": [],
    "tags": [],
    "lastFailed": False,
    "shard": "",
    "failFast": False,
    "repeat": 1,
    "passRule": "all",
}
"""What a run does that is asked for nothing else."""


class Client:
    """The testing API of one bot, for asyncio; `BlockingClient` gives the same without `await`.

    Args:
        base_url: where the server listens, e.g. `http://127.0.0.1:8000`.
        client_id: of a client app (`viva app create`), as `client_secret`.
        client_secret: signs the tokens; never sent.
        stream_id: the bot, `st-...`.
        user_email: in whose name suites are imported and runs started.
        language: the language under test; None is the bot's default.
        algorithm: how the app's tokens are signed, HS256 or HS512.
        pace: how often the waits ask.

    Every call raises ApiError, ServerUnreachable or UnexpectedAnswer.
    """

    def __init__(
        self,
        base_url: str,
        client_id: str,
        client_secret: str,
        stream_id: str,
        *,
        user_email: str,
        language: str | None = None,
        algorithm: str = "HS256",
        pace: Pace | None = None,
    ) -> None:
        self._http = Transport(
            base_url, client_id, client_secret, subject=user_email, language=language, algorithm=algorithm
        )
        self._stream = quote(stream_id, safe="")
        self._user_email = user_email
        self._pace = pace or Pace()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    # --- files ----------------------------------------------------------------------------------

    async def upload(self, content: "Path | str | bytes", name: str = "") -> UploadedFile:
        """Upload a suite file: a path, or its bytes with a name. Large files are streamed."""
        from aiohttp import FormData

        if not isinstance(content, bytes):
            path = Path(content)
            file: Any = await asyncio.to_thread(path.open, "rb")
            name = name or path.name
        else:
            file = content
            name = name or "suite.json"
        try:
            form = FormData(quote_fields=False, charset="utf-8")  # names as they are, as browsers send them
            form.add_field("file", file, filename=name, content_type="application/octet-stream")
            form.add_field("fileContext", "bulkImport")
            form.add_field("fileExtension", "csv" if name.lower().endswith(".csv") else "json")
            return read(await self._http.call("POST", "/api/public/uploadfile", form=form), UploadedFile)
        finally:
            if file is not content:
                file.close()

    async def save(self, url: str, path: Path | str) -> int:
        """Write what lies behind a signed link (a report, an export) to a file; returns its size in bytes."""
        return await write(self._http.stream(url), path)

    # --- conversation suites --------------------------------------------------------------------

    async def import_conversations(
        self,
        file_id: str,
        name: str,
        *,
        description: str = "",
        tags: Sequence[str] = (),
        preprocessor: str = "",
        import_type: ImportType = "new",
        replays: int = 1,
    ) -> str:
        """Begin to import an uploaded conversation suite; returns the import's id (`ds-...`).

        `update` makes the file the next revision of the suite, which is seen once the import has succeeded.
        `replays` plays the trial so often; the import then has `proposals`, of what varied.
        """
        body: dict[str, Any] = {"fileName": file_id, "name": name, "userEmailId": self._user_email}
        if import_type != "new":
            body["importType"] = import_type
        if replays != 1:
            body["replays"] = replays
        if description:
            body["description"] = description
        if tags:
            body["tags"] = list(tags)
        if preprocessor:
            body["preprocessor"] = preprocessor
        return _text(await self._http.call("POST", self._conversation("import"), json=body), "dsId")

    async def import_status(self, import_id: str) -> Import:
        """How an import stands."""
        path = self._conversation("import", import_id, "status")
        return read(await self._http.call("GET", path), Import)

    async def wait_import(
        self, import_id: str, *, progress: Progress | None = None, timeout_s: float | None = None
    ) -> Import:
        """Wait until an import has ended, well or not (`ok`, `logs`). Raises WaitTimeout."""
        return await wait(
            lambda: self.import_status(import_id), pace=self._pace, progress=progress, timeout_s=timeout_s
        )

    async def run(
        self,
        name: str,
        *,
        version: Version = "inDevelopment",
        cases: Sequence[str] = (),
        tags: Sequence[str] = (),
        last_failed: bool = False,
        shard: str = "",
        fail_fast: bool = False,
        repeat: int = 1,
        pass_rule: str | int = "all",
    ) -> str:
        """Start a run of a conversation suite; returns its id (`ctr-...`).

        What follows the version is Vivavoce's own and left out of the request where it says nothing: which
        cases to play (patterns of names, tags, `shard="1/4"`), how often, and how many repeats must pass.
        """
        plan: dict[str, Any] = {
            "cases": list(cases),
            "tags": list(tags),
            "lastFailed": last_failed,
            "shard": shard,
            "failFast": fail_fast,
            "repeat": repeat,
            "passRule": pass_rule,
        }
        body = {"version": version, "userEmailId": self._user_email}
        body |= {key: value for key, value in plan.items() if value != _EVERYTHING_ONCE[key]}
        return _text(await self._http.call("POST", self._conversation(name, "run"), json=body), "testRunId")

    async def run_status(self, name: str, run_id: str, *, details: bool = True) -> ConversationRun:
        """How a run stands; without `details` the brief form, cheap at any size."""
        path = self._conversation(name, run_id, "status")
        params = None if details else {"details": "false"}
        return read(await self._http.call("GET", path, params=params), ConversationRun)

    async def wait_run(
        self,
        name: str,
        run_id: str,
        *,
        progress: Progress | None = None,
        timeout_s: float | None = None,
        details: bool = True,
    ) -> ConversationRun:
        """Wait until a run has ended. Raises WaitTimeout.

        It asks for the brief form; `details` says whether the answer at the end is the full one.
        """
        brief = await wait(
            lambda: self.run_status(name, run_id, details=False),
            pace=self._pace,
            progress=progress,
            timeout_s=timeout_s,
        )
        return await self.run_status(name, run_id) if details else brief

    async def cancel(self, name: str, run_id: str) -> None:
        """Cancel a run of a conversation suite."""
        await self._http.call("POST", self._conversation(name, run_id, "cancel"))

    async def report(self, name: str, run_id: str, *, format: ReportFormat = "json") -> bytes:
        """A report of an ended run, whole; `save_report` streams it to a file."""
        return await whole(self._report(self._conversation(name, run_id, "report"), format))

    async def save_report(
        self, name: str, run_id: str, path: Path | str, *, format: ReportFormat = "json"
    ) -> int:
        """Write a report of an ended run to a file; returns its size in bytes."""
        return await write(self._report(self._conversation(name, run_id, "report"), format), path)

    async def export(self, name: str, *, revision: int | None = None) -> dict[str, Any]:
        """The suite document, ready to be uploaded again; of an older revision if one is named."""
        params = None if revision is None else {"revision": str(revision)}
        return await self._http.call("GET", self._conversation(name, "export"), params=params)

    async def revisions(self, name: str, *, skip: int = 0, limit: int = 50) -> RevisionPage:
        """The history of a conversation suite, newest first."""
        path = self._conversation(name, "revisions")
        return read(await self._http.call("GET", path, params=_page(skip, limit)), RevisionPage)

    async def delete(self, *names: str) -> None:
        """Delete conversation suites; with an unknown name among them nothing is deleted."""
        await self._http.call("DELETE", self._conversation(), json={"testSuiteNames": list(names)})

    async def suites(self, *, skip: int = 0, limit: int = 50, tag: str = "", intent: str = "") -> SuitePage:
        """Conversation suites, by name."""
        params = _page(skip, limit)
        if tag:
            params["tag"] = tag
        if intent:
            params["intent"] = intent
        return read(await self._http.call("GET", self._conversation(), params=params), SuitePage)

    async def runs(self, name: str, *, skip: int = 0, limit: int = 50) -> RunPage:
        """Runs of a conversation suite, newest first."""
        path = self._conversation(name, "runs")
        return read(await self._http.call("GET", path, params=_page(skip, limit)), RunPage)

    # --- batch suites ---------------------------------------------------------------------------

    async def import_batch(
        self,
        file_id: str,
        name: str,
        *,
        description: str = "",
        file_type: Literal["json", "csv"] | None = None,
        import_type: ImportType = "new",
        delimiter: str = "",
        engine: Literal["regression", "dgpt"] | None = None,
    ) -> BatchSuite:
        """Import an uploaded batch suite; `file_type` None lets the server look at the content."""
        body: dict[str, Any] = {"fileName": file_id, "name": name, "importType": import_type}
        optional = {
            "description": description,
            "fileType": file_type,
            "delimiter": delimiter,
            "engine": engine,
        }
        body.update({key: value for key, value in optional.items() if value})
        return read(await self._http.call("POST", self._batch("import"), json=body), BatchSuite)

    async def run_batch(
        self,
        name: str,
        *,
        version: Version = "inDevelopment",
        engine: Literal["regression", "dgpt"] | None = None,
        notes: str = "",
    ) -> str:
        """Start a run of a batch suite; returns its id (`tr-...`)."""
        body: dict[str, Any] = {"version": version}
        if engine:
            body["engine"] = engine
        if notes:
            body["notes"] = notes
        return _text(await self._http.call("POST", self._batch(name, "run"), json=body), "requestId")

    async def batch_status(self, name: str, run_id: str) -> BatchRun:
        """How a batch run stands."""
        path = self._batch(name, run_id, "status")
        return read(await self._http.call("GET", path), BatchRun)

    async def wait_batch(
        self, name: str, run_id: str, *, progress: Progress | None = None, timeout_s: float | None = None
    ) -> BatchRun:
        """Wait until a batch run has ended. Raises WaitTimeout."""
        return await wait(
            lambda: self.batch_status(name, run_id), pace=self._pace, progress=progress, timeout_s=timeout_s
        )

    async def batch_report(self, url: str) -> bytes:
        """The CSV report behind a batch run's `file_url`, whole; `save` streams it to a file."""
        return await whole(self._http.stream(url))

    async def batch_run_report(self, name: str, run_id: str, *, format: ReportFormat = "json") -> bytes:
        """A report of an ended batch run, whole."""
        return await whole(self._report(self._batch(name, run_id, "report"), format))

    async def save_batch_run_report(
        self, name: str, run_id: str, path: Path | str, *, format: ReportFormat = "json"
    ) -> int:
        """Write a report of an ended batch run to a file; returns its size in bytes."""
        return await write(self._report(self._batch(name, run_id, "report"), format), path)

    async def cancel_batch(self, name: str, run_id: str) -> None:
        """Cancel a batch run."""
        await self._http.call("POST", self._batch(name, run_id, "cancel"))

    async def export_batch(self, name: str) -> Export:
        """A link to the batch suite's file as it was uploaded."""
        return read(await self._http.call("POST", self._batch(name, "export")), Export)

    async def delete_batch(self, name: str) -> None:
        """Delete a batch suite with its runs."""
        await self._http.call("DELETE", self._batch(name))

    async def delete_batch_run(self, name: str, run_id: str) -> None:
        """Delete one run of a batch suite."""
        await self._http.call("DELETE", self._batch(name, run_id))

    async def batch_suites(self, *, skip: int = 0, limit: int = 50) -> BatchSuitePage:
        """Batch suites with their results, the prebuilt ones too."""
        document = await self._http.call("GET", self._batch(), params=_page(skip, limit))
        lines = [{**line, "id": key} for key, line in document.items() if isinstance(line, dict)]
        page = read({**document, "suites": lines}, BatchSuitePage)
        return BatchSuitePage(raw=document, count=page.count, more=page.more, suites=page.suites)

    # --- find intent ----------------------------------------------------------------------------

    async def find_intent(
        self, text: str, *, version: Version = "published", stream_name: str = "", parent_intent: str = ""
    ) -> Detection:
        """What the bot recognises in one utterance, outside any conversation."""
        body = {"input": text, "streamName": stream_name}
        if parent_intent:
            body["parentIntent"] = parent_intent
        path = f"/api/v1.1/rest/bot/{self._stream}/findIntent"
        params = {"fetchConfiguredTasks": "true" if version == "inDevelopment" else "false"}
        document = await self._http.call("POST", path, params=params, json=body)
        response = document.get("response")
        found = read(response if isinstance(response, dict) else document, Detection)
        return Detection(raw=document, result=found.result, task=found.task, resolver=found.resolver)

    def _report(self, path: str, format: ReportFormat) -> AsyncGenerator[bytes, None]:
        return self._http.download(path, params={"format": format})

    # --- paths ----------------------------------------------------------------------------------

    def _conversation(self, *parts: str) -> str:
        return f"/api/public/stream/{self._stream}/conversation/testsuite{_below(parts)}"

    def _batch(self, *parts: str) -> str:
        return f"/api/public/bot/{self._stream}/testsuite{_below(parts)}"


def _below(parts: Sequence[str]) -> str:
    """The rest of a path; suite names hold blanks, slashes, anything."""
    return "".join(f"/{quote(part, safe='')}" for part in parts)


def _text(document: dict[str, Any], key: str) -> str:
    value = document.get(key)
    if not isinstance(value, str):
        raise UnexpectedAnswer(f"the server's answer has no {key}")
    return value


def _page(skip: int, limit: int) -> dict[str, str]:
    return {"skip": str(skip), "limit": str(limit)}
