"""The order of checks (testing-api.md 8.24): of all that is wrong with a request, the earliest is told."""

import json
from collections.abc import AsyncIterator
from itertools import combinations
from pathlib import Path

import pytest

from tests.integration.server.server import STREAM, Server, running_server
from vivavoce.domain.catalog import App
from vivavoce.engine.core import Sizes

LIMIT = 4096
SDK = (401, 4002, "Invalid SDK credentials")
# What can be wrong with an import before its body is read, and what is answered, in the order of the checks.
BEFORE = {
    "path": (404, 404, "Not Found"),
    "method": (405, 405, "Method Not Allowed"),
    "token": SDK,
    "stream": SDK,
    "scope": (401, 4002, "Permission denied. Scope is incorrect!"),
    "rate": (429, 429, "Rate limit for this API has been reached. Please try again after some time."),
    "size": (413, 413, "The request is larger than the limit of 4,096 bytes"),
    "body": (412, 412, "Validation errors/ Invalid arguments"),
}
AFTER = {
    "body": (412, 412, "Validation errors/ Invalid arguments"),
    "file": (400, 400, "Invalid file id"),
    "name": (409, 409, "the bot already has a conversation suite named 'taken'"),
    "file size": (413, 413, "The file is larger than the limit of 200 bytes"),
    "content": (412, 412, "Validation errors/ Invalid arguments"),
}
SUITE = {"testCases": [{"name": "a", "messages": [{"input": "hi", "outputs": ["hi"]}]}]}


def combined(faults: dict[str, tuple[int, int, str]]) -> list[tuple[str, ...]]:
    return [some for count in range(1, len(faults) + 1) for some in combinations(faults, count)]


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    sizes = Sizes(conversation_file=200)
    async with running_server(tmp_path, sizes=sizes, rate_per_minute=1, request_size=LIMIT) as running:
        yield running


async def test_before_the_body_is_read(server: Server):
    unscoped = server.add_app(scopes=["Batch Tests Management"])
    for faults in combined(BEFORE):
        server.time.passed += 4000  # what was counted is forgotten
        answer = await _faulty(server, set(faults), unscoped)
        error = answer.json()["errors"][0]
        assert (answer.status, error["code"], error["msg"]) == BEFORE[faults[0]], faults
        if faults[0] != "body":
            assert len(answer.json()["errors"]) == 1
            assert answer.reads == 0, faults
        assert ("allow" in answer.headers) == (faults[0] == "method")
        assert ("retry-after" in answer.headers) == (faults[0] == "rate")


async def _faulty(server: Server, faults: set[str], unscoped: App):
    if "rate" in faults:
        # Whatever else is wrong, the one call of this minute is used up.
        first = await server.call("GET", f"/api/public/stream/{STREAM}/conversation/testsuite")
        assert first.status == 200
    stream = "st-unknown" if "stream" in faults else STREAM
    path = f"/api/public/stream/{stream}/conversation/testsuite/import"
    token = "broken" if "token" in faults else server.token(unscoped if "scope" in faults else None)
    body = b'{"name": 1}' if "body" in faults else b'{"fileName":"x","name":"y","userEmailId":"z"}'
    return await server.call(
        "PATCH" if "method" in faults else "POST",
        path + ("/no/such/path" if "path" in faults else ""),
        body + b" " * LIMIT if "size" in faults else body,
        token=token,
    )


async def test_after_the_body_is_read(server: Server):
    files = {
        (large, broken): await _upload(server, large=large, broken=broken)
        for large in (False, True)
        for broken in (False, True)
    }
    await _import(server, {"fileName": files[False, False], "name": "taken", "userEmailId": "a"})
    for faults in combined(AFTER):
        server.time.passed += 4000
        file = files["file size" in faults, "content" in faults]
        answer = await _import(
            server,
            {
                "fileName": "0" * 24 if "file" in faults else file,
                "name": "taken" if "name" in faults else f"free {'-'.join(faults)}",
                "userEmailId": 7 if "body" in faults else "a",
            },
        )
        error = answer.json()["errors"][0]
        assert (answer.status, error["code"], error["msg"]) == AFTER[faults[0]], (faults, answer)
    server.time.passed += 4000
    listed = await server.call("GET", f"/api/public/stream/{STREAM}/conversation/testsuite")
    assert {suite["name"] for suite in listed.json()["testSuites"]} <= {"taken"}


async def _upload(server: Server, *, large: bool, broken: bool) -> str:
    server.time.passed += 4000
    content = json.dumps({**SUITE, "description": "x" * 500} if large else SUITE)
    return await server.upload((content[:-3] if broken else content).encode())


async def _import(server: Server, body: dict):
    return await server.call("POST", f"/api/public/stream/{STREAM}/conversation/testsuite/import", body)
