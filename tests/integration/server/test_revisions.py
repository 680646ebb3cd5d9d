"""Updates of conversation suites, their history, and what runs and exports say of it."""

import asyncio
import itertools
import json

import pytest

from tests.integration.server.server import Server
from tests.integration.server.test_conversations import BASE, NAME, PATH, RUN, SUITE, ended, imported
from vivavoce.server.identity import user_id

BYE = {"testCases": [{"name": "bye", "messages": [{"input": "bye", "outputs": ["bye"]}]}]}


def inputs(document: dict) -> list[str]:
    return [step["input"] for step in document["testSteps"]]


async def exported(server: Server, revision: int = 0) -> dict:
    answer = await server.call("GET", f"{PATH}/export" + (f"?revision={revision}" if revision else ""))
    assert answer.status == 200, answer
    return answer.json()


async def begun(server: Server, suite: dict, name: str = NAME, user: str = "bob@example.org") -> str:
    """The status path of an update's import."""
    body = {"fileName": await server.upload(json.dumps(suite).encode(), "bye.json"), "name": name}
    body |= {"userEmailId": user, "importType": "update"}
    answer = await server.call("POST", f"{BASE}/import", body)
    assert answer.status == 200, answer
    return f"{BASE}/import/{answer.json()['dsId']}/status"


async def test_an_update_is_the_next_revision_and_the_history_stays(server: Server):
    first = (await imported(server, tags=["smoke"], description="what it is for"))["response"]
    status = (await ended(server, await begun(server, BYE), "IN_PROGRESS")).json()
    assert (status["status"], status["testSuiteId"]) == ("SUCCESS", first["_id"])
    assert inputs(status["response"]) == ["bye"]
    now = await exported(server)
    assert (inputs(now), now["tags"], now["description"]) == (["bye"], ["smoke"], "what it is for")
    assert (now["__v"], now["createdBy"], now["lModBy"]) == (
        1,
        user_id("ada@example.org"),
        user_id("bob@example.org"),
    )
    assert await exported(server, 1) == first
    assert await exported(server, 2) == now
    history = (await server.call("GET", f"{PATH}/revisions")).json()
    assert (history["count"], history["moreAvailable"]) == (2, False)
    newest, oldest = history["revisions"]
    assert (newest["revision"], newest["fileName"], newest["createdBy"]) == (
        2,
        "bye.json",
        user_id("bob@example.org"),
    )
    assert (newest["totalTestCasesCount"], newest["totalTestStepsCount"]) == (1, 1)
    assert (oldest["revision"], oldest["createdBy"]) == (1, user_id("ada@example.org"))
    assert (oldest["totalTestCasesCount"], oldest["totalTestStepsCount"]) == (2, 3)
    paged = (await server.call("GET", f"{PATH}/revisions?skip=1&limit=1")).json()
    assert paged["revisions"] == [oldest]
    missing = await server.call("GET", f"{PATH}/export?revision=3")
    assert (missing.status, missing.messages) == (400, ["Test Suite not found", "it has no revision 3"])


async def test_given_fields_replace_the_suites(server: Server):
    await imported(server, tags=["smoke"], description="old")
    told = (await imported(server, suite=BYE, importType="update", tags=["new"], description="newer"))[
        "response"
    ]
    assert (told["tags"], told["description"]) == (["new"], "newer")
    of_file = {**BYE, "description": "of the file"}
    assert (await imported(server, suite=of_file, importType="update"))["response"]["description"] == (
        "of the file"
    )


async def test_an_update_that_changes_nothing_makes_no_revision(server: Server):
    first = (await imported(server))["response"]
    again = await imported(server, importType="update")
    assert (again["status"], again["response"]) == ("SUCCESS", first)
    assert (await server.call("GET", f"{PATH}/revisions")).json()["count"] == 1
    assert (await imported(server, importType="update", tags=["x"]))["response"]["tags"] == ["x"]
    assert (await server.call("GET", f"{PATH}/revisions")).json()["count"] == 2


async def test_an_import_that_changed_nothing_shows_what_it_left_whatever_comes_later(server: Server):
    first = (await imported(server))["response"]
    body = {"fileName": await server.upload(json.dumps(SUITE).encode()), "name": NAME, "userEmailId": "e"}
    body |= {"importType": "update", "replays": 2}
    started = (await server.call("POST", f"{BASE}/import", body)).json()["dsId"]
    path = f"{BASE}/import/{started}/status"
    assert (await ended(server, path, "IN_PROGRESS")).json()["response"] == first
    await imported(server, suite=BYE, importType="update")
    later = await server.call("GET", path)
    assert (later.status, later.json()["response"]) == (200, first)


async def test_runs_name_their_revision(server: Server):
    await imported(server)
    started = (await server.call("POST", f"{PATH}/run", RUN)).json()["testRunId"]
    before = (await ended(server, f"{PATH}/{started}/status", "inprogress")).json()
    assert "suiteRevision" not in before  # what is ours appears only where it says something
    await imported(server, suite=BYE, importType="update")
    started = (await server.call("POST", f"{PATH}/run", RUN)).json()["testRunId"]
    after = (await ended(server, f"{PATH}/{started}/status", "inprogress")).json()
    assert (after["suiteRevision"], after["totalTestStepsCount"]) == (2, 1)


async def test_an_update_of_an_unknown_name_is_refused(server: Server):
    file_id = await server.upload(json.dumps(BYE).encode())
    body = {"fileName": file_id, "name": "nobody", "userEmailId": "e", "importType": "update"}
    answer = await server.call("POST", f"{BASE}/import", body)
    assert (answer.status, answer.messages[0]) == (400, "Test Suite not found")
    assert "'nobody' to update" in answer.messages[1]
    assert (await server.call("GET", BASE)).json()["count"] == 0


async def test_while_an_update_runs_the_suite_is_as_before(server: Server):
    first = (await imported(server))["response"]
    server.bots.gate = asyncio.Event()
    status = await begun(server, BYE)
    assert await exported(server) == first
    assert (await server.call("GET", f"{PATH}/export?revision=2")).status == 400
    assert (await server.call("GET", f"{PATH}/revisions")).json()["count"] == 1
    server.bots.gate.set()
    assert (await ended(server, status, "IN_PROGRESS")).json()["status"] == "SUCCESS"
    assert inputs(await exported(server)) == ["bye"]


async def test_an_update_that_cannot_be_read_leaves_everything(server: Server):
    first = (await imported(server))["response"]
    file_id = await server.upload(b'{"testCases": 7}')
    body = {"fileName": file_id, "name": NAME, "userEmailId": "e", "importType": "update"}
    assert (await server.call("POST", f"{BASE}/import", body)).status == 412
    assert await exported(server) == first
    assert (await server.call("GET", f"{PATH}/revisions")).json()["count"] == 1


async def test_deleting_takes_the_history_along(server: Server):
    await imported(server)
    await imported(server, suite=BYE, importType="update")
    assert (await server.call("DELETE", BASE, {"testSuiteNames": [NAME]})).status == 200
    assert (await server.call("GET", f"{PATH}/revisions")).messages == ["Test Suite not found"]
    await imported(server)
    assert (await server.call("GET", f"{PATH}/revisions")).json()["count"] == 1


async def test_deleting_ends_an_update_that_goes_on(server: Server, caplog: pytest.LogCaptureFixture):
    await imported(server)
    server.bots.gate = asyncio.Event()  # the trial hangs at its first turn
    status = await begun(server, BYE)
    assert (await server.call("DELETE", BASE, {"testSuiteNames": [NAME]})).status == 200
    assert (await server.call("GET", status)).messages == ["Invalid request ID"]
    assert "left by a fault" not in caplog.text
    server.bots.gate.set()
    assert (await imported(server))["status"] == "SUCCESS"
    assert "left by a fault" not in caplog.text


async def test_reports_of_an_ended_run(server: Server):
    await imported(server)
    server.bots.gate = asyncio.Event()
    run_id = (await server.call("POST", f"{PATH}/run", RUN)).json()["testRunId"]
    early = await server.call("GET", f"{PATH}/{run_id}/report")
    assert early.status == 409 and "has not ended" in early.messages[0]
    server.bots.gate.set()
    await ended(server, f"{PATH}/{run_id}/status", "inprogress")
    [run] = (await server.call("GET", f"{PATH}/{run_id}/report")).json()["runs"]
    assert (run["id"], run["status"], run["counts"]["failed"]) == (run_id, "failed", 1)
    assert [one["verdict"] for one in run["results"]] == ["passed", "passed", "failed"]
    for kind, media, begin in (
        ("junit", "application/xml", b"<?xml"),
        ("csv", "text/csv; charset=utf-8", b""),
        ("markdown", "text/markdown; charset=utf-8", b"#"),
        ("html", "text/html; charset=utf-8", b"<!doctype html>"),
    ):
        answer = await server.call("GET", f"{PATH}/{run_id}/report?format={kind}")
        assert (answer.status, answer.headers["content-type"]) == (200, media)
        assert answer.body.startswith(begin) and b"wrong" in answer.body  # the case that failed
    unknown = await server.call("GET", f"{PATH}/ctr-9/report")
    assert (unknown.status, unknown.messages) == (400, ["Test Result not found."])


async def test_an_import_that_is_played_several_times_proposes_what_varies(server: Server):
    told = itertools.count(100)

    def answer(text: str) -> str:
        return f"Your number is {next(told)}." if text == "number" else text

    server.bots.answer = answer
    messages = [{"input": text, "outputs": [text]} for text in ("hi", "number")]
    suite = {"testCases": [{"name": "varies", "messages": messages}]}
    status = await imported(server, suite=suite, replays=3)
    assert status["status"] == "SUCCESS"
    [proposal] = status["proposals"]
    assert proposal["step"] == 1
    [output] = proposal["outputs"]
    [entry] = output["contains"]
    [span] = entry["dynamic"]
    assert entry["text"][span["start"] : span["end"]].isdigit() and span["kind"] == "number"
    assert next(told) == 103
    again = await imported(server, "once", suite=suite)
    assert "proposals" not in again
    steady = await imported(server, "steady", suite=BYE, replays=2)
    assert "proposals" not in steady
