"""A run of chosen cases with repeats goes on after kills: every repeat once, none committed twice."""

import asyncio
import signal
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import aiohttp
import yaml

from tests.acceptance import suites
from tests.acceptance.house import House, bot_file, make_app
from tests.acceptance.http_api import Api
from tests.acceptance.processes import serving, start_server, viva_json

CASES, TURNS, REPEATS = 24, 2, 5
PLAN = {"shard": "2/2", "repeat": REPEATS, "passRule": "any"}
UNITS = range(1, CASES, 2)  # of the second of two shards; every second of them has a step that fails


async def test_repeats_survive_kills(house: House, tmp_path: Path) -> None:
    data_dir = house.copy(tmp_path / "data")
    path = tmp_path / "steady.yaml"
    limits = {"requests_per_second": 60, "max_conversations": 4}
    path.write_text(yaml.safe_dump(bot_file("steady", house.bots_url, limits=limits)), encoding="utf-8")
    bot = str(viva_json("bot", "add", str(path), data_dir=data_dir)["id"])
    app = make_app(data_dir, "repeater", [bot], "--all-scopes")
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
        with serving(data_dir) as server:
            api = Api(session, server.url, app, bot)
            await api.import_suite(suites.chats(CASES, TURNS, "repeated"), "chats")
        run_id, marks = "", [0]
        committed: dict[tuple[int, int], bytes] = {}
        for aim in (20, 50):
            server = start_server(data_dir)
            try:
                api = Api(session, server.url, app, bot)
                run_id = run_id or await api.begin_run("chats", **PLAN)
                while marks[-1] < aim:
                    await asyncio.sleep(0.05)
                    status = await api.run_status("chats", run_id, brief=True)
                    marks.append(status["percentageCompleted"])
            finally:
                server.process.stop(signal.SIGKILL)
            before, committed = committed, _committed(data_dir, run_id)
            assert before.items() <= committed.items(), "what was committed stays as it was"
            assert 0 < len(committed) < len(UNITS) * REPEATS
        with serving(data_dir) as server:
            ended = await Api(session, server.url, app, bot).wait_run("chats", run_id)
        assert committed.items() <= _committed(data_dir, run_id).items()
    assert marks == sorted(marks)
    assert ended["status"] == "failed"
    half = len(UNITS) // 2
    steps, failed = len(UNITS) * REPEATS * TURNS, half * REPEATS
    assert ended["result"]["stepDetails"] == {"passed": steps - failed, "failed": failed, "total": steps}
    repeats = ended["result"]["repeats"]
    assert (repeats["passed"], repeats["failed"], repeats["flaky"]) == (half, half, [])
    entries = ended["result"]["executionResults"]
    seen = Counter((entry["input"], entry["repeat"]) for entry in entries)
    assert set(seen) == {
        (f"repeated {unit} turn {turn}", repeat)
        for unit in UNITS
        for turn in range(TURNS)
        for repeat in range(1, REPEATS + 1)
    }
    assert set(seen.values()) == {1}
    assert len({entry["requestId"] for entry in entries}) == steps


def _committed(data_dir: Path, run_id: str) -> dict[tuple[int, int], bytes]:
    """What is kept of each committed (unit, repeat): its first step's result."""
    query = """
        SELECT u.unit, u.repeat, min(r.payload) FROM run_units u
        JOIN runs ON runs.seq = u.run
        JOIN step_results r ON r.run = u.run AND r.unit = u.unit AND r.repeat = u.repeat
        WHERE runs.id = ? AND u.finished GROUP BY u.unit, u.repeat
    """
    with closing(sqlite3.connect(data_dir / "vivavoce.db")) as database:
        return {(unit, repeat): kept for unit, repeat, kept in database.execute(query, [run_id])}
