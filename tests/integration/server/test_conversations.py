"""Conversation suites and their runs, through every call."""

import asyncio
import json
from datetime import UTC, datetime
from urllib.parse import quote

from tests.integration.server.client import Answer
from tests.integration.server.server import OTHER, STREAM, Server
from vivavoce.server.identity import user_id

BASE = f"/api/public/stream/{STREAM}/conversation/testsuite"
NAME = 'A suite / with "quotes", blanks & 🎓?'
PATH = f"{BASE}/{quote(NAME, safe='')}"
SUITE = {
    "testCases": [
        {
            "name": "echo",
            "messages": [{"input": "hi", "outputs": ["hi"]}, {"input": "ho", "outputs": ["ho"]}],
        },
        {"name": "wrong", "messages": [{"input": "a", "outputs": ["b"]}]},
    ]
}
RUN = {"version": "inDevelopment", "userEmailId": "Ada@example.org"}


async def ended(server: Server, path: str, busy: str) -> Answer:
    for _ in range(200):
        answer = await server.call("GET", path)
        assert answer.status == 200, answer
        if answer.json()["status"] != busy:
            return answer
        await asyncio.sleep(0.02)
    raise AssertionError(f"{path} does not end")


async def imported(server: Server, name: str = NAME, suite: dict | None = None, **fields) -> dict:
    file_id = await server.upload(json.dumps(suite or SUITE).encode())
    body = {"fileName": file_id, "name": name, "userEmailId": "ada@example.org", **fields}
    answer = await server.call("POST", f"{BASE}/import", body)
    assert answer.status == 200, answer
    assert list(answer.json()) == ["status", "dsId"]
    return (await ended(server, f"{BASE}/import/{answer.json()['dsId']}/status", "IN_PROGRESS")).json()


async def test_import_shows_the_suite_when_it_is_done(server: Server):
    status = await imported(server, tags=["smoke"], description="d")
    assert status["status"] == "SUCCESS"
    assert status["createdBy"] == user_id("ada@example.org")
    document = status["response"]
    assert (document["name"], document["tags"], document["description"]) == (NAME, ["smoke"], "d")
    assert document["_id"] == status["testSuiteId"]
    assert [step["input"] for step in document["testSteps"]] == ["hi", "ho", "a"]
    exported = await server.call("GET", f"{PATH}/export")
    assert exported.json() == document


async def test_while_an_import_runs_the_suite_is_not_seen_and_its_name_is_taken(server: Server):
    server.bots.gate = asyncio.Event()
    file_id = await server.upload(json.dumps(SUITE).encode())
    body = {"fileName": file_id, "name": NAME, "userEmailId": "e"}
    started = (await server.call("POST", f"{BASE}/import", body)).json()
    status = f"{BASE}/import/{started['dsId']}/status"
    going = (await server.call("GET", status)).json()
    assert (going["status"], "response" in going) == ("IN_PROGRESS", False)
    assert (await server.call("POST", f"{PATH}/run", RUN)).messages == ["Test Suite not found"]
    again = await server.call("POST", f"{BASE}/import", body)
    assert (again.status, again.code) == (409, 409)
    server.bots.gate.set()
    assert (await ended(server, status, "IN_PROGRESS")).json()["status"] == "SUCCESS"
    assert (await server.call("POST", f"{BASE}/import", body)).status == 409


async def test_a_file_that_cannot_be_read_is_refused_with_its_places(server: Server):
    file_id = await server.upload(b'{"testCases": [{"name": "a", "messages": [{"input": 7}]}]}')
    answer = await server.call(
        "POST", f"{BASE}/import", {"fileName": file_id, "name": NAME, "userEmailId": "e"}
    )
    assert (answer.status, answer.messages[0]) == (412, "Validation errors/ Invalid arguments")
    assert "$.testCases[0].messages[0].input" in answer.messages[1]
    await imported(server)  # the name is free


async def test_a_run_from_start_to_end(server: Server):
    await imported(server)
    server.bots.gate = asyncio.Event()
    started = await server.call("POST", f"{PATH}/run", RUN)
    assert list(started.json()) == ["status", "testRunId"]
    run_id = started.json()["testRunId"]
    status = f"{PATH}/{run_id}/status"
    going = (await server.call("GET", status)).json()
    assert (going["status"], going["result"]["version"]) == ("inprogress", "configured")
    server.bots.gate.set()
    full = (await ended(server, status, "inprogress")).json()
    assert full["status"] == "failed"
    assert full["result"]["stepDetails"] == {"passed": 2, "failed": 1, "total": 3}
    assert [step["status"] for step in full["result"]["executionResults"]] == ["passed", "passed", "failed"]
    brief = (await server.call("GET", f"{status}?details=false")).json()
    assert "executionResults" not in brief["result"]
    listed = (await server.call("GET", f"{PATH}/runs")).json()
    assert listed == {"count": 1, "moreAvailable": False, "runs": [brief]}
    suites = (await server.call("GET", BASE)).json()
    assert suites["testSuites"][0]["lastRun"] == brief
    assert (await server.call("POST", f"{PATH}/{run_id}/cancel")).status == 409


async def test_a_long_status_is_streamed(server: Server):
    steps = [{"input": f"step {number} " + "x" * 200, "outputs": [f"step {number}"]} for number in range(600)]
    await imported(server, suite={"testCases": [{"name": "long", "messages": steps}]})
    run_id = (await server.call("POST", f"{PATH}/run", RUN)).json()["testRunId"]
    await ended(server, f"{PATH}/{run_id}/status?details=false", "inprogress")
    answer = await server.call("GET", f"{PATH}/{run_id}/status")
    assert "content-length" not in answer.headers
    results = answer.json()["result"]["executionResults"]
    assert [one["requestId"] for one in results] == [f"{run_id}{number}" for number in range(600)]


async def test_cancel(server: Server):
    await imported(server)
    server.bots.gate = asyncio.Event()
    run_id = (await server.call("POST", f"{PATH}/run", RUN)).json()["testRunId"]
    answer = await server.call("POST", f"{PATH}/{run_id}/cancel")
    assert (answer.status, answer.body) == (200, b'{"status":"aborted"}')
    status = (await ended(server, f"{PATH}/{run_id}/status", "inprogress")).json()
    assert (status["status"], status["result"]["errorDetails"]) == ("aborted", "cancelled")
    again = await server.call("POST", f"{PATH}/{run_id}/cancel")
    assert (again.status, again.code) == (409, 409)
    assert run_id in again.messages[0]


async def test_what_does_not_exist(server: Server):
    status = await imported(server)
    await imported(server, "other")
    run_id = (await server.call("POST", f"{PATH}/run", RUN)).json()["testRunId"]
    suite, result, request = ["Test Suite not found"], ["Test Result not found."], ["Invalid request ID"]
    foreign = server.add_app(streams=(OTHER,))
    other = BASE.replace(STREAM, OTHER)
    for method, path, body, messages, app in (
        ("POST", f"{BASE}/none/run", RUN, suite, None),
        ("GET", f"{BASE}/none/export", None, suite, None),
        ("GET", f"{BASE}/none/runs", None, suite, None),
        ("GET", f"{BASE}/none/{run_id}/status", None, suite, None),
        ("GET", f"{BASE}/none/ctr-none/status", None, suite, None),
        ("POST", f"{BASE}/none/{run_id}/cancel", None, suite, None),
        ("GET", f"{PATH}/ctr-none/status", None, result, None),
        ("GET", f"{PATH}/{status['_id']}/status", None, result, None),  # an import is no run
        ("GET", f"{BASE}/other/{run_id}/status", None, result, None),
        ("POST", f"{BASE}/other/{run_id}/cancel", None, result, None),
        ("GET", f"{BASE}/import/ds-none/status", None, request, None),
        ("GET", f"{BASE}/import/{run_id}/status", None, request, None),  # a run is no import
        ("GET", f"{other}/import/{status['_id']}/status", None, request, foreign),
        ("GET", f"{other}/{quote(NAME, safe='')}/{run_id}/status", None, suite, foreign),
        ("GET", f"{BASE}/{NAME.upper().encode().hex()}/export", None, suite, None),
        ("GET", f"{BASE}/OTHER/export", None, suite, None),
        ("GET", f"{BASE}/other%20/export", None, suite, None),
        ("GET", f"{BASE}/{'x' * 300}/export", None, suite, None),
    ):
        answer = await server.call(method, path, body, app=app)
        assert (answer.status, answer.code, answer.messages) == (400, 400, messages), path


async def test_delete_takes_all_or_none(server: Server):
    await imported(server)
    await imported(server, "other")
    run_id = (await server.call("POST", f"{PATH}/run", RUN)).json()["testRunId"]
    answer = await server.call("DELETE", BASE, {"testSuiteNames": [NAME, "x", "y"]})
    assert (answer.status, answer.messages[0]) == (400, "Test Suite not found")
    assert "'x'" in answer.messages[1] and "'y'" in answer.messages[1]
    assert (await server.call("GET", BASE)).json()["count"] == 2
    answer = await server.call("DELETE", BASE, {"testSuiteNames": [NAME, NAME]})
    assert (answer.status, answer.body) == (200, b'{"status":"Success"}')
    assert (await server.call("GET", f"{PATH}/{run_id}/status")).messages == ["Test Suite not found"]
    assert [one["name"] for one in (await server.call("GET", BASE)).json()["testSuites"]] == ["other"]
    await imported(server)


async def test_lists(server: Server):
    for name in ("b", "a", "c"):
        await imported(server, name, tags=[name, "all"])
    whole = (await server.call("GET", BASE)).json()
    assert list(whole) == ["count", "moreAvailable", "testSuites"]
    assert [suite["name"] for suite in whole["testSuites"]] == ["a", "b", "c"]
    assert list(whole["testSuites"][0]) == [
        *("_id", "name", "description", "tags", "createdOn", "lModOn", "totalTestStepsCount", "lastRun")
    ]
    part = (await server.call("GET", f"{BASE}?skip=1&limit=1")).json()
    assert (part["count"], part["moreAvailable"], part["testSuites"][0]["name"]) == (3, True, "b")
    tagged = (await server.call("GET", f"{BASE}?tag=c")).json()
    assert [suite["name"] for suite in tagged["testSuites"]] == ["c"]
    assert (await server.call("GET", f"{BASE}?intent=none")).json()["count"] == 0


async def test_the_language_and_who_did_it_are_kept(server: Server):
    await imported(server)
    ids = [
        (await server.call("POST", f"{PATH}/run", RUN, headers=headers)).json()["testRunId"]
        for headers in ({}, {"bot-language": "de"})
    ]
    runs = [server.engine.store.runs.get(run_id) for run_id in ids]
    assert [run.language for run in runs] == ["en", "de"]
    assert {run.triggered_by for run in runs} == {user_id("ada@example.org")}
    assert all(run.created_on <= datetime.now(UTC) for run in runs)
