"""Sections 2 and 3 of the testing API: every call, in every state, under both spellings of the path."""

import asyncio
import hashlib
import re
import time
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.acceptance import suites
from tests.acceptance.house import House
from tests.acceptance.http_api import USER, Api, segment
from tests.acceptance.shapes import UUID, assert_like, sample

SUITES = "/conversation/testsuite"


@pytest.fixture(params=["stream", "bot"])
def calls(api: Api, request: pytest.FixtureRequest) -> Api:
    return api.of(root=request.param)


@pytest.fixture
def slow(calls: Api, house: House) -> Api:
    """The bot that is asked 20 times a second."""
    return calls.of(bot=house.bots["slow"], root=calls.base.split("/")[3])


def named(calls: Api, name: str) -> str:
    """A suite's name that no other test uses."""
    return f"{name} {calls.base.split('/')[3]}"


# --- uploads


async def test_an_upload_answers_an_id_and_the_hash(api: Api) -> None:
    content = suites.as_text(suites.greeting())
    body = (await api.send_file(content)).ok
    assert list(body) == ["fileId", "hash"]
    assert re.fullmatch("[0-9a-f]{24}", body["fileId"])
    assert body["hash"] == hashlib.sha256(content.encode()).hexdigest()


async def test_an_upload_below_a_bot_answers_the_id_as_a_name_too(calls: Api) -> None:
    body = (await calls.send_file(suites.greeting(), path=f"{calls.base}/file/upload", extension="csv")).ok
    assert list(body) == ["fileId", "hash", "fileName"]
    assert body["fileName"] == body["fileId"]
    suite = {"fileName": body["fileName"], "name": named(calls, "uploaded below"), "userEmailId": USER}
    started = (await calls.post(f"{SUITES}/import", suite)).ok
    assert (await calls.wait_import(started["dsId"]))["status"] == "SUCCESS"


# --- import


async def test_an_import_is_accepted_goes_on_and_succeeds(slow: Api) -> None:
    name = named(slow, "imported")
    steps = [suites.step(f"line {n}", f"You said: line {n}") for n in range(20)]
    file_id = await slow.upload({"testSteps": steps})
    body = {"fileName": file_id, "name": name, "userEmailId": USER}
    started = (await slow.post(f"{SUITES}/import", body)).ok
    assert list(started) == ["status", "dsId"] and started["status"] == "IN_PROGRESS"
    assert re.fullmatch(f"ds-{UUID}", started["dsId"])

    path = f"{SUITES}/import/{started['dsId']}/status"
    seen = []
    while True:
        names = await slow.suite_names()
        if (status := (await slow.get(path)).ok)["status"] != "IN_PROGRESS":
            break
        assert_like(status, "conversation-import-inprogress")
        assert name not in names, "a suite is visible only after SUCCESS"
        seen.append(status["percentageComplete"])
        await asyncio.sleep(0.1)
    assert seen == sorted(seen) and seen[-1] > seen[0] and seen[-1] < 100
    assert_like(status, "conversation-import-success")
    assert status["percentageComplete"] == 100 and status["statusLogs"] == []
    assert status["testSuiteId"] == status["response"]["_id"]
    assert status["response"]["name"] == name
    assert _moment(status["expireAt"]) - _moment(status["createdOn"]) == timedelta(minutes=15)
    assert name in await slow.suite_names()


async def test_an_import_keeps_what_was_asked_for(calls: Api) -> None:
    name = named(calls, "described")
    script = "context.session.BotUserSession.x = 1"
    more: dict[str, Any] = {"tags": ["a", "ä b"], "description": "Grüße", "preprocessor": script}
    status = await calls.import_suite(suites.greeting(), name, **more)
    response = status["response"]
    assert {key: response[key] for key in more} == more
    assert response["metadataAvailable"] is True and response["streamId"] == calls.bot
    (log,) = status["statusLogs"]
    assert log["level"] == "warning" and "preprocessor" in log["message"], (
        "scripts are kept, not run: never silently"
    )


async def test_a_name_is_taken_while_its_import_goes_on(slow: Api) -> None:
    name = named(slow, "taken")
    body = {"fileName": await slow.upload(suites.chats(10)), "name": name, "userEmailId": USER}
    answers = await asyncio.gather(*(slow.post(f"{SUITES}/import", body) for _ in range(8)))
    assert sorted(answer.status for answer in answers) == [200] + [409] * 7
    (ds_id,) = [answer.json()["dsId"] for answer in answers if answer.status == 200]
    assert (await slow.get(f"{SUITES}/import/{ds_id}/status")).ok["status"] == "IN_PROGRESS"
    assert (await slow.post(f"{SUITES}/import", body)).refusal[:2] == (409, 409)
    assert (await slow.wait_import(ds_id))["status"] == "SUCCESS"
    assert (await slow.post(f"{SUITES}/import", body)).refusal[:2] == (409, 409)


async def test_metadata_is_captured_and_what_does_not_hold_stays_as_written(calls: Api) -> None:
    status = await calls.import_suite(
        suites.greeting(suites.step("hello", "Good morning!")), named(calls, "captured")
    )
    held, not_held = status["response"]["testSteps"][1:]
    assert held["outputs"][0]["nodeId"] == "greeting-1" and held["outputs"][0]["intentId"] == "greeting"
    assert held["outputs"][0]["assertions"]["flowLevel"]["enabled"] is True
    assert not_held["outputs"][0]["text"] == "Good morning!" and not_held["outputs"][0]["nodeId"] == ""
    (log,) = status["statusLogs"]
    assert list(log) == ["time", "level", "message", "step"]
    assert (log["level"], log["step"]) == ("warning", 2)


async def test_an_import_that_reaches_nobody_fails_and_leaves_nothing(calls: Api, house: House) -> None:
    down = calls.of(bot=house.bots["down"], root=calls.base.split("/")[3])
    name = named(calls, "nowhere")
    for _ in range(2):  # the name is free again
        status = await down.import_suite(suites.greeting(), name, wanted="FAILED")
        assert_like(status, "ours/conversation-import-failed")
        assert "could not be reached" in status["statusLogs"][-1]["message"]
        assert await down.suite_names() == []
        assert (await down.get(f"{SUITES}/{segment(name)}/export")).refusal == (
            400,
            400,
            "Test Suite not found",
        )


# --- runs


async def test_a_run_goes_on_and_passes(slow: Api) -> None:
    name = named(slow, "passing")
    steps = [suites.step(f"line {n}", f"You said: line {n}") for n in range(20)]
    await slow.import_suite({"testSteps": steps}, name)
    began = time.monotonic()
    run_id = await slow.begin_run(name)
    assert re.fullmatch(f"ctr-{UUID}", run_id)
    seen = []
    while (status := await slow.run_status(name, run_id))["status"] == "inprogress":
        assert_like(status, "conversation-run-inprogress")
        brief = await slow.run_status(name, run_id, brief=True)
        if brief["status"] == "inprogress":
            assert_like(brief, "conversation-run-inprogress.brief")
        seen.append(status["percentageCompleted"])
        await asyncio.sleep(0.1)
    assert seen == sorted(seen) and seen[-1] > seen[0] and seen[-1] < 100
    took_ms = (time.monotonic() - began) * 1000
    assert_like(status, "conversation-run-completed")
    brief = await slow.run_status(name, run_id, brief=True)
    assert_like(brief, "conversation-run-completed.brief")
    assert status["percentageCompleted"] == 100 and status["totalTestStepsCount"] == 20
    assert status["result"]["stepDetails"] == {"passed": 20, "failed": 0, "total": 20}
    assert len(status["result"]["nlpVersion"]) == len(status["result"]["executionResults"]) == 20
    # At 20 a second; a bot that idled for less than a second may be asked a little quicker at first.
    assert 400 <= status["result"]["duration"] <= took_ms
    _assert_brief_of(brief, status)
    for index, result in enumerate(status["result"]["executionResults"]):
        assert result["requestId"] == f"{run_id}{index}"
        assert result["input"] == f"line {index}"


async def test_a_run_of_the_published_version_says_so(calls: Api) -> None:
    name = named(calls, "published")
    await calls.import_suite(suites.greeting(), name)
    status = await calls.run_suite(name, version="published")
    assert status["result"]["version"] == "published" and status["status"] == "passed"


async def test_the_assistant_is_told_with_standard_responses(calls: Api, house: House) -> None:
    """The embedded assistant knows standard responses; its own words are recorded first, then expected."""
    bank = calls.of(bot=house.bots["bank"], root=calls.base.split("/")[3])
    first, second = named(calls, "recording"), named(calls, "recorded")
    said = ["hello", "xyzzy plugh", "I want to talk about my balance"]
    await bank.import_suite({"testSteps": [suites.step(text, "?") for text in said]}, first)
    recorded = (await bank.run_suite(first))["result"]["executionResults"]
    steps = [
        suites.step(text, *(out["text"] for out in result["actualOutput"]))
        for text, result in zip(said, recorded, strict=True)
    ]
    imported = await bank.import_suite({"testSteps": steps}, second)
    assert_like(imported, "conversation-import-success", but={"response.testSteps": _standard_too()})
    status = await bank.run_suite(second)
    assert_like(status, "conversation-run-completed")
    assert status["status"] == "passed"
    outputs = [out for result in status["result"]["executionResults"] for out in result["actualOutput"]]
    assert any(out.get("isStandardResponse") for out in outputs), "no standard response was met"
    assert any(out.get("nodeId") for out in outputs), "no node was met"


async def test_a_failing_run_shows_every_failure(calls: Api) -> None:
    name = named(calls, "failing")
    wrong = suites.greeting(suites.step("hello", "Goodbye!"), suites.step("two things", "First."))
    await calls.import_suite(wrong, name)
    status = await calls.run_suite(name)
    assert_like(status, "ours/conversation-run-failed")
    assert status["result"]["stepDetails"] == {"passed": 2, "failed": 2, "total": 4}
    assert [one["status"] for one in status["result"]["executionResults"]] == ["passed"] * 2 + ["failed"] * 2
    other = status["result"]["executionResults"][2]["actualOutput"][0]
    assert other["text"] == "Hello!" and other["assertions"]["text"]["status"] == "failed"
    extra = status["result"]["executionResults"][3]["actualOutput"]
    assert [out["text"] for out in extra] == ["First.", "Second."]
    assert extra[1]["assertions"]["text"] == {"enabled": False, "contains": []}


async def test_flow_context_and_dynamic_parts_are_judged(calls: Api) -> None:
    """Each expectation once as it holds and once as it does not."""
    name = named(calls, "judged")

    def stated(intent: str, turns: int, dynamic: dict[str, int]) -> dict[str, Any]:
        return {
            "text": "Nice to meet you, Bob.",
            "intentId": intent,
            "assertions": {
                "flowLevel": {"enabled": True, "contains": []},
                "text": {
                    "enabled": True,
                    "contains": [{"text": "Nice to meet you, Bob.", "dynamic": [dynamic]}],
                },
                "context": {"enabled": True, "contains": [{"key": "turns", "value": turns}]},
            },
        }

    right, elsewhere = {"start": 18, "end": 21}, {"start": 0, "end": 4}
    outputs = [
        stated("introduce", 1, right),
        stated("goodbye", 2, right),
        stated("introduce", 2, right),
        stated("introduce", 4, elsewhere),
    ]
    steps = [{"input": "my name is Ada", "outputs": [output]} for output in outputs]
    await calls.import_suite({"testSteps": steps}, name)
    status = await calls.run_suite(name)
    judged = [
        [result["outputs"][0]["assertions"][level]["status"] for level in ("flowLevel", "text", "context")]
        for result in status["result"]["executionResults"]
    ]
    assert judged == [
        ["passed", "passed", "passed"],
        ["failed", "passed", "passed"],
        ["passed", "passed", "failed"],
        ["passed", "failed", "passed"],
    ]
    mismatches = [result["outputs"][0].get("textMismatch") for result in status["result"]["executionResults"]]
    assert mismatches == [True, True, True, None], "told only where another text was accepted"


async def test_a_run_that_meets_errors_is_aborted(calls: Api, house: House) -> None:
    nasty = calls.of(bot=house.bots["nasty"], root=calls.base.split("/")[3])
    name = named(calls, "aborted")
    await nasty.import_suite(
        suites.greeting(suites.step("fail 500", "x"), suites.step("hello", "Hello!")), name
    )
    status = await nasty.run_suite(name)
    assert_like(status, "ours/conversation-run-aborted")
    assert status["result"]["stepDetails"] == {"passed": 2, "failed": 0, "total": 4, "notExecuted": 2}
    assert status["percentageCompleted"] == 100
    assert "step 2" in status["result"]["errorDetails"] and "500" in status["result"]["errorDetails"]
    verdicts = [one["status"] for one in status["result"]["executionResults"]]
    assert verdicts == ["passed", "passed", "notExecuted", "notExecuted"]
    brief = await nasty.run_status(name, status["_id"], brief=True)
    _assert_brief_of(brief, status)


async def test_a_run_cancelled_before_its_first_step(slow: Api) -> None:
    """The slow bot's published version never answers."""
    name = named(slow, "cancelled at once")
    await slow.import_suite(suites.greeting(), name)
    run_id = await slow.begin_run(name, version="published")
    cancelled = (await slow.post(f"{SUITES}/{segment(name)}/{run_id}/cancel")).ok
    assert cancelled == {"status": "aborted"}
    status = await slow.wait_run(name, run_id)
    before = "ours/conversation-run-cancelled-before-first-step"
    assert_like(status, before, but={"result.version": "published"})
    assert status["percentageCompleted"] == 0
    assert status["result"]["stepDetails"] == {"passed": 0, "failed": 0, "total": 2, "notExecuted": 2}
    assert status["result"]["errorDetails"] == "cancelled"
    again = await slow.post(f"{SUITES}/{segment(name)}/{run_id}/cancel")
    assert again.refusal[:2] == (409, 409)


async def test_a_run_cancelled_in_the_middle_keeps_what_was_played(slow: Api) -> None:
    name = named(slow, "cancelled later")
    await slow.import_suite(suites.chats(24, turns=1), name)
    run_id = await slow.begin_run(name)
    while (await slow.run_status(name, run_id, brief=True))["percentageCompleted"] < 25:
        await asyncio.sleep(0.05)
    assert (await slow.post(f"{SUITES}/{segment(name)}/{run_id}/cancel")).ok == {"status": "aborted"}
    status = await slow.wait_run(name, run_id)
    details = status["result"]["stepDetails"]
    assert status["status"] == status["result"]["status"] == "aborted"
    assert details["passed"] >= 1 and details["notExecuted"] >= 1
    assert details["passed"] + details["failed"] + details["notExecuted"] == details["total"] == 24
    judged = [r for r in status["result"]["executionResults"] if r["status"] in ("passed", "failed")]
    assert len(judged) == details["passed"] + details["failed"]
    assert 25 <= status["percentageCompleted"] < 100


# --- lists, export, delete


async def test_suites_are_listed_by_name_and_filtered(calls: Api, house: House) -> None:
    bank = calls.of(bot=house.bots["bank"], root=calls.base.split("/")[3])
    root = calls.base.split("/")[3]
    tagged = [f"list {root} {letter}" for letter in "cab"]
    for name in tagged:
        await bank.import_suite(suites.greeting(), name, tags=[f"tag-{root}", name])
    await bank.run_suite(tagged[0])

    listed = (await bank.get(f"{SUITES}?tag=tag-{root}")).ok
    assert list(listed) == ["count", "moreAvailable", "testSuites"]
    assert (listed["count"], listed["moreAvailable"]) == (3, False)
    assert [suite["name"] for suite in listed["testSuites"]] == sorted(tagged)
    for suite in listed["testSuites"]:
        keys = ["_id", "name", "description", "tags", "createdOn", "lModOn", "totalTestStepsCount", "lastRun"]
        assert list(suite) == keys and suite["totalTestStepsCount"] == 2
    last_runs = {suite["name"]: suite["lastRun"] for suite in listed["testSuites"]}
    assert last_runs[tagged[1]] is None
    state = last_runs[tagged[0]]["status"]
    assert_like(
        last_runs[tagged[0]],
        "conversation-run-completed.brief",
        but={"status": state, "result.status": state},
    )
    page = (await bank.get(f"{SUITES}?tag=tag-{root}&skip=1&limit=1")).ok
    assert (page["count"], page["moreAvailable"]) == (3, True)
    assert [suite["name"] for suite in page["testSuites"]] == sorted(tagged)[1:2]
    assert (await bank.get(f"{SUITES}?tag=none-such")).ok["testSuites"] == []


async def test_suites_are_found_by_intent(calls: Api) -> None:
    name = named(calls, "about names")
    steps = [suites.step("my name is Ada", "Nice to meet you, Ada.")]
    await calls.import_suite({"testSteps": steps}, name)
    found = (await calls.get(f"{SUITES}?intent=introduce&limit=500")).ok["testSuites"]
    assert name in [suite["name"] for suite in found]
    found = (await calls.get(f"{SUITES}?intent=goodbye&limit=500")).ok["testSuites"]
    assert name not in [suite["name"] for suite in found]


async def test_runs_are_listed_newest_first(calls: Api) -> None:
    name = named(calls, "run thrice")
    await calls.import_suite(suites.greeting(), name)
    runs = [(await calls.run_suite(name))["_id"] for _ in range(3)]
    listed = (await calls.get(f"{SUITES}/{segment(name)}/runs")).ok
    assert list(listed) == ["count", "moreAvailable", "runs"]
    assert [run["_id"] for run in listed["runs"]] == runs[::-1]
    for run in listed["runs"]:
        assert_like(run, "conversation-run-completed.brief")
    page = (await calls.get(f"{SUITES}/{segment(name)}/runs?skip=1&limit=1")).ok
    assert (page["count"], page["moreAvailable"], page["runs"][0]["_id"]) == (3, True, runs[1])


async def test_an_exported_suite_imports_as_the_same_suite(calls: Api) -> None:
    name, copy = named(calls, "original"), named(calls, "copy")
    cases = suites.transcript(
        [("hello", "Hello!"), ("count", "2")], [("bye", "Goodbye.")], [("two things", "x")]
    )
    cases["testCases"][1] |= {"tags": ["t"], "description": "the end", "discardBefore": True}
    original = (await calls.import_suite(cases, name, tags=["x"], description="d"))["response"]
    assert [step.get("newSession", False) for step in original["testSteps"]] == [False, False, True, True]
    exported = (await calls.get(f"{SUITES}/{segment(name)}/export")).ok
    assert exported == original
    status = await calls.import_suite(exported, copy)
    differing = {"_id", "name", "createdOn", "lModOn"}
    for key in original.keys() - differing:
        assert status["response"][key] == original[key], key
    await _assert_same_outcome(calls, name, copy)


async def test_suites_are_deleted_all_or_none(calls: Api) -> None:
    names = [named(calls, f"delete {n}") for n in range(3)]
    for name in names:
        await calls.import_suite(suites.greeting(), name)
    unknown = {"testSuiteNames": [names[0], "no such", names[1], "nor such"]}
    refused = await calls.delete(SUITES, unknown)
    assert refused.refusal == (400, 400, "Test Suite not found")
    for name in ("no such", "nor such"):
        assert any(name in message for message in refused.messages[1:]), refused.messages
    assert set(names) <= set(await calls.suite_names())

    assert (await calls.delete(SUITES, {"testSuiteNames": names[:2]})).ok == {"status": "Success"}
    left = await calls.suite_names()
    assert names[2] in left and not set(names[:2]) & set(left)
    without = await calls.post(SUITES, {"testSuiteNames": names[2:]})
    assert without.refusal == (405, 405, "Method Not Allowed")
    override = {"x-http-method-override": "delete"}
    done = await calls.post(SUITES, {"testSuiteNames": names[2:]}, headers=override)
    assert done.ok == {"status": "Success"}
    assert names[2] not in await calls.suite_names()


async def test_a_deleted_suite_ends_its_run(slow: Api) -> None:
    name = named(slow, "deleted while it runs")
    await slow.import_suite(suites.chats(30, turns=1), name)
    run_id = await slow.begin_run(name)
    assert (await slow.delete(SUITES, {"testSuiteNames": [name]})).ok == {"status": "Success"}
    gone = await slow.get(f"{SUITES}/{segment(name)}/{run_id}/status")
    assert gone.refusal == (400, 400, "Test Suite not found")
    await slow.import_suite(suites.greeting(), name)
    gone = await slow.get(f"{SUITES}/{segment(name)}/{run_id}/status")
    assert gone.refusal == (400, 400, "Test Result not found.")


# --- pieces


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _assert_brief_of(brief: Any, full: Any) -> None:
    """The brief form is the full one without what it leaves out."""
    left_out = ("nlpVersion", "errorDetails", "executionResults")
    result = {key: value for key, value in full["result"].items() if key not in left_out}
    assert brief == {**full, "result": result}


def _standard_too() -> Any:
    """The import's sample knows no standard response; the run's sample shows how one is written."""
    steps = sample("conversation-import-success")["response"]["testSteps"]
    expected = sample("ours/conversation-run-aborted")["result"]["executionResults"][1]["outputs"]
    return [*steps, {"input": "", "outputs": expected}]


async def _assert_same_outcome(calls: Api, one: str, other: str) -> None:
    def outcome(status: Any) -> list[tuple[str, str]]:
        return [(result["input"], result["status"]) for result in status["result"]["executionResults"]]

    assert outcome(await calls.run_suite(one)) == outcome(await calls.run_suite(other))
