"""Every call of the client over real HTTP: what it sends, and what it makes of the answer."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from tests.integration.client.fake_server import (
    CLIENT_ID,
    FILE_ID,
    REPORT,
    SECRET,
    STREAM,
    FakeServer,
    refused,
    sample,
)

from vivavoce.client import ApiError, Client, Pace, ServerUnreachable, UnexpectedAnswer

NAME = "Zahlung/a?b"
ENCODED = "Zahlung%2Fa%3Fb"


async def test_upload_of_bytes(client: Client, fake: FakeServer) -> None:
    file = await client.upload(b'{"testCases": []}', "first.json")
    assert (file.id, file.hash) == (FILE_ID, "ab" * 32)
    sent = fake.calls[0].body
    assert sent["file"] == ("first.json", b'{"testCases": []}')
    assert sent["fileContext"][1] == b"bulkImport" and sent["fileExtension"][1] == b"json"


async def test_upload_of_a_path(client: Client, fake: FakeServer, tmp_path: Path) -> None:
    path = tmp_path / 'Übung "1".CSV'
    path.write_bytes(b"input,intent\n" * 100_000)
    await client.upload(path)
    name, content = fake.calls[0].body["file"]
    assert (name, content) == ('Übung "1".CSV', path.read_bytes())
    assert fake.calls[0].body["fileExtension"][1] == b"csv"


async def test_upload_of_a_missing_path_sends_nothing(
    client: Client, fake: FakeServer, tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError):
        await client.upload(tmp_path / "no.json")
    assert fake.calls == []


async def test_import_and_wait(client: Client, fake: FakeServer) -> None:
    fake.queue("ds-1/status", web.json_response(sample("conversation-import-inprogress")))
    import_id = await client.import_conversations(FILE_ID, NAME, tags=["smoke"], description="d")
    heard: list[int] = []
    done = await client.wait_import(import_id, progress=heard.append)
    assert fake.calls[0].body == {
        "fileName": FILE_ID,
        "name": NAME,
        "userEmailId": "qa@bank.example",
        "description": "d",
        "tags": ["smoke"],
    }
    assert done.ok and heard == [85, 100]


async def test_an_update_and_its_history(client: Client, fake: FakeServer) -> None:
    await client.import_conversations(FILE_ID, NAME, import_type="update")
    assert fake.calls[0].body["importType"] == "update"
    page = await client.revisions(NAME, skip=1, limit=2)
    assert (page.count, page.more) == (2, True)
    [revision] = page.revisions
    assert (revision.number, revision.file_name, revision.total_cases) == (2, "cards.yaml", 3)
    assert await client.export(NAME, revision=1) == {"testSteps": []}
    assert fake.calls[-1].query == {"revision": "1"}


async def test_reports(client: Client, fake: FakeServer, tmp_path: Path) -> None:
    assert await client.report(NAME, "ctr-1") == b'{"of": "json"}'
    assert await client.batch_run_report("NLU", "tr-1", format="csv") == b'{"of": "csv"}'
    path = tmp_path / "junit.xml"
    assert await client.save_report(NAME, "ctr-1", path, format="junit") == path.stat().st_size
    assert path.read_bytes() == b'{"of": "junit"}'
    assert await client.save_batch_run_report("NLU", "tr-1", path, format="markdown") == 18
    with pytest.raises(ApiError):
        await client.save_report(NAME, "ctr-9", tmp_path / "none")
    assert not (tmp_path / "none").exists()


async def test_run_and_wait_asks_briefly_and_answers_in_full(client: Client, fake: FakeServer) -> None:
    fake.queue(
        "ctr-1/status",
        web.json_response(sample("conversation-run-inprogress.brief")),
        refused(429, "Rate limit for this API has been reached.", 429, Retry_After="0.01"),
    )
    run_id = await client.run(NAME, version="published")
    heard: list[int] = []
    run = await client.wait_run(NAME, run_id, progress=heard.append)
    assert fake.calls[0].path.endswith(f"/testsuite/{ENCODED}/run")
    assert fake.calls[0].body == {"version": "published", "userEmailId": "qa@bank.example"}
    assert [call.query for call in fake.calls[1:]] == [{"details": "false"}] * 3 + [{}]
    assert run.ok and len(run.result.executions) == 2 and heard == [85, 100]


async def test_a_run_of_chosen_cases_several_times(client: Client, fake: FakeServer) -> None:
    await client.run(
        NAME,
        cases=("Pay *",),
        tags=["smoke"],
        last_failed=True,
        shard="1/2",
        fail_fast=True,
        repeat=3,
        pass_rule=2,
    )
    await client.run(NAME, repeat=0)
    common = {"version": "inDevelopment", "userEmailId": "qa@bank.example"}
    chosen = {"cases": ["Pay *"], "tags": ["smoke"], "lastFailed": True, "shard": "1/2", "failFast": True}
    assert [call.body for call in fake.calls] == [
        {**common, **chosen, "repeat": 3, "passRule": 2},
        {**common, "repeat": 0},
    ]


async def test_the_rest_of_the_conversation_calls(client: Client, fake: FakeServer) -> None:
    await client.cancel(NAME, "ctr-1")
    assert await client.export(NAME) == {"testSteps": []}
    page = await client.suites(skip=1, limit=1, tag="smoke", intent="pay")
    assert (page.count, page.more, page.suites[0].name, page.suites[0].tags) == (3, True, NAME, ("smoke",))
    assert fake.calls[-1].query == {"skip": "1", "limit": "1", "tag": "smoke", "intent": "pay"}
    runs = await client.runs(NAME)
    assert runs.runs[0]["status"] == "passed"
    await client.delete(NAME, "b")
    assert fake.calls[-1].method == "DELETE"
    assert fake.calls[-1].body == {"testSuiteNames": [NAME, "b"]}


async def test_batch_from_import_to_report(client: Client, fake: FakeServer, server: TestServer) -> None:
    fake.queue("tr-1/status", web.json_response(sample("batch-run-running")))
    suite = await client.import_batch(FILE_ID, "NLU", import_type="update", delimiter="semicolon")
    assert suite.id == "ts-1" and suite.file_name == "nlu.csv"
    assert fake.calls[0].body == {
        "fileName": FILE_ID,
        "name": "NLU",
        "importType": "update",
        "delimiter": "semicolon",
    }
    run_id = await client.run_batch("NLU", notes="nightly")
    assert fake.calls[1].body == {"version": "inDevelopment", "notes": "nightly"}
    heard: list[int] = []
    run = await client.wait_batch("NLU", run_id, progress=heard.append)
    assert run.ok and heard == [50, 100]
    assert run.result.file_url is not None
    link = run.result.file_url.replace("http://hostname", str(server.make_url("/")).rstrip("/"))
    assert await client.batch_report(link) == REPORT


async def test_a_report_is_streamed_to_a_file_without_the_token(
    client: Client, fake: FakeServer, server: TestServer, tmp_path: Path
) -> None:
    link = str(server.make_url("/api/getMediaStream/media/f-1.csv")) + "?s=a%2Bb$$&clientfilename=x%20y.csv"
    target = tmp_path / "report.csv"
    assert await client.save(link, target) == len(REPORT)
    assert target.read_bytes() == REPORT
    call = fake.calls[0]
    assert "auth" not in {name.lower() for name in call.headers}
    assert call.query == {"s": "a+b$$", "clientfilename": "x y.csv"}


async def test_the_rest_of_the_batch_calls(client: Client, fake: FakeServer) -> None:
    await client.cancel_batch("NLU", "tr-1")
    assert (await client.export_batch("NLU")).url == "http://x/y"
    page = await client.batch_suites()
    assert page.count == 1 and [(line.id, line.kind) for line in page.suites] == [
        ("ts-1", "custom"),
        ("AllMlUtterances", "prebuilt"),
    ]
    await client.delete_batch_run("NLU", "tr-1")
    await client.delete_batch("NLU")
    assert [call.method for call in fake.calls[-2:]] == ["DELETE", "DELETE"]


async def test_find_intent(client: Client, fake: FakeServer) -> None:
    found = await client.find_intent("balance", stream_name="Bank", parent_intent="Accounts")
    assert (found.result, found.task) == ("successintent", "Show balance")
    assert found.resolver.winning[0]["intent"] == "Show balance"
    assert fake.calls[0].body == {"input": "balance", "streamName": "Bank", "parentIntent": "Accounts"}
    assert fake.calls[0].query == {"fetchConfiguredTasks": "false"}
    await client.find_intent("balance", version="inDevelopment")
    assert fake.calls[1].query == {"fetchConfiguredTasks": "true"}


async def test_each_call_carries_a_token_of_its_own_and_the_language(
    server: TestServer, fake: FakeServer
) -> None:
    url = str(server.make_url("/"))
    async with Client(url, CLIENT_ID, SECRET, STREAM, user_email="a@b.example", language="zh_cn") as client:
        await asyncio.gather(*(client.suites() for _ in range(5)))
    assert len(fake.tokens) == 5
    assert {call.headers["bot-language"] for call in fake.calls} == {"zh_cn"}


async def test_a_refusal_carries_status_and_reasons(server: TestServer, client: Client) -> None:
    wrong = Client(str(server.make_url("/")), CLIENT_ID, SECRET + "x", STREAM, user_email="a@b.example")
    async with wrong:
        with pytest.raises(ApiError) as told:
            await wrong.suites()
    assert (told.value.status, told.value.problems) == (401, [("Invalid SDK credentials", 4002)])
    assert str(told.value) == "HTTP 401: Invalid SDK credentials (code 4002)"
    with pytest.raises(ApiError) as told:
        await client.run("unknown")
    assert told.value.status == 404


async def test_a_proxys_page_is_a_refusal_too(client: Client, fake: FakeServer) -> None:
    fake.queue("/testsuite", web.Response(status=502, text="<html>Bad gateway", content_type="text/html"))
    with pytest.raises(ApiError) as told:
        await client.suites()
    assert (told.value.status, told.value.problems) == (502, [])


async def test_an_answer_that_is_not_json(client: Client, fake: FakeServer) -> None:
    fake.queue("/testsuite", web.Response(text="hello"), web.json_response([1]), web.json_response({}))
    for _ in range(3):
        with pytest.raises(UnexpectedAnswer):
            await client.suites()


async def test_a_missing_run_id_is_an_unexpected_answer(client: Client, fake: FakeServer) -> None:
    fake.queue("/run", web.json_response({"status": "IN_PROGRESS"}))
    with pytest.raises(UnexpectedAnswer, match="testRunId"):
        await client.run(NAME)


async def test_nobody_listens() -> None:
    url = f"http://127.0.0.1:{unused_port()}"
    pace = Pace(first_s=0.01, patience_s=0.05)
    async with Client(url, CLIENT_ID, SECRET, STREAM, user_email="a@b.example", pace=pace) as client:
        with pytest.raises(ServerUnreachable, match="gave no answer"):
            await client.suites()
        with pytest.raises(ServerUnreachable):
            await client.wait_import("ds-1")


async def test_tokens_are_signed_as_the_app_demands(server: TestServer, fake: FakeServer) -> None:
    fake.algorithm = "HS512"
    url = str(server.make_url("/"))
    async with Client(url, CLIENT_ID, SECRET, STREAM, user_email="a@b.example", algorithm="HS512") as client:
        assert (await client.suites()).count == 3
    async with Client(url, CLIENT_ID, SECRET, STREAM, user_email="a@b.example") as client:
        with pytest.raises(ApiError, match="Invalid SDK credentials"):
            await client.suites()
