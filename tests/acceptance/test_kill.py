"""A killed server loses nothing: runs and imports go on where they were, and end as undisturbed ones do.

One scenario is played by the fixture `story`: a conversation run, an import and a batch run go on side by
side while their server is killed twice; then a further run goes on over a clean stop. The tests look at what
was seen and at what the bot heard.
"""

import asyncio
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml

from tests.acceptance import suites
from tests.acceptance.house import House, bot_file, make_app
from tests.acceptance.http_api import Api, App
from tests.acceptance.processes import Server, serving, start_server, viva, viva_json
from tests.acceptance.report import Report, read_report, told

TURNS = 2
CASES = suites.chats(48, TURNS)
IMPORTED = suites.chats(40, TURNS, "imported")
UTTERANCES = suites.utterances(1600)  # units of 500
STEADY = {"requests_per_second": 40, "max_conversations": 4}
BRISK = {"requests_per_second": 250, "max_conversations": 4}


@dataclass
class Kill:
    """What was so when the server was killed."""

    heard: int  # turns and utterances that the bot had taken, in its log
    conversations: set[int]  # units of the run that were committed
    imported: set[int]
    batch: set[int]


@dataclass
class Story:
    kills: list[Kill] = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)  # the bot's log, from the start of the runs
    seen: dict[str, list[int]] = field(default_factory=dict)  # percentages, by what was asked
    starts: dict[str, set[str]] = field(default_factory=dict)  # start times told, by what was asked
    ended: dict[str, Any] = field(default_factory=dict)  # last statuses, by what was asked
    undisturbed: dict[str, Any] = field(default_factory=dict)
    reports: dict[str, Report] = field(default_factory=dict)
    second_server: str = ""  # what it wrote
    exit_code: int | None = None  # of the server that was stopped while a run went on
    stopped_at: int = 0  # the percentage then


@pytest.fixture(scope="module")
def story(house: House, tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("kill")
    data_dir = house.copy(folder / "data")
    bots = {}
    for name, limits in (("steady", STEADY), ("brisk", BRISK)):
        path = folder / f"{name}.yaml"
        path.write_text(yaml.safe_dump(bot_file(name, house.bots_url, limits=limits)), encoding="utf-8")
        bots[name] = str(viva_json("bot", "add", str(path), data_dir=data_dir)["id"])
    app = make_app(data_dir, "killer", [*bots.values(), house.bots["dialog"]], "--all-scopes")
    with asyncio.Runner() as runner:
        return runner.run(_play(house, data_dir, {**bots, "dialog": house.bots["dialog"]}, app))


@dataclass
class _House:
    """The scenario's way to the server of the moment, and to the bot."""

    house: House
    data_dir: Path
    bots: dict[str, str]
    app: App
    session: aiohttp.ClientSession
    story: Story
    server: Server | None = None

    def api(self, bot: str) -> Api:
        assert self.server is not None
        return Api(self.session, self.server.url, self.app, self.bots[bot])

    async def heard(self) -> list[tuple[str, str]]:
        async with self.session.get(f"{self.house.bots_url}/stats") as answer:
            return [(session, said) for session, said in (await answer.json())["said"]]

    async def look(self, ids: dict[str, str]) -> dict[str, Any]:
        """The statuses of the moment; noted down."""
        steady, brisk = self.api("steady"), self.api("brisk")
        statuses = {
            "conversations": await steady.run_status("chats", ids["conversations"], brief=True),
            "import": (await steady.get(f"/conversation/testsuite/import/{ids['import']}/status")).ok,
            "batch": await brisk.batch_status("utterances", ids["batch"]),
        }
        keys = {"conversations": "percentageCompleted", "import": "percentageComplete", "batch": "percentage"}
        for name, status in statuses.items():
            self.story.seen.setdefault(name, []).append(status.get(keys[name], 100))
            start = status.get("createdOn") or status["result"]["startTime"]
            self.story.starts.setdefault(name, set()).add(start)
        return statuses

    async def look_until(self, ids: dict[str, str], reached: Any) -> dict[str, Any]:
        for _ in range(600):
            statuses = await self.look(ids)
            if reached({name: seen[-1] for name, seen in self.story.seen.items()}, statuses):
                return statuses
            await asyncio.sleep(0.05)
        raise AssertionError(f"the runs did not come so far: {self.story.seen}")

    async def kill(self, ids: dict[str, str]) -> None:
        assert self.server is not None
        self.server.kill()
        heard = len(await self.heard())
        copy = self.data_dir.with_name("killed")
        shutil.copytree(self.data_dir, copy)
        with closing(sqlite3.connect(copy / "vivavoce.db")) as database:

            def committed(run_id: str) -> set[int]:
                query = (
                    "SELECT unit FROM run_units JOIN runs ON seq = run WHERE id = ? AND run_units.finished"
                )
                return {unit for (unit,) in database.execute(query, [run_id])}

            kill = Kill(heard, *(committed(ids[name]) for name in ("conversations", "import", "batch")))
        shutil.rmtree(copy)
        self.story.kills.append(kill)

    @contextmanager
    def serving(self) -> Iterator[None]:
        self.server = start_server(self.data_dir)
        try:
            yield
        finally:
            self.server.process.stop(signal.SIGKILL)


async def _play(house: House, data_dir: Path, bots: dict[str, str], app: App) -> Story:
    story = Story()
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
        here = _House(house, data_dir, bots, app, session, story)
        with here.serving():
            await _undisturbed(here)
            story.second_server = viva("serve", "--port", "0", data_dir=data_dir, expect=2).stderr
            await here.api("steady").import_suite(suites.chats(48, TURNS), "chats")
            await here.api("brisk").import_batch(UTTERANCES, "utterances")
            begin = len(await here.heard())
            ids = {"batch": await here.api("brisk").begin_batch("utterances")}
            # Units are played two at a time: now the first two are committed.
            while (await here.api("brisk").batch_status("utterances", ids["batch"]))["utterance_ran"] <= 1000:
                await asyncio.sleep(0.05)
            ids["conversations"] = await here.api("steady").begin_run("chats")
            ids["import"] = await here.api("steady").begin_import(IMPORTED, "imported")
            await here.look_until(ids, lambda seen, _: seen["conversations"] >= 15 and seen["import"] >= 15)
            await here.kill(ids)
        with here.serving():
            before = {name: seen[-1] for name, seen in story.seen.items()}
            await here.look_until(
                ids,
                lambda seen, _: all(seen[name] >= before[name] + 15 for name in ("conversations", "import")),
            )
            await here.kill(ids)
        with here.serving():
            running = {"inprogress", "IN_PROGRESS", "running"}
            await here.look_until(
                ids, lambda _, now: not any(status["status"] in running for status in now.values())
            )
            steady, brisk = here.api("steady"), here.api("brisk")
            story.ended["conversations"] = await steady.run_status("chats", ids["conversations"])
            story.ended["import"] = (
                await steady.get(f"/conversation/testsuite/import/{ids['import']}/status")
            ).ok
            story.ended["batch"] = await brisk.batch_status("utterances", ids["batch"])
            story.reports["batch"] = await _report(brisk, story.ended["batch"])
            story.said = (await here.heard())[begin:]
            for kill in story.kills:
                kill.heard -= begin

            # And one over a clean stop.
            stopped = await steady.begin_run("chats")
            while (status := await steady.run_status("chats", stopped, brief=True))[
                "percentageCompleted"
            ] < 30:
                await asyncio.sleep(0.05)
            story.stopped_at = status["percentageCompleted"]
            assert here.server is not None
            story.exit_code = here.server.process.stop(signal.SIGTERM)
        with here.serving():
            story.ended["stopped"] = await here.api("steady").wait_run("chats", stopped)
    return story


async def _undisturbed(here: _House) -> None:
    """The same suites on a bot that answers the same, at full speed."""
    dialog, story = here.api("dialog"), here.story
    await dialog.import_suite(CASES, "chats")
    story.undisturbed["conversations"] = await dialog.run_suite("chats")
    story.undisturbed["import"] = await dialog.import_suite(IMPORTED, "imported")
    await dialog.import_batch(UTTERANCES, "utterances")
    story.undisturbed["batch"] = await dialog.run_batch("utterances")
    story.reports["undisturbed"] = await _report(dialog, story.undisturbed["batch"])


async def _report(api: Api, status: Any) -> Report:
    return read_report((await api.get(status["result"]["fileUrl"], token="")).body)


def test_the_kills_came_in_the_middle(story: Story) -> None:
    first, second = story.kills
    assert 0 < len(first.conversations) < len(second.conversations) < 48
    assert 0 < len(first.imported) < len(second.imported) < 40
    assert 0 < len(first.batch) < 4


@pytest.mark.parametrize("run", ["conversations", "stopped"])
def test_a_conversation_run_ends_as_an_undisturbed_one(story: Story, run: str) -> None:
    ended, undisturbed = story.ended[run], story.undisturbed["conversations"]
    assert ended["status"] == undisturbed["status"] == "failed"
    assert ended["result"]["stepDetails"] == undisturbed["result"]["stepDetails"]
    assert ended["result"]["stepDetails"] == {"passed": 84, "failed": 12, "total": 96}
    assert ended["result"]["errorDetails"] is None
    assert _without_ids(ended["result"]["executionResults"]) == _without_ids(
        undisturbed["result"]["executionResults"]
    )


def test_an_import_ends_as_an_undisturbed_one(story: Story) -> None:
    ended, undisturbed = story.ended["import"], story.undisturbed["import"]
    assert ended["status"] == undisturbed["status"] == "SUCCESS"
    assert ended["response"]["testSteps"] == undisturbed["response"]["testSteps"]
    assert _logs(ended) == _logs(undisturbed)
    assert len(ended["statusLogs"]) == 10  # one for each step that does not hold


def test_a_batch_run_ends_as_an_undisturbed_one(story: Story) -> None:
    ended, undisturbed = story.ended["batch"], story.undisturbed["batch"]
    assert ended["status"] == undisturbed["status"] == "completed"
    assert told(ended) == told(undisturbed)
    assert [told(ended)[key] for key in ("TP", "TN", "FP", "FN")] == [400] * 4
    assert story.reports["batch"].rows == story.reports["undisturbed"].rows


@pytest.mark.parametrize("run", ["conversations", "import", "batch"])
def test_percentages_never_go_back_and_the_start_stays(story: Story, run: str) -> None:
    assert story.seen[run] == sorted(story.seen[run])
    assert len(set(story.seen[run])) >= 3, "it rises while the run goes on"
    assert story.seen[run][-1] == 100
    assert len(story.starts[run]) == 1
    if run == "conversations":
        assert (
            story.ended[run]["result"]["duration"] > 1000 * 2 * TURNS * 48 / STEADY["requests_per_second"] / 2
        )


@pytest.mark.parametrize("kill", [0, 1])
def test_what_was_committed_is_not_played_again(story: Story, kill: int) -> None:
    killed = story.kills[kill]
    later = {said for _, said in story.said[killed.heard :]}
    for units, kind in ((killed.conversations, "case"), (killed.imported, "imported")):
        again = {f"{kind} {unit} turn {turn}" for unit in units for turn in range(TURNS)} & later
        assert not again
    utterances = [case["input"] for case in UTTERANCES["testCases"]]
    for unit in killed.batch:
        assert not later & set(utterances[500 * unit : 500 * (unit + 1)])


def test_a_conversation_that_is_played_again_begins_anew(story: Story) -> None:
    """Every session that the bot saw began with the first turn; only those in flight were cut off."""
    sessions: dict[str, list[str]] = {}
    for session, said in story.said:
        if session != "nlu":
            sessions.setdefault(session, []).append(said)
    whole: dict[str, int] = {}
    cut = 0
    for turns in sessions.values():
        case = turns[0].removesuffix(" turn 0")
        assert turns == [f"{case} turn {turn}" for turn in range(len(turns))]
        whole[case] = whole.get(case, 0) + (len(turns) == TURNS)
        cut += len(turns) < TURNS
    assert len(whole) == 48 + 40 and min(whole.values()) >= 1
    in_flight = STEADY["max_conversations"]
    # Besides these: what was finished less than a commit's pause (0.2 s, at 40 turns a second) before a kill.
    assert cut <= 2 * in_flight and sum(whole.values()) - len(whole) <= 2 * (in_flight + 10)


def test_a_second_server_on_the_same_folder_is_refused(story: Story) -> None:
    assert "data" in story.second_server and "Traceback" not in story.second_server


def test_a_clean_stop_leaves_the_run_to_the_next_server(story: Story) -> None:
    assert story.exit_code == 0
    assert 30 <= story.stopped_at < 100
    assert story.ended["stopped"]["percentageCompleted"] == 100


async def test_a_batch_import_that_was_killed_leaves_nothing(
    house: House, tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """A file of 300,000 rows is being read when the server dies; afterwards its name is free."""
    data_dir = house.copy(tmp_path / "data")
    server = start_server(data_dir)
    try:
        api = Api(session, server.url, house.apps["all"], house.bots["dialog"])
        await api.import_batch(suites.utterances(2), "known")
        rows = "".join(f"utterance number {n},intent {n % 50}\n" for n in range(300_000))
        file_id = await api.upload(f"input,intent\n{rows}", "big.csv")
        bodies = [
            {"fileName": file_id, "name": "new one"},
            {"fileName": file_id, "name": "known", "importType": "update"},
        ]
        calls = [asyncio.create_task(api.post("/testsuite/import", body)) for body in bodies]
        await asyncio.sleep(0.3)
        assert not any(call.done() for call in calls), "the file was read too quickly for this test"
    finally:
        server.kill()
    for ended in await asyncio.gather(*calls, return_exceptions=True):
        assert isinstance(ended, aiohttp.ClientError)

    with serving(data_dir) as server:
        api = Api(session, server.url, house.apps["all"], house.bots["dialog"])
        assert await api.batch_names() == ["known"]
        assert (await api.run_batch("known"))["utterance_count"] == 2
        small = {"fileName": await api.upload(suites.utterances(3)), "name": "new one"}
        assert (await api.post("/testsuite/import", small)).ok["__v"] == 0
        updated = (await api.post("/testsuite/import", {**small, "name": "known", "importType": "update"})).ok
        assert updated["name"] == "known"
        assert (await api.run_batch("known"))["utterance_count"] == 3


def _without_ids(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: value for key, value in result.items() if key != "requestId"} for result in results]


def _logs(status: Any) -> list[tuple[str, str, int]]:
    return [(log["level"], log["message"], log["step"]) for log in status["statusLogs"]]
