"""Section 4 of the testing API: every call, in every state, under both spellings of the path."""

import asyncio
import re
from typing import Any
from urllib.parse import unquote

import pytest

from tests.acceptance import suites
from tests.acceptance.house import House
from tests.acceptance.http_api import Api, segment
from tests.acceptance.processes import CHECKOUT
from tests.acceptance.report import read_report, reckoned, told
from tests.acceptance.shapes import TIME, UUID, assert_like

BANK_SUITES = CHECKOUT / "src" / "vivavoce" / "assistant" / "bank" / "suites"
CSV = """input, intent ,parentIntent,entityName,entityValue,entityOrder,,,
my balance,check_balance,,,,,,,
"please transfer 20 EUR, or 5 USD",transfer_money,,amount,20 EUR||5 USD,amount>amount,,,
transfer 7 EUR and 9 USD,check_balance | transfer_money,,amount,\\d+ EUR||9 USD,,,,
 what?! ,None,,,,,,,
=card!,trait: angry,,,,,,,
lost my card,lost_card,,amount,1 EUR,,,,
,,,other,x,,,,
"""


@pytest.fixture(params=["bot", "stream"])
def calls(api: Api, request: pytest.FixtureRequest) -> Api:
    return api.of(root=request.param)


def of_bot(calls: Api, house: House, name: str) -> Api:
    return calls.of(bot=house.bots[name], root=calls.base.split("/")[3])


def named(calls: Api, name: str) -> str:
    """A suite's name that no other test uses."""
    return f"{name} {calls.base.split('/')[3]}"


# --- suites


async def test_an_import_answers_the_suites_record(calls: Api) -> None:
    name = named(calls, "record")
    file_id = await calls.upload(suites.batch(("my balance", "check_balance")), "my file.json")
    body = {"fileName": file_id, "name": name, "fileType": "json", "importType": "new", "description": "d"}
    record = (await calls.post("/testsuite/import", body)).ok
    keys = ["_id", "name", "description", "streamId", "language", "fileId", "createdBy", "createdOn"]
    assert list(record) == [*keys, "modifiedOn", "__v", "fileName"]
    assert re.fullmatch(f"ts-{UUID}", record["_id"]) and re.fullmatch(f"u-{UUID}", record["createdBy"])
    assert re.fullmatch(TIME, record["createdOn"]) and re.fullmatch(TIME, record["modifiedOn"])
    assert (record["name"], record["description"], record["streamId"]) == (name, "d", calls.bot)
    assert (record["language"], record["fileId"], record["__v"]) == ("en", file_id, 0)
    assert record["fileName"] == "my file.json"


async def test_a_known_name_is_refused_as_new_and_updated_as_asked(calls: Api) -> None:
    name = named(calls, "updated")
    first = await calls.import_batch(suites.utterances(4), name, description="first")
    run_id = (await calls.run_batch(name))["_id"]
    again = {"fileName": await calls.upload(suites.utterances(2)), "name": name, "importType": "new"}
    refused = await calls.post("/testsuite/import", again)
    assert refused.refusal[:2] == (409, 409)
    assert (await calls.run_batch(name))["utterance_count"] == 4

    updated = (await calls.post("/testsuite/import", {**again, "importType": "update"})).ok
    assert updated["_id"] == first["_id"] and updated["createdOn"] == first["createdOn"]
    assert updated["__v"] == 1 and updated["modifiedOn"] > first["modifiedOn"]
    assert (await calls.run_batch(name))["utterance_count"] == 2
    assert (await calls.batch_status(name, run_id))["utterance_count"] == 4, "the history is kept"
    unknown = await calls.post("/testsuite/import", {**again, "name": "nobody", "importType": "update"})
    assert unknown.refusal == (400, 400, "Test Suite not found")


@pytest.mark.parametrize(
    ("delimiter", "character"), [("", ","), ("semicolon", ";"), (";", ";"), ("tab", "\t"), ("pipe", "|")]
)
async def test_csv_is_read_with_any_delimiter(api: Api, delimiter: str, character: str) -> None:
    name = f"delimited by {delimiter}"
    content = f"input{character}intent\nmy balance{character}check_balance\nhm{character}None\n"
    more = {"delimiter": delimiter} if delimiter else {}
    await api.import_batch(content, name, fileType="csv", **more)
    status = await api.run_batch(name)
    assert (status["utterance_count"], status["result"]["results"]["success"]) == (2, 2)


async def test_csv_announced_as_json_is_judged_by_its_content(calls: Api) -> None:
    name = named(calls, "mistaken")
    await calls.import_batch("input,intent\nmy balance,check_balance\n", name, fileType="json")
    assert (await calls.run_batch(name))["result"]["results"]["TP"] == 1


async def test_suites_are_listed_with_their_results(calls: Api, house: House) -> None:
    bank = of_bot(calls, house, "bank")
    names = sorted(named(calls, f"listed {letter}") for letter in "ab")
    ids = [(await bank.import_batch(suites.utterances(2), name))["_id"] for name in names]
    run = await bank.run_batch(names[0])
    listed = (await bank.get("/testsuite?limit=500")).ok
    assert list(listed)[:2] == ["count", "moreAvailable"]
    custom = [key for key in listed if key.startswith("ts-")]
    assert listed["count"] == len(custom) and listed["moreAvailable"] is False
    assert list(listed[ids[0]]) == ["testSuiteType", "name", "description", "results"]
    assert listed[ids[0]]["testSuiteType"] == "custom" and listed[ids[0]]["name"] == names[0]
    (result,) = listed[ids[0]]["results"]
    assert list(result) == ["_id", "version", "results", "recall", "precision", "f1_score"]
    for key, value in result.items():
        assert value == (run["result"]["runType"] if key == "version" else run["result"][key]), key
    assert listed[ids[1]]["results"] == []
    for name in ("AllMlUtterances", "Last100sentences"):
        assert list(listed[name]) == ["testSuiteType", "results"]
        assert listed[name]["testSuiteType"] == "prebuilt"
    page = (await bank.get("/testsuite?skip=0&limit=1")).ok
    assert page["moreAvailable"] is (listed["count"] > 1) and page["count"] == listed["count"]
    assert len([key for key in page if key.startswith("ts-")]) == 1


async def test_an_export_links_to_the_file_as_it_was_uploaded(calls: Api) -> None:
    name = named(calls, "exported")
    content = 'input,intent\r\n"Grüße, my balance",check_balance\r\n'
    await calls.import_batch(content, name, file="Grüße.csv", description="d")
    body = (await calls.post(f"/testsuite/{segment(name)}/export")).ok
    assert list(body) == ["downloadUrl", "name", "description"]
    assert (body["name"], body["description"]) == (name, "d")
    answer = await calls.get(body["downloadUrl"], token="")
    assert (answer.status, answer.body) == (200, content.encode())
    assert answer.headers["content-type"].startswith("text/csv")
    assert unquote(answer.headers["content-disposition"].rpartition("''")[2]) == "Grüße.csv"


async def test_suites_and_runs_are_deleted(calls: Api) -> None:
    name = named(calls, "deleted")
    await calls.import_batch(suites.utterances(2), name)
    first, second = [await calls.run_batch(name) for _ in range(2)]
    path = f"/testsuite/{segment(name)}"
    removed = await calls.delete(f"{path}/{first['_id']}")
    assert removed.ok == {"message": "Test Result Removed Successfully"}
    gone = await calls.get(f"{path}/{first['_id']}/status")
    assert gone.refusal == (400, 400, "Test Result not found.")
    assert (await calls.delete(f"{path}/{first['_id']}")).refusal == gone.refusal
    assert (await calls.get(first["result"]["fileUrl"], token="")).status == 404
    assert (await calls.get(second["result"]["fileUrl"], token="")).status == 200
    override = {"x-http-method-override": "DELETE"}
    removed = await calls.post(path, headers=override)
    assert removed.ok == {"message": "Test Suite removed successfully"}
    for call in (
        calls.delete(path),
        calls.get(f"{path}/{second['_id']}/status"),
        calls.post(f"{path}/export"),
    ):
        assert (await call).refusal == (400, 400, "Test Suite not found")
    assert (await calls.get(second["result"]["fileUrl"], token="")).status == 404
    assert name not in await calls.batch_names()
    await calls.import_batch(suites.utterances(2), name)


# --- runs


async def test_a_run_goes_on_and_completes(calls: Api, house: House) -> None:
    slow, name = of_bot(calls, house, "slow"), named(calls, "slow")
    await slow.import_batch(suites.utterances(30), name)
    run_id = await slow.begin_batch(name, notes="n" * 1024)
    assert re.fullmatch(f"tr-{UUID}", run_id)
    seen: list[tuple[int, int]] = []
    while (status := await slow.batch_status(name, run_id))["status"] == "running":
        assert_like(status, "batch-run-running")
        assert status["percentage"] == min(99, status["utterance_ran"] * 100 // 30)
        seen.append((status["utterance_ran"], status["percentage"]))
        await asyncio.sleep(0.1)
    assert seen == sorted(seen) and seen[-1] > seen[0] and seen[-1][1] < 100
    assert_like(status, "batch-run-completed")
    assert status["utterance_count"] == status["result"]["utterance_count"] == 30
    assert status["testSuiteId"] == status["result"]["testSuiteId"]
    assert status["result"]["isPartialFailure"] is False
    assert status["result"]["startTime"] < status["result"]["endTime"]


async def test_the_report_adds_up_to_the_status(calls: Api) -> None:
    name = named(calls, "added up")
    await calls.import_batch(suites.utterances(40), name)
    status = await calls.run_batch(name)
    answer = await calls.get(status["result"]["fileUrl"], token="")
    assert answer.status == 200 and answer.headers["content-type"] == "text/csv; charset=utf-8"
    report = read_report(answer.body)
    assert reckoned(report) == told(status)
    assert told(status)["TP"] == told(status)["TN"] == told(status)["FP"] == told(status)["FN"] == 10
    assert told(status)["f1_score"] == "0.50"
    summary = report.summary
    assert (summary["Bot Name"], summary["Report name"], summary["Bot Language"]) == ("dialog", name, "en")
    assert summary["Run Type"] == "inDevelopment" and summary["Utterance Count"] == "40"
    assert [summary[key] for key in ("TP", "TN", "FP", "FN")] == ["10"] * 4
    assert [case["Utterances"] for case in report.cases][:2] == ["my balance 0", "nothing 1"]


async def test_a_real_csv_with_entities_and_traits(calls: Api) -> None:
    """Trailing commas, blanks, quoted commas, several intents, values as expressions, rows that go on."""
    name = named(calls, "entities")
    await calls.import_batch(CSV, name, fileType="csv")
    status = await calls.run_batch(name)
    assert_like(status, "batch-run-completed")
    sums = status["result"]["results"]
    assert status["utterance_count"] == 6
    assert (sums["TP"], sums["TN"], sums["FP"], sums["FN"]) == (5, 1, 0, 0)
    assert (sums["traitSuccess"], sums["totalTraitsCount"], sums["matchedTraitsCount"]) == (1, 1, 1)
    report = read_report((await calls.get(status["result"]["fileUrl"], token="")).body)
    by_input = {case["Utterances"]: case for case in report.cases}
    assert "'=card!" in by_input, "a cell that a spreadsheet would run is not defused"
    assert by_input["what?!"]["Matched Intent"] == "None"
    assert by_input["please transfer 20 EUR, or 5 USD"]["Actual Entity Order"] == "amount>amount"
    judged = [row for row in report.rows if row["Entity Result"]]
    matched = [row for row in judged if row["Entity Result"] == "True"]
    assert sums["totalEntitiesCount"] == len(judged) == 4
    assert sums["matchedEntitiesCount"] == len(matched) and sums["failedEntitiesCount"] == 4 - len(matched)
    assert [row["Expected EntityValue"] for row in judged if row["Entity Result"] == "False"] == [
        "1 EUR",
        "x",
    ]


@pytest.mark.parametrize("suffix", ["json", "csv"])
async def test_the_banks_own_suite_adds_up(api: Api, house: House, suffix: str) -> None:
    bank = api.of(bot=house.bots["bank"])
    content = (BANK_SUITES / f"utterances.{suffix}").read_bytes()
    await bank.import_batch(content, suffix, file=f"utterances.{suffix}")
    status = await bank.run_batch(suffix)
    assert_like(status, "batch-run-completed")
    report = read_report((await bank.get(status["result"]["fileUrl"], token="")).body)
    assert len(report.cases) == status["utterance_count"] >= 200
    assert sum(case["Result Type"] == "TP" for case in report.cases) == status["result"]["results"]["TP"]
    assert float(status["result"]["f1_score"]) > 0.8


async def test_version_and_language_are_told(calls: Api) -> None:
    name, german = named(calls, "language"), {"bot-language": "de"}
    body = {"fileName": await calls.upload(suites.utterances(2)), "name": name}
    record = (await calls.post("/testsuite/import", body, headers=german)).ok
    assert record["language"] == "de"
    run = {"version": "published"}
    accepted = (
        await calls.post(f"/testsuite/{segment(name)}/run", run, headers={"bot-language": "zh_cn"})
    ).ok
    status = await calls.wait_batch(name, accepted["requestId"])
    assert (status["result"]["runType"], status["result"]["botLanguage"]) == ("published", "zh_cn")
    refused = await calls.post(
        f"/testsuite/{segment(name)}/run", run, headers={"bot-language": "no language!"}
    )
    assert refused.refusal == (412, 412, "Validation errors/ Invalid arguments")
    assert "bot-language" in refused.messages[1]


async def test_only_one_of_many_imports_gets_a_name(calls: Api) -> None:
    name = named(calls, "contested")
    body = {"fileName": await calls.upload(suites.utterances(200)), "name": name}
    answers = await asyncio.gather(*(calls.post("/testsuite/import", body) for _ in range(8)))
    assert sorted(answer.status for answer in answers) == [200] + [409] * 7
    updates = [calls.post("/testsuite/import", {**body, "importType": "update"}) for _ in range(4)]
    outcomes = {answer.status for answer in await asyncio.gather(*updates)}
    assert 200 in outcomes and outcomes <= {200, 409}, "an update that was overtaken says so"
    assert (await calls.run_batch(name))["utterance_count"] == 200


async def test_a_running_run_is_cancelled_before_it_is_deleted(calls: Api, house: House) -> None:
    slow, name = of_bot(calls, house, "slow"), named(calls, "run deleted early")
    await slow.import_batch(suites.utterances(200), name)
    path = f"/testsuite/{segment(name)}/{await slow.begin_batch(name)}"
    assert (await slow.delete(path)).ok == {"message": "Test Result Removed Successfully"}
    assert (await slow.get(f"{path}/status")).refusal == (400, 400, "Test Result not found.")


async def test_a_run_can_be_cancelled(calls: Api, house: House) -> None:
    slow, name = of_bot(calls, house, "slow"), named(calls, "cancelled")
    await slow.import_batch(suites.utterances(100), name)
    run_id = await slow.begin_batch(name)
    path = f"/testsuite/{segment(name)}/{run_id}"
    while (await slow.batch_status(name, run_id))["percentage"] < 5:
        await asyncio.sleep(0.05)
    assert (await slow.post(f"{path}/cancel")).ok == {"status": "cancelled"}
    status = await slow.wait_batch(name, run_id)
    assert_like(status, "ours/batch-run-cancelled")
    assert status["result"]["errorDetails"] == "cancelled"
    assert (await slow.post(f"{path}/cancel")).refusal[:2] == (409, 409)


async def test_a_run_that_cannot_be_carried_out_fails_and_says_why(calls: Api, house: House) -> None:
    down, name = of_bot(calls, house, "down"), named(calls, "down")
    await down.import_batch(suites.utterances(50), name)
    status = await down.run_batch(name)
    assert_like(status, "ours/batch-run-failed")
    assert "no answer" in status["result"]["errorDetails"]
    sums = status["result"]["results"]
    assert [sums[key] for key in ("TP", "TN", "FP", "FN")] == [0] * 4


async def test_a_running_suite_is_cancelled_before_it_is_deleted(calls: Api, house: House) -> None:
    slow, name = of_bot(calls, house, "slow"), named(calls, "deleted early")
    await slow.import_batch(suites.utterances(200), name)
    run_id = await slow.begin_batch(name)
    removed = (await slow.delete(f"/testsuite/{segment(name)}")).ok
    assert removed == {"message": "Test Suite removed successfully"}
    gone = await slow.get(f"/testsuite/{segment(name)}/{run_id}/status")
    assert gone.refusal == (400, 400, "Test Suite not found")


# --- links


async def test_a_link_is_good_only_as_it_is(api: Api) -> None:
    await api.import_batch(suites.utterances(2), "link")
    url = (await api.run_batch("link"))["result"]["fileUrl"]
    assert (await api.get(url, token="")).status == 200
    base, _, query = url.partition("?")
    parts = query.split("&")
    wrong = [
        base,
        f"{base}?{'&'.join(parts[::-1])}",
        f"{url}&x=1",
        f"{url}&{parts[0]}",
        url.replace("media/f-", "media/g-"),
        *(f"{base}?{'&'.join(parts[:at] + parts[at + 1 :])}" for at in range(len(parts))),
        *(f"{base}?{'&'.join([*parts[:at], _changed(parts[at]), *parts[at + 1 :]])}" for at in range(5)),
    ]
    for tampered in wrong:
        answer = await api.get(tampered, token="")
        assert answer.refusal == (401, 4002, "Invalid SDK credentials"), tampered


def _changed(parameter: str) -> str:
    """One character of the value replaced by another of its kind."""
    name, _, value = parameter.partition("=")
    at = len(value) // 2
    other = {"1": "2", "a": "b", "e": "f"}.get(value[at], "1" if value[at].isdigit() else "a")
    return f"{name}={value[:at]}{other}{value[at + 1 :]}"


# --- prebuilt suites


@pytest.mark.parametrize("name", ["AllMlUtterances", "Developer defined utterances"])
async def test_the_training_utterances_can_be_run(calls: Api, name: str) -> None:
    path = f"/testsuite/{segment(name)}"
    status = await calls.run_batch(name)
    assert_like(status, "batch-run-completed")
    assert told(status)["TP"] == status["utterance_count"] == 3
    listed = (await calls.get("/testsuite")).ok["AllMlUtterances"]["results"]
    assert status["_id"] in [result["_id"] for result in listed]
    for refused in (calls.post(f"{path}/export"), calls.delete(path)):
        assert (await refused).refusal == (400, 400, "Test Suite not found")
    removed = (await calls.delete(f"{path}/{status['_id']}")).ok
    assert removed == {"message": "Test Result Removed Successfully"}


async def test_prebuilt_suites_can_be_run_side_by_side(calls: Api, house: House) -> None:
    """Each run reads the utterances anew; also the first ones, which have no suite yet."""
    bank = of_bot(calls, house, "bank")
    runs = await asyncio.gather(*(bank.run_batch("AllMlUtterances") for _ in range(6)))
    assert len({run["_id"] for run in runs}) == 6 and len({run["testSuiteId"] for run in runs}) == 1
    assert {run["utterance_count"] for run in runs} == {runs[0]["utterance_count"]}
    assert all(run["utterance_count"] >= 350 and told(run) == told(runs[0]) for run in runs)


@pytest.mark.parametrize("name", ["Last100sentences", "Successful user utterances"])
async def test_what_was_understood_lately_can_be_run(api: Api, name: str) -> None:
    steps = [suites.step("my name is Ada", "Nice to meet you, Ada."), suites.step("hello", "wrong")]
    await api.import_suite({"testSteps": steps}, f"for {name}")
    await api.run_suite(f"for {name}")
    status = await api.run_batch(name)
    assert_like(status, "batch-run-completed")
    report = read_report((await api.get(status["result"]["fileUrl"], token="")).body)
    assert [case["Utterances"] for case in report.cases] == ["my name is Ada"]


async def test_a_bot_without_training_data_is_told_so(calls: Api, house: House) -> None:
    slow = of_bot(calls, house, "slow")
    for name in ("AllMlUtterances", "Last100sentences"):
        refused = await slow.post(f"/testsuite/{name}/run", {"version": "published"})
        assert refused.refusal == (412, 412, "Validation errors/ Invalid arguments")
        assert len(refused.messages) > 1, "it does not say what is missing"


# --- find intent


async def test_find_intent(api: Api, house: House) -> None:
    bank = house.bots["bank"]
    path = f"/api/v1.1/rest/bot/{bank}/findIntent?fetchConfiguredTasks=false"
    for root in ("bot", "stream"):
        path = f"/api/v1.1/rest/{root}/{bank}/findIntent?fetchConfiguredTasks=false"
        body = {"input": "what is the balance of my savings account", "streamName": "bank"}
        answer: Any = (await api.post(path, body)).ok
        assert list(answer) == ["request", "response"]
        assert answer["request"] == body
        response = answer["response"]
        assert response["result"] == "successintent" and response["task"] == "Check balance"
        assert [intent["intent"] for intent in response["finalResolver"]["winningIntent"]] == [
            "Check balance"
        ]
        assert {"field": "account", "value": ["savings account"]} in response["finalResolver"]["entities"]
    nothing = (await api.post(path, {"input": "xyzzy plugh", "streamName": ""})).ok["response"]
    assert nothing["result"] == "failintent" and nothing["finalResolver"]["winningIntent"] == []
