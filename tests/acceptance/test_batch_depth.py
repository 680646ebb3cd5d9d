"""Batch runs in depth over real HTTP: what a bot may tell, what a suite may expect, what a run keeps."""

import csv
import io
import json
import re
from collections.abc import Sequence
from typing import Any

import pytest

from tests.acceptance.house import House
from tests.acceptance.http_api import Api, segment
from tests.acceptance.report import Report, read_report

COLUMNS = "input,intent,parentIntent,entityName,entityValue,entityOrder,fulfillmentType,botName".split(",")


@pytest.fixture
def reciter(api: Api, house: House) -> Api:
    return api.of(bot=house.bots["reciter"])


def saying(*won: str, **more: Any) -> str:
    """An utterance that makes the bot answer with this."""
    return json.dumps({"ranking": [{"name": name, "score": 0.5} for name in won], "won": won, **more})


def csv_of(*rows: Sequence[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([COLUMNS, *rows])
    return out.getvalue()


async def report_of(api: Api, status: Any) -> Report:
    return read_report((await api.get(status["result"]["fileUrl"], token="")).body)


async def test_every_kind_of_case_through_a_bot_that_tells_all(reciter: Api) -> None:
    entities = [
        {"name": "sum", "value": {"code": "EUR", "amount": 20.0}},
        {"name": "item", "value": ["tea", "2 rolls"]},
        {"name": "pizza", "value": {"size": "large", "count": 2}},
        {"name": "when", "value": {"toDate": "2024-03-02", "fromDate": "2024-03-01"}},
    ]
    order = saying("Order", entities=entities, why="FM: low", parent=["Food", "Home"])
    rows = [
        [order, "Order", "Food||Home", "sum", "20 EUR", "sum>when"],
        ["", "", "", "item", "2 rolls||tea"],
        ["", "", "", "pizza", "count:\\d|size:large"],
        ["", "", "", "when", "2024-03-01 2024-03-02"],
        [saying("Pay", parent="Shop"), "Pay", "Bank"],
        [saying("Pay", bot="Bank"), "Pay", *[""] * 5, "Bank|Cards"],
        [saying("Pay", bot="Shop"), "Pay", *[""] * 5, "Bank|Cards"],
        [saying("A", "B"), "A | B | C"],
        [saying("fallback"), "None"],
        [saying("~hi", "~bye"), "~bye | ~hi"],
        [saying("X", traits=["angry", "loud"]), "trait: loud"],
        [saying("Pay"), "What does it cost?"],
    ]
    await reciter.import_batch(csv_of(*rows), "every kind", fileType="csv")
    status = await reciter.run_batch("every kind")
    report = await report_of(reciter, status)
    assert [case["Result Type"] for case in report.cases] == [
        *("TP", "FP", "TP", "FP", "TP", "TN", "TP", "TP", "FP")
    ]
    first = report.rows[:4]
    assert [row["Entity Result"] for row in first] == ["True"] * 4
    assert [row["Matched EntityValue"] for row in first] == [
        *("20 EUR", "tea||2 rolls", "size:large|count:2", "2024-03-01 2024-03-02")
    ]
    assert first[0]["Actual Entity Order"] == "sum>item>item>pizza>when"
    assert (first[0]["Task State"], first[0]["Elimination Info"]) == ("en", "FM: low")
    none = report.cases[5]
    assert (none["Expected Intent"], none["Matched Intent"]) == ("None", "None")
    results = status["result"]["results"]
    assert (results["success"], results["matchedEntitiesCount"], results["traitSuccess"]) == (6, 4, 1)


async def test_the_runs_engine_decides_whether_categories_count(reciter: Api) -> None:
    rows = [
        [saying("B", "A"), "A | B", *[""] * 4, "multi"],
        [saying("A", "B"), "A | B", *[""] * 4, "multi"],
        [saying(**{"as": "answer generation"}), "", *[""] * 4, "answer generation"],
        [saying(**{"as": "ConversationIntent-Hold"}), "", *[""] * 4, "ConversationIntent-Hold"],
        [saying("ConversationIntent-End"), "", *[""] * 4, "ConversationIntent-Hold"],
        [saying("A"), "", *[""] * 4, "no intent"],
    ]
    await reciter.import_batch(csv_of(*rows), "categories", fileType="csv", engine="dgpt")

    async def outcomes(**more: str) -> list[str]:
        report = await report_of(reciter, await reciter.run_batch("categories", **more))
        return [case["Result Type"] for case in report.cases]

    judged = ["FP", "TP", "TP", "TP", "FP", "FP"]
    assert await outcomes() == judged
    assert await outcomes(engine="dgpt") == judged
    assert await outcomes(engine="regression") == ["TP", "TP", "TN", "TN", "FP", "FP"]
    await reciter.import_batch(csv_of(*rows), "no categories", fileType="csv")
    status = await reciter.run_batch("no categories")
    assert status["result"]["results"]["success"] == 4, "`regression` is what a suite is unless it says else"


async def test_a_run_shows_the_thresholds_and_the_language_it_ran_with(reciter: Api, house: House) -> None:
    await reciter.import_batch(csv_of([saying("A"), "A"]), "thresholds", fileType="csv")

    async def summary(version: str, **headers: str) -> dict[str, str]:
        path = f"/testsuite/{segment('thresholds')}/run"
        accepted = (await reciter.post(path, {"version": version}, headers=headers)).ok
        status = await reciter.wait_batch("thresholds", accepted["requestId"])
        report = await report_of(reciter, status)
        assert (
            report.cases[0]["Task State"] == report.summary["Bot Language"] == status["result"]["botLanguage"]
        )
        return report.summary

    mine = await summary("inDevelopment")
    assert (mine["mode"], mine["minThreshold"], mine["pathCoverage"]) == (
        "ML: standard",
        "KG: 0.8 | ML: 0.3",
        "",
    )
    assert mine["Bot Language"] == "en"
    theirs = await summary("published", **{"bot-language": "de"})
    assert (theirs["minThreshold"], theirs["Bot Language"]) == ("KG: 0.8 | ML: 0.4", "de")
    bank = reciter.of(bot=house.bots["bank"])
    await bank.import_batch("input,intent\nwhat is my balance,Check balance\n", "thresholds", fileType="csv")
    told = (await report_of(bank, await bank.run_batch("thresholds"))).summary
    assert (told["minThreshold"], told["isActive"], told["maxThreshold"]) == ("0.15", "true", "")


async def test_no_intent_as_the_best_candidate_is_shown_as_none(reciter: Api) -> None:
    answer = {"ranking": [{"name": "fallback", "score": 0.9}, {"name": "Pay", "score": 0.4}], "won": []}
    await reciter.import_batch(csv_of([json.dumps(answer), "Pay"]), "none is best", fileType="csv")
    (case,) = (await report_of(reciter, await reciter.run_batch("none is best"))).cases
    assert (case["Matched Intent"], case["Result Type"]) == ("None", "FN")
    assert (case["Matched Intent's Score"], case["Expected Intent's Score"]) == ("", "0.4")
    path = f"/api/v1.1/rest/bot/{reciter.bot}/findIntent?fetchConfiguredTasks=true"
    found = (await reciter.post(path, {"input": json.dumps(answer), "streamName": ""})).ok["response"]
    assert found["result"] == "failintent" and found["finalResolver"]["winningIntent"] == []
    assert [each["intent"] for each in found["finalResolver"]["ranking"]] == ["Pay"]


async def test_expressions_of_a_run_are_warned_of_once_with_their_line(reciter: Api) -> None:
    def said(number: int) -> str:
        values = [{"name": "e", "value": "a" * 60 + "b"}, {"name": "f", "value": "x"}]
        return saying("A", entities=values, n=number)

    rows: list[Sequence[str]] = []
    for number in range(200):
        rows += [[said(number), "A", "", "e", "(a|aa)+$"], ["", "", "", "f", "(x"]]
    await reciter.import_batch(csv_of(*rows), "expressions", fileType="csv")
    status = await reciter.run_batch("expressions")
    assert status["result"]["results"]["TP"] == 200
    assert status["result"]["results"]["matchedEntitiesCount"] == 0
    path = f"/testsuite/expressions/{status['_id']}/report?format=json"
    (run,) = json.loads((await reciter.get(path)).body)["runs"]
    warnings = [text for result in run["results"] for text in result.get("warnings", [])]
    # Calls are made side by side, so that any of the first cases may be the first to be judged.
    lines = [int(number) for text in warnings for number in re.findall(r"^line (\d+): ", text)]
    assert len(lines) == 3 and all(line % 2 == 0 and 2 <= line <= 400 for line in lines)
    assert sum("took too long" in text for text in warnings) == 2
    assert sum("is no expression" in text for text in warnings) == 1


@pytest.mark.parametrize("name", ["AllMlUtterances", "Developer defined utterances"])
async def test_a_prebuilt_suite_has_one_history_under_both_its_names(api: Api, name: str) -> None:
    status = await api.run_batch(name)
    for other in ("AllMlUtterances", "Developer defined utterances"):
        seen = await api.batch_status(other, status["_id"])
        assert seen["_id"] == status["_id"] and seen["testSuiteId"] == status["testSuiteId"]
    listed = (await api.get("/testsuite")).ok
    assert "Developer defined utterances" not in listed and "Successful user utterances" not in listed
    assert status["_id"] in [run["_id"] for run in listed["AllMlUtterances"]["results"]]
    report = await report_of(api, status)
    assert report.summary["Report name"] == "AllMlUtterances"
    assert (
        await api.post(f"/testsuite/{segment(name)}/run", {"version": "published", "notes": "x" * 1025})
    ).status == 412
    for other in ("Successful user utterances", "Last100sentences"):
        for refused in (
            api.post(f"/testsuite/{segment(other)}/export"),
            api.delete(f"/testsuite/{segment(other)}"),
        ):
            assert (await refused).refusal == (400, 400, "Test Suite not found")
    with_header = await api.post(
        f"/testsuite/{segment(name)}/{status['_id']}", headers={"x-http-method-override": "delete"}
    )
    assert with_header.ok == {"message": "Test Result Removed Successfully"}
    gone = await api.get(f"/testsuite/AllMlUtterances/{status['_id']}/status")
    assert gone.refusal == (400, 400, "Test Result not found.")
