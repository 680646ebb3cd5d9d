"""The Python client against the real server: every method, every kind of error, with and without asyncio.

What the server answers is held to the contract elsewhere, by plain HTTP; here it is the client that is held
to the server.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.house import House
from tests.acceptance.http_api import USER
from tests.acceptance.processes import Server, serving, start_server
from tests.acceptance.report import read_report
from tests.acceptance.suites import as_text, batch, chats, transcript, utterances
from vivavoce.client import ApiError, BlockingClient, Client, Pace, ServerUnreachable, WaitTimeout

QUICK = Pace(first_s=0.02, longest_s=0.2, patience_s=2.0)
NAME = "a / strange % näme?"


def client_of(house: House, url: str, bot: str = "dialog", **more: Any) -> Client:
    app = house.apps[more.pop("app", "all")]
    given = {"user_email": USER, "pace": QUICK, **more}
    return Client(url, app.client_id, given.pop("secret", app.secret), house.bots.get(bot, bot), **given)


@pytest.fixture
async def client(house: House, server: Server) -> AsyncIterator[Client]:
    async with client_of(house, server.url) as opened:
        yield opened


@pytest.fixture
async def slow(house: House, server: Server) -> AsyncIterator[Client]:
    """Its bot takes 20 requests a second."""
    async with client_of(house, server.url, "slow") as opened:
        yield opened


async def imported(client: Client, document: dict[str, Any], name: str, **more: Any) -> dict[str, Any]:
    """The suite document of a fresh import."""
    file = await client.upload(as_text(document).encode())
    done = await client.wait_import(await client.import_conversations(file.id, name, **more))
    assert done.ok and done.suite is not None, done.logs
    return done.suite


# --- conversation suites


async def test_a_conversation_suite_from_its_file_to_its_end(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "chats.json"
    path.write_text(as_text(chats(8)), encoding="utf-8")
    told: list[int] = []
    file = await client.upload(path)
    assert len(file.hash) == 64
    begun = await client.import_conversations(file.id, NAME, tags=["smoke"], description="eight chats")
    done = await client.wait_import(begun, progress=told.append)
    assert done.ok and done.percentage == 100 and done.suite is not None
    assert told == sorted(set(told)) and told[-1] == 100
    assert {log.level for log in done.logs} == {"warning"}  # the two steps that do not hold
    assert (await client.import_status(begun)).suite_id == done.suite_id

    told.clear()
    run_id = await client.run(NAME)
    run = await client.wait_run(NAME, run_id, progress=told.append)
    assert run.status == "failed" and not run.ok and run.suite_id == done.suite_id
    assert run.result.steps is not None
    assert (run.result.steps.passed, run.result.steps.failed, run.result.steps.total) == (14, 2, 16)
    assert len(run.result.executions) == run.total_steps == 16
    assert told == sorted(set(told)) and told[-1] == 100
    brief = await client.run_status(NAME, run_id, details=False)
    assert brief.ended and brief.result.executions == () and brief.result.duration_ms is not None

    (line,) = (await client.suites(tag="smoke")).suites
    assert (line.name, line.description, line.total_steps) == (NAME, "eight chats", 16)
    assert line.last_run is not None
    runs = await client.runs(NAME)
    assert (runs.count, runs.more, [known["_id"] for known in runs.runs]) == (1, False, [run_id])

    document = await client.export(NAME)
    again = await imported(client, document, "again")
    assert [step["input"] for step in again["testSteps"]] == [step["input"] for step in document["testSteps"]]
    first = await client.suites(limit=1)
    second = await client.suites(skip=1, limit=1)
    assert first.count == 2 and first.more and not second.more
    assert {first.suites[0].name, second.suites[0].name} == {NAME, "again"}
    await client.delete(NAME, "again")
    assert (await client.suites()).suites == ()


async def test_a_run_that_is_cancelled(slow: Client) -> None:
    await imported(slow, chats(20), "long")
    run_id = await slow.run("long")
    with pytest.raises(WaitTimeout):
        await slow.wait_run("long", run_id, timeout_s=0.1)
    assert not (await slow.run_status("long", run_id)).ended  # giving up waiting ends nothing
    await slow.cancel("long", run_id)
    run = await slow.wait_run("long", run_id, details=False)
    assert run.status == "aborted" and run.result.steps is not None
    assert run.result.steps.not_executed > 0
    await slow.delete("long")


async def test_an_import_that_reaches_nobody_says_so(house: House, server: Server) -> None:
    async with client_of(house, server.url, "down") as client:
        file = await client.upload(as_text(transcript([("hello", "Hello!")])).encode(), "Grüße.json")
        done = await client.wait_import(await client.import_conversations(file.id, "nobody"))
        assert done.ended and not done.ok and done.suite is None
        assert any(log.level == "error" and "refused" in log.message for log in done.logs), done.logs
        assert (await client.suites()).count == 0


# --- batch suites


async def test_a_batch_suite_from_its_file_to_its_report(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "said.csv"
    path.write_text("input;intent\nmy balance;check_balance\nnothing;None\n", encoding="utf-8")
    file = await client.upload(str(path))
    suite = await client.import_batch(file.id, NAME, description="first", delimiter="semicolon")
    assert (suite.name, suite.description, suite.file_name) == (NAME, "first", "said.csv")

    more = await client.upload(as_text(utterances(40)).encode(), "more.json")
    updated = await client.import_batch(more.id, NAME, file_type="json", import_type="update")
    assert updated.id == suite.id

    told: list[int] = []
    run_id = await client.run_batch(NAME, notes="after an update")
    run = await client.wait_batch(NAME, run_id, progress=told.append)
    assert run.ok and run.total == 40 and run.percentage == 100 and told[-1] == 100
    tally = run.result.tally
    assert tally is not None and (tally.tp, tally.tn, tally.fp, tally.fn) == (10, 10, 10, 10)
    assert run.result.precision == run.result.recall == run.result.f1 == 0.5
    assert (await client.batch_status(NAME, run_id)).raw["_id"] == run_id

    assert run.result.file_url is not None
    report = await client.batch_report(run.result.file_url)
    assert len(read_report(report).cases) == 40
    size = await client.save(run.result.file_url, tmp_path / "report.csv")
    assert (tmp_path / "report.csv").read_bytes() == report and size == len(report)

    export = await client.export_batch(NAME)
    assert export.name == NAME
    await client.save(export.url, tmp_path / "export.json")
    assert json.loads((tmp_path / "export.json").read_text(encoding="utf-8")) == utterances(40)

    page = await client.batch_suites()
    (line,) = (line for line in page.suites if line.kind == "custom")
    assert (line.id, line.name) == (suite.id, NAME) and len(line.results) == 1 and page.count == 1
    assert {line.kind for line in page.suites} == {"custom", "prebuilt"}

    await client.delete_batch_run(NAME, run_id)
    with pytest.raises(ApiError) as refused:
        await client.batch_report(run.result.file_url)
    assert refused.value.status == 404
    await client.delete_batch(NAME)
    assert (await client.batch_suites()).count == 0


async def test_a_batch_run_that_is_cancelled(slow: Client) -> None:
    file = await slow.upload(as_text(utterances(200)).encode())
    await slow.import_batch(file.id, "long")
    run_id = await slow.run_batch("long", version="inDevelopment")
    await slow.cancel_batch("long", run_id)
    run = await slow.wait_batch("long", run_id)
    assert run.status == "cancelled" and not run.ok and run.result.file_url is None
    assert not run.result.available
    await slow.delete_batch("long")


async def test_a_prebuilt_suite_needs_no_import(client: Client) -> None:
    run = await client.wait_batch("AllMlUtterances", await client.run_batch("AllMlUtterances"))
    assert run.ok and run.total == 3 and run.result.f1 == 1.0


async def test_what_is_recognised_in_one_utterance(house: House, server: Server) -> None:
    async with client_of(house, server.url, "bank") as client:
        found = await client.find_intent("I lost my card", version="inDevelopment")
        assert found.result == "successintent" and found.task
        assert found.resolver.winning and found.raw["response"]
        lost = await client.find_intent("the moon is made of green cheese")
        assert lost.result == "failintent"


# --- without asyncio


def test_the_blocking_client_goes_the_whole_way(house: House, server: Server, tmp_path: Path) -> None:
    told: list[int] = []
    with BlockingClient(client_of(house, server.url)) as client:
        file = client.upload(as_text(transcript([("hello", "Hello!"), ("bye", "Goodbye.")])).encode())
        done = client.wait_import(client.import_conversations(file.id, "blocking"))
        assert done.ok
        run = client.wait_run("blocking", client.run("blocking"), progress=told.append)
        assert run.ok and told[-1] == 100
        assert client.export("blocking")["name"] == "blocking"
        assert client.runs("blocking").count == 1

        said = client.upload(as_text(batch(("my balance", "check_balance"))).encode())
        client.import_batch(said.id, "said")
        measured = client.wait_batch("said", client.run_batch("said"))
        assert measured.result.f1 == 1.0 and measured.result.file_url is not None
        assert client.save(measured.result.file_url, tmp_path / "report.csv") > 0

        with pytest.raises(ApiError) as refused:
            client.run("never imported")
        assert refused.value.status == 400
        client.delete("blocking")
        client.delete_batch("said")
        assert client.suites().count == client.batch_suites().count == 0
    client.close()  # twice is fine


def test_the_blocking_client_may_be_closed_unused(house: House) -> None:
    BlockingClient(client_of(house, "http://127.0.0.1:9")).close()


# --- what is refused


async def test_a_refusal_tells_its_status_and_each_problem(client: Client) -> None:
    async def refusal(call: Any) -> ApiError:
        with pytest.raises(ApiError) as refused:
            await call
        return refused.value

    assert (await refusal(client.run("nowhere"))).problems == [("Test Suite not found", 400)]
    assert (await refusal(client.import_status("ds-nowhere"))).problems == [("Invalid request ID", 400)]
    assert (await refusal(client.import_conversations("0" * 24, "new"))).problems == [
        ("Invalid file id", 400)
    ]
    broken = await client.upload(b'{"testCases": [{"messages": [{"input": 3}]}]}')
    error = await refusal(client.import_conversations(broken.id, "broken"))
    assert error.status == 412 and any("$.testCases[0]" in told for told, _ in error.problems), error
    assert "HTTP 412" in str(error)

    await imported(client, transcript([("hello", "Hello!")]), "taken")
    file = await client.upload(as_text(transcript([("hello", "Hello!")])).encode())
    assert (await refusal(client.import_conversations(file.id, "taken"))).status == 409
    run_id = await client.run("taken")
    await client.wait_run("taken", run_id)
    assert (await refusal(client.cancel("taken", run_id))).status == 409
    assert (await refusal(client.delete("taken", "nowhere"))).status == 400
    assert [line.name for line in (await client.suites()).suites] == ["taken"]  # all or none
    await client.delete("taken")


@pytest.mark.parametrize(
    "wrong",
    [{"secret": "another secret"}, {"bot": "st-00000000-0000-0000-0000-000000000000"}, {"app": "managing"}],
    ids=["secret", "bot", "scope"],
)
async def test_who_may_not_is_told_so(house: House, server: Server, wrong: dict[str, str]) -> None:
    async with client_of(house, server.url, **wrong) as client:
        with pytest.raises(ApiError) as refused:
            await client.batch_suites()
        assert refused.value.status == 401 and refused.value.problems


async def test_too_many_calls_are_refused_with_the_time_to_wait(house: House, tmp_path: Path) -> None:
    with serving(house.copy(tmp_path / "data"), rate_per_minute="3") as server:
        async with client_of(house, server.url) as client:
            for _ in range(3):
                await client.suites()
            with pytest.raises(ApiError) as refused:
                await client.suites()
            assert refused.value.status == 429
            assert refused.value.retry_after_s is not None and 0 < refused.value.retry_after_s <= 60


@pytest.mark.long  # the shortest window is a minute
async def test_a_wait_sits_a_429_out(house: House, tmp_path: Path) -> None:
    with serving(house.copy(tmp_path / "data"), rate_per_minute="4") as server:
        async with client_of(house, server.url, pace=Pace(first_s=0.01, factor=1, longest_s=0.01)) as client:
            file = await client.upload(as_text(transcript([("hello", "Hello!")])).encode())
            begun = await client.import_conversations(file.id, "patient")
            # The budget of status calls is spent here, so that the wait meets a refusal first.
            for _ in range(4):
                await client.import_status(begun)
            asked = time.monotonic()
            done = await client.wait_import(begun, timeout_s=90)
            assert done.ok
            assert time.monotonic() - asked > 30  # a minute's window, less what had passed


async def test_no_wait_asks_beyond_its_own_time(house: House, tmp_path: Path) -> None:
    with serving(house.copy(tmp_path / "data"), rate_per_minute="1") as server:
        async with client_of(house, server.url) as client:
            file = await client.upload(as_text(transcript([("hello", "Hello!")])).encode())
            begun = await client.import_conversations(file.id, "hasty")
            await client.import_status(begun)
            asked = time.monotonic()
            with pytest.raises(WaitTimeout):
                await client.wait_import(begun, timeout_s=5)
            assert time.monotonic() - asked < 5


async def test_a_server_that_comes_back_is_waited_for(house: House, tmp_path: Path) -> None:
    data_dir = house.copy(tmp_path / "data")
    with serving(data_dir) as first:
        async with client_of(house, first.url, "slow") as client:
            await imported(client, chats(20), "long")
            run_id = await client.run("long")
    async with client_of(house, first.url, "slow", pace=Pace(patience_s=60)) as client:
        with pytest.raises(ServerUnreachable, match="Connection refused"):
            await client.suites()
        waiting = asyncio.create_task(client.wait_run("long", run_id))
        await asyncio.sleep(0.5)
        assert not waiting.done()
        second = await asyncio.to_thread(start_server, data_dir, port=first.url.rpartition(":")[2])
        try:
            run = await waiting
        finally:
            assert await asyncio.to_thread(second.process.stop) == 0
        assert run.status == "failed" and run.result.steps is not None
        assert run.result.steps.passed == 35  # the run went on, and every fourth chat has a step that fails


async def test_a_server_that_stays_away_is_given_up(house: House) -> None:
    pace = Pace(first_s=0.02, longest_s=0.05, patience_s=0.3)
    async with client_of(house, "http://127.0.0.1:9", pace=pace) as client:
        with pytest.raises(ServerUnreachable, match="Connection refused"):
            await client.upload(b"{}")
        asked = time.monotonic()
        with pytest.raises(ServerUnreachable):
            await client.wait_run("any", "ctr-any")
        assert 0.3 <= time.monotonic() - asked < 5
