"""The testing API over plain HTTP: nothing of Vivavoce's own client or signing is used here."""

import asyncio
import hashlib
import hmac
import io
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import aiohttp
from yarl import URL

USER = "ada@example.org"
HASHES = {"HS256": hashlib.sha256, "HS512": hashlib.sha512}


@dataclass(frozen=True)
class App:
    """A client app as `viva app create --json` printed it."""

    client_id: str
    secret: str

    def token(self, *, algorithm: str = "HS256", secret: str = "", **claims: Any) -> str:
        """A signed JWT; claims given as None are left out."""
        now = int(time.time())
        payload = {"appId": self.client_id, "sub": USER, "iat": now, "exp": now + 600, **claims}
        payload = {name: value for name, value in payload.items() if value is not None}
        signed = ".".join(_part(json.dumps(part).encode()) for part in ({"alg": algorithm}, payload))
        key = (secret or self.secret).encode()
        return f"{signed}.{_part(hmac.digest(key, signed.encode(), HASHES[algorithm]))}"


def _part(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body, which must be JSON as the contract writes it: compact, raw UTF-8."""
        assert self.headers["content-type"] == "application/json", self
        value = json.loads(self.body)
        compact = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        assert self.body.decode() == compact, f"not compact: {self.body[:300]!r}"
        return value

    @property
    def ok(self) -> Any:
        """The body of a success."""
        assert self.status == 200, f"{self.status}: {self.body[:2000]!r}"
        return self.json()

    @property
    def messages(self) -> list[str]:
        """The messages of a refusal in the one shape; all carry one code."""
        body = self.json()
        assert list(body) == ["errors"] and body["errors"], body
        for error in body["errors"]:
            assert list(error) == ["msg", "code"] and isinstance(error["msg"], str), error
        assert len({error["code"] for error in body["errors"]}) == 1, body
        return [error["msg"] for error in body["errors"]]

    @property
    def refusal(self) -> tuple[int, int, str]:
        """Status, code and first message."""
        message = self.messages[0]
        return self.status, self.json()["errors"][0]["code"], message


class Api:
    """Calls in the name of an app. Paths are sent exactly as given; `{bot}` in a path is the bot's id."""

    def __init__(
        self, session: aiohttp.ClientSession, url: str, app: App, bot: str, root: str = "stream"
    ) -> None:
        self._session = session
        self.url = url
        self.app = app
        self.bot = bot
        self.base = f"/api/public/{root}/{bot}"

    def of(self, *, bot: str = "", root: str = "stream", app: App | None = None) -> "Api":
        """The same server, with another bot, another spelling of the path, or another app."""
        return Api(self._session, self.url, app or self.app, bot or self.bot, root)

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        token: str | None = None,
    ) -> Answer:
        """`path` with its query: whole, or below the bot's own. `body`: bytes, a form, or what is sent as
        JSON. `token`: another one than the app's; empty: none."""
        sent = dict(headers or {})
        token = self.app.token() if token is None else token
        if token:
            sent = {"auth": token, **sent}
        data: Any
        if isinstance(body, bytes):
            data = io.BytesIO(body)
            sent.setdefault("content-length", str(len(body)))
        elif body is None or isinstance(body, aiohttp.FormData):
            data = body
        else:
            data = json.dumps(body).encode()
            sent.setdefault("content-type", "application/json")
        target = path if path.startswith(("/api", "http")) else self.base + path
        url = URL(target if target.startswith("http") else self.url + target, encoded=True)
        async with self._session.request(
            method, url, data=data, headers=sent, allow_redirects=False
        ) as answer:
            return Answer(answer.status, answer.headers, await answer.read())

    async def get(self, path: str, **more: Any) -> Answer:
        return await self.call("GET", path, **more)

    async def post(self, path: str, body: Any = None, **more: Any) -> Answer:
        return await self.call("POST", path, body, **more)

    async def delete(self, path: str, body: Any = None, **more: Any) -> Answer:
        return await self.call("DELETE", path, body, **more)

    # --- uploads

    async def send_file(
        self,
        content: Any,
        name: str = "suite.json",
        *,
        path: str = "/api/public/uploadfile",
        extension: str = "json",
    ) -> Answer:
        """Upload bytes, a text, or what is written as JSON."""
        form = aiohttp.FormData(quote_fields=False)  # file names go out as browsers send them
        form.add_field(
            "file", io.BytesIO(as_bytes(content)), filename=name, content_type="application/octet-stream"
        )
        form.add_field("fileContext", "bulkImport")
        form.add_field("fileExtension", extension)
        return await self.post(path, form)

    async def upload(self, content: Any, name: str = "suite.json") -> str:
        return str((await self.send_file(content, name)).ok["fileId"])

    # --- conversation suites

    async def begin_import(self, content: Any, name: str, **more: Any) -> str:
        """Upload and import; the import's id."""
        body = {"fileName": await self.upload(content), "name": name, "userEmailId": USER, **more}
        return str((await self.post("/conversation/testsuite/import", body)).ok["dsId"])

    async def import_suite(self, content: Any, name: str, *, wanted: str = "SUCCESS", **more: Any) -> Any:
        """Upload, import and wait; the last status."""
        status = await self.wait_import(await self.begin_import(content, name, **more))
        assert status["status"] == wanted, status
        return status

    async def wait_import(self, ds_id: str) -> Any:
        path = f"/conversation/testsuite/import/{ds_id}/status"
        return await self._wait(path, lambda body: body["status"] != "IN_PROGRESS")

    async def begin_run(self, name: str, *, version: str = "inDevelopment", **ours: Any) -> str:
        body = {"version": version, "userEmailId": USER, **ours}
        started = (await self.post(f"/conversation/testsuite/{segment(name)}/run", body)).ok
        assert list(started) == ["status", "testRunId"] and started["status"] == "IN_PROGRESS"
        return str(started["testRunId"])

    async def run_status(self, name: str, run_id: str, *, brief: bool = False) -> Any:
        query = "?details=false" if brief else ""
        return (await self.get(f"/conversation/testsuite/{segment(name)}/{run_id}/status{query}")).ok

    async def wait_run(self, name: str, run_id: str) -> Any:
        """The full status of the ended run."""
        return await self.wait_run_at(f"/conversation/testsuite/{segment(name)}/{run_id}/status")

    async def wait_run_at(self, path: str) -> Any:
        await self._wait(path + "?details=false", lambda body: body["status"] != "inprogress")
        return (await self.get(path)).ok

    async def run_suite(self, name: str, **more: Any) -> Any:
        return await self.wait_run(name, await self.begin_run(name, **more))

    async def suite_names(self) -> list[str]:
        listed = (await self.get("/conversation/testsuite?limit=500")).ok
        return [suite["name"] for suite in listed["testSuites"]]

    # --- batch suites

    async def import_batch(self, content: Any, name: str, *, file: str = "suite.json", **more: Any) -> Any:
        body = {"fileName": await self.upload(content, file), "name": name, **more}
        return (await self.post("/testsuite/import", body)).ok

    async def begin_batch(self, name: str, **more: Any) -> str:
        body = {"version": "inDevelopment", **more}
        accepted = (await self.post(f"/testsuite/{segment(name)}/run", body)).ok
        assert list(accepted) == ["status", "requestId"] and accepted["status"] == "accepted"
        return str(accepted["requestId"])

    async def batch_status(self, name: str, run_id: str) -> Any:
        return (await self.get(f"/testsuite/{segment(name)}/{run_id}/status")).ok

    async def wait_batch(self, name: str, run_id: str) -> Any:
        return await self.wait_batch_at(f"/testsuite/{segment(name)}/{run_id}/status")

    async def wait_batch_at(self, path: str) -> Any:
        return await self._wait(path, lambda body: body["status"] != "running")

    async def run_batch(self, name: str, **more: Any) -> Any:
        return await self.wait_batch(name, await self.begin_batch(name, **more))

    async def batch_names(self) -> list[str]:
        listed = (await self.get("/testsuite?limit=500")).ok
        return [entry["name"] for key, entry in listed.items() if key.startswith("ts-")]

    async def _wait(self, path: str, done: Any, seconds: float = 60.0) -> Any:
        end = time.monotonic() + seconds
        while True:
            body = (await self.get(path)).ok
            if done(body):
                return body
            assert time.monotonic() < end, f"still {str(body)[:500]}"
            await asyncio.sleep(0.05)


def segment(text: str) -> str:
    """One segment of a path, whatever it holds."""
    return quote(text, safe="")


def as_bytes(content: Any) -> bytes:
    if isinstance(content, bytes):
        return content
    return (content if isinstance(content, str) else json.dumps(content)).encode()
