"""Batch suites, their runs and reports, through every call."""

import asyncio
import json
import re
from time import monotonic
from urllib.parse import parse_qs, urlsplit

from msgspec.structs import replace

from tests.integration.server.client import request
from tests.integration.server.server import STREAM, Server
from tests.integration.server.test_conversations import ended
from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.domain.bot import Limits
from vivavoce.server.identity import user_id

BASE = f"/api/public/bot/{STREAM}/testsuite"
CASES = {
    "testCases": [
        {"input": "hello there", "intent": "Greet"},
        {"input": "Hello again", "intent": "Bye"},
        {"input": "good bye", "intent": "Bye"},
        {"input": "break", "intent": "Bye"},
        {"input": "nothing", "intent": ""},
    ]
}
CSV = b"input,intent\r\nhello there,Greet\r\ngood bye,Bye\r\n"
RUN = {"version": "published"}


async def imported(server: Server, name: str = "my batch", content: bytes | None = None, **fields):
    content = json.dumps(CASES).encode() if content is None else content
    file_id = await server.upload(content, "cases.json")
    return await server.call("POST", f"{BASE}/import", {"fileName": file_id, "name": name, **fields})


async def test_what_is_odd_about_a_file_is_told_with_its_record(server: Server):
    odd = b"Input,Intent,Parent Intent\r\nhello there,Greet,Small\r\n"
    answer = (await imported(server, "odd", odd, fileType="CSV", delimiter=None)).json()
    assert any("Parent Intent" in warning for warning in answer["warnings"])
    assert "warnings" not in (await imported(server, "fine", CSV)).json()


async def test_contradictions_are_told_with_the_record(server: Server):
    odd = b"input,intent\r\nhello,Greet\r\nHELLO,Bye\r\n"
    answer = (await imported(server, "contradictory", odd)).json()
    assert answer["warnings"] == ["line 3: expects 'Bye', but line 2 expects 'Greet' of the same utterance"]


async def completed(server: Server, path: str) -> dict:
    run_id = (await server.call("POST", f"{path}/run", RUN)).json()["requestId"]
    return (await ended(server, f"{path}/{run_id}/status", "running")).json()


async def test_import_answers_the_record(server: Server):
    record = (await imported(server, description="d")).json()
    assert list(record) == [
        *("_id", "name", "description", "streamId", "language", "fileId", "createdBy", "createdOn"),
        *("modifiedOn", "__v", "fileName"),
    ]
    assert re.fullmatch("ts-[0-9a-f-]{36}", record["_id"])
    assert (record["name"], record["description"], record["fileName"]) == ("my batch", "d", "cases.json")
    assert (record["streamId"], record["language"]) == (STREAM, "en")
    assert record["createdBy"] == user_id("ada@example.org")  # the token's subject


async def test_new_and_update(server: Server):
    first = (await imported(server)).json()
    again = await imported(server)
    assert (again.status, again.code) == (409, 409)
    await completed(server, f"{BASE}/my%20batch")
    updated = (await imported(server, content=CSV, importType="update", fileType="json")).json()
    assert updated["_id"] == first["_id"]
    status = await completed(server, f"{BASE}/my%20batch")
    assert status["utterance_count"] == 2
    assert len((await server.call("GET", BASE)).json()[first["_id"]]["results"]) == 2
    unknown = await imported(server, "unknown", importType="update")
    assert (unknown.status, unknown.messages[0]) == (400, "Test Suite not found")


async def test_a_file_that_cannot_be_read(server: Server):
    for content in (b'{"testCases": [{"input": 7}]}', b"no,header\r\n", b"\xff\xfe\xfa", b"[" * 10_000):
        answer = await imported(server, content=content)
        assert (answer.status, answer.code, answer.messages[0]) == (412, 412, "CSV format is incorrect")
        assert len(answer.messages) > 1
    assert (await imported(server)).status == 200


async def test_a_run_from_start_to_end(server: Server):
    await imported(server)
    server.bots.gate = asyncio.Event()
    accepted = (await server.call("POST", f"{BASE}/my%20batch/run", {**RUN, "notes": "n"})).json()
    assert list(accepted) == ["status", "requestId"]
    assert accepted["status"] == "accepted"
    path = f"{BASE}/my%20batch/{accepted['requestId']}/status"
    going = (await server.call("GET", path)).json()
    assert (going["status"], going["totalUtterances"], going["utterance_ran"]) == ("running", 5, 0)
    server.bots.gate.set()
    done = (await ended(server, path, "running")).json()
    result = done["result"]
    counts = {name: result["results"][name] for name in ("TP", "TN", "FP", "FN", "failedUtteranceCount")}
    assert counts == {"TP": 1, "TN": 1, "FP": 1, "FN": 1, "failedUtteranceCount": 1}
    assert (result["isPartialFailure"], result["isAvailable"]) == (True, True)
    assert (result["precision"], result["recall"], result["f1_score"]) == ("0.50", "0.50", "0.50")


async def test_the_report_lies_behind_its_link(server: Server):
    await imported(server, "süße / suite")
    path = f"{BASE}/s%C3%BC%C3%9Fe%20%2F%20suite"
    run_id = (await server.call("POST", f"{path}/run", RUN)).json()["requestId"]
    url = (await ended(server, f"{path}/{run_id}/status", "running")).json()["result"]["fileUrl"]
    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc) == ("http", "viva.test")
    name = parse_qs(parts.query)["clientfilename"][0]
    assert re.fullmatch(r"süße / suite-\d\d-\d\d-\d\d\.csv", name)
    target = f"{parts.path}?{parts.query}"
    report = await request(server.app, "GET", target)  # without a token
    assert (report.status, report.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert b"Utterances,Expected Intent" in report.body
    assert "filename*=UTF-8''s%C3%BC%C3%9Fe%20_%20suite-" in report.headers["content-disposition"]
    for changed in (target.replace(".csv?", ".csx?"), target + "&x=1", target.replace("true", "True")):
        refused = await request(server.app, "GET", changed)
        assert (refused.status, refused.code, refused.messages) == (401, 4002, ["Invalid SDK credentials"])
    gone = await server.call("DELETE", f"{path}/{run_id}")
    assert gone.json() == {"message": "Test Result Removed Successfully"}
    answer = await request(server.app, "GET", target)
    assert (answer.status, answer.messages) == (404, ["Not Found"])
    assert (await server.call("GET", f"{path}/{run_id}/status")).messages == ["Test Result not found."]


async def test_a_report_in_other_forms(server: Server):
    await imported(server)
    done = await completed(server, f"{BASE}/my%20batch")
    [run] = (await server.call("GET", f"{BASE}/my%20batch/{done['_id']}/report")).json()["runs"]
    assert (run["id"], run["kind"], len(run["results"])) == (done["_id"], "batch", 5)
    junit = await server.call("GET", f"{BASE}/my%20batch/{done['_id']}/report?format=junit")
    assert (junit.status, junit.headers["content-type"]) == (200, "application/xml")
    assert junit.body.startswith(b"<?xml")


async def test_export_gives_the_file_as_it_was_uploaded(server: Server):
    await imported(server, content=CSV, description="d")
    export = (await server.call("POST", f"{BASE}/my%20batch/export")).json()
    assert list(export) == ["downloadUrl", "name", "description"]
    parts = urlsplit(export["downloadUrl"])
    download = await request(server.app, "GET", f"{parts.path}?{parts.query}")
    assert download.body == CSV
    removed = await server.call("DELETE", f"{BASE}/my%20batch")
    assert removed.json() == {"message": "Test Suite removed successfully"}
    assert (await request(server.app, "GET", f"{parts.path}?{parts.query}")).status == 404


async def test_cancel_and_delete(server: Server):
    await imported(server)
    path = f"{BASE}/my%20batch"
    server.bots.gate = asyncio.Event()
    run_id = (await server.call("POST", f"{path}/run", RUN)).json()["requestId"]
    answer = await server.call("POST", f"{path}/{run_id}/cancel")
    assert (answer.status, answer.body) == (200, b'{"status":"cancelled"}')
    status = (await ended(server, f"{path}/{run_id}/status", "running")).json()
    assert (status["status"], status["result"]["isAvailable"]) == ("cancelled", False)
    assert (await server.call("POST", f"{path}/{run_id}/cancel")).status == 409
    going = (await server.call("POST", f"{path}/run", RUN)).json()["requestId"]
    assert (await server.call("DELETE", path)).status == 200
    assert (await server.call("GET", f"{path}/{going}/status")).messages == ["Test Suite not found"]
    assert (await server.call("DELETE", path)).messages[0] == "Test Suite not found"
    assert (await server.call("GET", BASE)).json()["count"] == 0


async def test_prebuilt_suites(server: Server):
    refused = await server.call("POST", f"{BASE}/AllMlUtterances/run", RUN)
    assert (refused.status, refused.code) == (412, 412)
    assert "training" in refused.messages[1]
    server.bots.utterances = [BatchCase("hello", ("Greet",)), BatchCase("bye", ("Bye",))]
    path = f"{BASE}/Developer%20defined%20utterances"
    status = await completed(server, path)
    assert status["utterance_count"] == 2
    await imported(server)
    listed = (await server.call("GET", BASE)).json()
    assert (listed["count"], listed["moreAvailable"]) == (1, False)
    assert len([key for key in listed if key.startswith("ts-")]) == 1
    assert len(listed["AllMlUtterances"]["results"]) == 1
    assert listed["Last100sentences"] == {"testSuiteType": "prebuilt", "results": []}
    for method, tail in (("POST", "/export"), ("DELETE", "")):
        assert (await server.call(method, path + tail)).messages[0] == "Test Suite not found"
    assert (await server.call("DELETE", f"{BASE}/AllMlUtterances/{status['_id']}")).status == 200


async def test_find_intent(server: Server):
    path = f"/api/v1.1/rest/bot/{STREAM}/findIntent?fetchConfiguredTasks=false"
    found = (await server.call("POST", path, {"input": "Hello!", "streamName": "Echo"})).json()
    assert found["response"]["result"] == "successintent"
    assert found["response"]["finalResolver"]["winningIntent"][0]["intent"] == "Greet"
    nothing = (
        await server.call("POST", path, {"input": "x", "streamName": "", "parentIntent": "a||b"})
    ).json()
    assert nothing["response"]["result"] == "failintent"
    broken = await server.call("POST", path, {"input": "break", "streamName": ""})
    assert (broken.status, broken.messages) == (502, ["The bot could not be asked: it broke"])


async def test_find_intent_is_over_when_a_step_would_be(server: Server):
    """It asks at the bot's rate, no longer than a step may take, and leaves nothing behind."""
    path = f"/api/v1.1/rest/bot/{STREAM}/findIntent"
    body = {"input": "Hello!", "streamName": ""}
    bot = server.engine.store.bots.get(STREAM)
    server.engine.store.bots.save(replace(bot, limits=Limits(requests_per_second=4, step_timeout_s=0.2)))
    server.bots.gate = asyncio.Event()
    silent = await server.call("POST", path, body)
    assert silent.status == 502
    assert silent.messages == ["The bot could not be asked: the bot did not answer within 0.2 s"]
    server.bots.gate.set()
    began = monotonic()
    for _ in range(4):
        assert (await server.call("POST", path, body)).status == 200
    assert monotonic() - began > 0.6  # a quarter of a second apart
