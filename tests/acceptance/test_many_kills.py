"""A server that is killed again and again, at any moment, still brings its runs to their one right end."""

import asyncio
import random
import signal
from pathlib import Path

import aiohttp
import pytest
import yaml

from tests.acceptance import suites
from tests.acceptance.house import House, bot_file, make_app
from tests.acceptance.http_api import Api
from tests.acceptance.processes import serving, start_server, viva_json

KILLS = 25
CASES, TURNS, UTTERANCES = 400, 3, 20_000


@pytest.mark.long
async def test_many_kills_change_no_verdict(house: House, tmp_path: Path) -> None:
    random.seed(7)
    data_dir = house.copy(tmp_path / "data")
    path = tmp_path / "brisk.yaml"
    limits = {"requests_per_second": 150, "max_conversations": 8}
    path.write_text(yaml.safe_dump(bot_file("brisk", house.bots_url, limits=limits)), encoding="utf-8")
    bot = str(viva_json("bot", "add", str(path), data_dir=data_dir)["id"])
    app = make_app(data_dir, "killer", [bot], "--all-scopes")
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
        with serving(data_dir) as server:
            api = Api(session, server.url, app, bot)
            await api.import_suite(suites.chats(CASES // 10, TURNS), "few")
            await api.import_batch(suites.utterances(UTTERANCES), "utterances")
            imported = await api.begin_import(suites.chats(CASES, TURNS), "chats")
        for _ in range(KILLS // 2):
            server = start_server(data_dir)
            await asyncio.sleep(random.uniform(0.0, 2.5))
            server.process.stop(signal.SIGKILL)
        with serving(data_dir) as server:
            api = Api(session, server.url, app, bot)
            assert (await api.wait_import(imported))["status"] == "SUCCESS"
            runs = [await api.begin_run("chats"), await api.begin_run("few")]
            batch = await api.begin_batch("utterances")
        seen = 0
        for _ in range(KILLS - KILLS // 2):
            server = start_server(data_dir)
            api = Api(session, server.url, app, bot)
            await asyncio.sleep(random.uniform(0.0, 2.5))
            percentage = (await api.run_status("chats", runs[0], brief=True))["percentageCompleted"]
            assert percentage >= seen
            seen = percentage
            server.process.stop(signal.SIGKILL)
        with serving(data_dir) as server:
            api = Api(session, server.url, app, bot)
            for name, run_id, cases in (("chats", runs[0], CASES), ("few", runs[1], CASES // 10)):
                ended = await api.wait_run(name, run_id)
                steps, failed = cases * TURNS, cases // 4  # every fourth case has a step that fails
                details = {"passed": steps - failed, "failed": failed, "total": steps}
                assert ended["result"]["stepDetails"] == details
                inputs = [step["requestId"] for step in ended["result"]["executionResults"]]
                assert inputs == [f"{run_id}{index}" for index in range(steps)]
            async with asyncio.timeout(600):
                while (status := await api.batch_status("utterances", batch))["status"] == "running":
                    await asyncio.sleep(1)
            results = status["result"]["results"]
            assert status["status"] == "completed" and results["failedUtteranceCount"] == 0
            assert sum(results[key] for key in ("TP", "TN", "FP", "FN")) == UTTERANCES
