"""A run of 10,000 steps: asking about it stays quick and small, and its result comes as a stream."""

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import aiohttp
import pytest
import yaml

from tests.acceptance import suites
from tests.acceptance.house import House, make_app
from tests.acceptance.http_api import Api, App
from tests.acceptance.processes import Server, running_bots, serving, viva_json

CASES, TURNS = 1000, 10
STEPS = CASES * TURNS
LIMITS = {"requests_per_second": 0, "max_conversations": 32}
SMALL = 1000  # bytes
QUICK_S = 0.5  # the middle one of many calls, on a machine that is busy playing


@pytest.fixture(scope="module")
def big(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, App, str]]:
    """A server with a bot that is as fast as Python allows; and the bot's id."""
    folder = tmp_path_factory.mktemp("big")
    with running_bots(folder, fast=True) as url:
        data_dir = house.copy(folder / "data")
        bot = str(viva_json("bot", "add", str(_bot_file(folder, url)), data_dir=data_dir)["id"])
        app = make_app(data_dir, "big", [bot], "--all-scopes")
        with serving(data_dir) as server:
            yield server, app, bot


def _bot_file(folder: Path, url: str) -> Path:
    settings = {
        "name": "fast",
        "limits": LIMITS,
        "connector": {
            "type": "http",
            "url": url,
            "body": {"text": "{{input}}"},
            "reply": {"outputs": "$.messages[*]", "text": "$.text"},
        },
    }
    path = folder / "fast.yaml"
    path.write_text(yaml.safe_dump(settings), encoding="utf-8")
    return path


async def test_ten_thousand_steps(big: tuple[Server, App, str], session: aiohttp.ClientSession) -> None:
    server, app, bot = big
    api = Api(session, server.url, app, bot)
    cases = [[(f"{case} {turn}", f"{case} {turn}") for turn in range(TURNS)] for case in range(CASES)]
    ds_id = await api.begin_import(suites.transcript(*cases), "big")
    imported = await _watched(api, f"/conversation/testsuite/import/{ds_id}/status", "IN_PROGRESS")
    assert imported["status"] == "SUCCESS"
    run_id = await api.begin_run("big")
    path = f"/conversation/testsuite/big/{run_id}/status"
    await _watched(api, path, "inprogress")

    brief = await api.get(f"{path}?details=false")
    assert brief.ok["status"] == "passed" and len(brief.body) < SMALL
    assert brief.ok["result"]["stepDetails"] == {"passed": STEPS, "failed": 0, "total": STEPS}
    listed = await api.get("/conversation/testsuite")
    assert (
        len(listed.body) < 2 * SMALL and len((await api.get("/conversation/testsuite/big/runs")).body) < SMALL
    )
    await _assert_streamed(api, path, brief.ok)


async def _watched(api: Api, path: str, running: str) -> Any:
    """Ask in both forms until it has ended; every answer on the way must be small, and most of them quick."""
    took: list[float] = []
    while True:
        for query in ("", "?details=false"):
            began = time.perf_counter()
            answer = await api.get(path + query)
            took.append(time.perf_counter() - began)
            if answer.ok["status"] != running:
                assert len(took) > 10, "it was over before it could be watched"
                assert median(took) < QUICK_S, f"status calls took {sorted(took)}"
                return answer.ok
            assert len(answer.body) < SMALL
            assert "executionResults" not in answer.ok.get("result", {})
        await asyncio.sleep(0.05)


async def _assert_streamed(api: Api, path: str, brief: Any) -> None:
    """The full status of the ended run comes in chunks, the first long before the last."""
    url, headers = api.url + api.base + path, {"auth": api.app.token()}
    async with (
        aiohttp.ClientSession(read_bufsize=2**16) as session,
        session.get(url, headers=headers) as answer,
    ):
        assert answer.headers["transfer-encoding"] == "chunked" and "content-length" not in answer.headers
        pieces, arrived = [], []
        async for piece, _ in answer.content.iter_chunks():
            pieces.append(piece)
            arrived.append(time.perf_counter())
    body = b"".join(pieces)
    assert len(pieces) > 50 and max(map(len, pieces)) < len(body) / 20
    middle = next(at for at, _ in enumerate(pieces) if sum(map(len, pieces[: at + 1])) * 2 >= len(body))
    assert arrived[0] < arrived[middle] < arrived[-1]
    full = json.loads(body)
    results = full["result"]["executionResults"]
    assert len(results) == len(full["result"]["nlpVersion"]) == STEPS
    assert [result["requestId"] for result in results] == [f"{full['_id']}{index}" for index in range(STEPS)]
    assert all(result["input"] == result["actualOutput"][0]["text"] for result in results)
    for key in ("nlpVersion", "errorDetails", "executionResults"):
        del full["result"][key]
    assert full == brief
