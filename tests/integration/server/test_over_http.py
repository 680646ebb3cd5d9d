"""What only a real HTTP server shows: raw paths, chunked bodies, early refusals, broken-off answers."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
import uvicorn
from yarl import URL

from tests.integration.server.server import STREAM, Server, running_server

BASE = f"/api/public/stream/{STREAM}/conversation/testsuite"


@asynccontextmanager
async def listening(server: Server) -> AsyncIterator[str]:
    config = uvicorn.Config(server.app, host="127.0.0.1", port=0, log_config=None, lifespan="off")
    listener = uvicorn.Server(config)
    task = asyncio.create_task(listener.serve())
    while not listener.started:
        await asyncio.sleep(0.01)
    port = listener.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        listener.should_exit = True
        await task


async def test_names_uploads_and_refusals(tmp_path: Path):
    async with (
        running_server(tmp_path, request_size=10_000) as server,
        listening(server) as url,
        aiohttp.ClientSession(headers={"auth": server.token()}) as http,
    ):
        suite = {"testCases": [{"name": "a", "messages": [{"input": "hi", "outputs": ["hi"]}]}]}
        form = aiohttp.FormData()
        form.add_field("file", json.dumps(suite).encode(), filename="s.json")
        form.add_field("fileContext", "bulkImport")
        async with http.post(f"{url}/api/public/uploadfile", data=form) as answer:
            file_id = (await answer.json())["fileId"]
        body = {"fileName": file_id, "name": "a/b c", "userEmailId": "e"}
        async with http.post(f"{url}{BASE}/import", json=body) as answer:
            status = f"{url}{BASE}/import/{(await answer.json())['dsId']}/status"
        for _ in range(100):
            async with http.get(status) as answer:
                if (await answer.json())["status"] == "SUCCESS":
                    break
            await asyncio.sleep(0.02)
        async with http.get(URL(f"{url}{BASE}/a%2Fb%20c/export", encoded=True)) as answer:
            assert (await answer.json())["name"] == "a/b c"
        async with http.head(f"{url}{BASE}") as answer:
            assert (answer.status, answer.headers["Allow"], await answer.read()) == (405, "DELETE, GET", b"")

        async def endless() -> AsyncIterator[bytes]:
            while True:
                yield b" " * 1000
                await asyncio.sleep(0)

        async with http.post(f"{url}{BASE}/import", data=endless()) as answer:
            assert answer.status == 413
        async with http.post(f"{url}{BASE}/import", data=b" " * 10_001) as answer:
            assert answer.status == 413
        async with http.get(f"{url}{BASE}") as answer:  # the server goes on
            assert answer.status == 200


async def test_an_answer_that_breaks_off_is_seen_as_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    async with (
        running_server(tmp_path) as server,
        listening(server) as url,
        aiohttp.ClientSession(headers={"auth": server.token()}) as http,
    ):
        steps = [{"input": "x" * 500, "outputs": ["x"]} for _ in range(600)]
        file_id = await server.upload(json.dumps({"testCases": [{"name": "a", "messages": steps}]}).encode())
        body = {"fileName": file_id, "name": "n", "userEmailId": "e"}
        await server.call("POST", f"{BASE}/import", body)
        for _ in range(200):
            export = await server.call("GET", f"{BASE}/n/export")
            if export.status == 200:
                break
            await asyncio.sleep(0.02)
        units = server.engine.store.suites.units

        def breaking(*args, **kwargs):
            for unit in units(*args, **kwargs):
                for _ in range(5):
                    yield unit
            raise RuntimeError("disk gone")

        monkeypatch.setattr(server.engine.store.suites, "units", breaking)
        with pytest.raises(aiohttp.ClientPayloadError):
            async with http.get(f"{url}{BASE}/n/export") as answer:
                assert answer.status == 200
                await answer.read()
