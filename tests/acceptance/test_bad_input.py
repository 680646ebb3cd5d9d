"""Bad input changes nothing and is told with its place; bad bots are errors, and never end a run."""

import json
from typing import Any

import pytest

from tests.acceptance import suites
from tests.acceptance.house import House
from tests.acceptance.http_api import USER, Api, segment
from tests.acceptance.report import read_report, reckoned, told
from tests.acceptance.shapes import assert_like

SUITES = "/conversation/testsuite"
INVALID = (412, 412, "Validation errors/ Invalid arguments")
BATCH_INVALID = (412, 412, "CSV format is incorrect")
DEEP = b"[" * 100_000
NUL_CASE = b'{"testCases": [{"name": "a", "messages": [{"input": "a\\u0000b", "outputs": ["x"]}]}]}'


def misspelt() -> dict[str, Any]:
    document = suites.transcript([("hello", "Hello!")], [("count", "1")])
    document["testCases"][1]["messages"][0]["outputs"] = [{"contians": "1"}]
    return document


def half_good_csv(bad_line: str) -> str:
    """20,000 good rows, then a bad one: what was read before it must not stay."""
    return "input,intent\n" + "my balance,check_balance\n" * 20_000 + bad_line + "\n"


CONVERSATION_FILES = {
    "malformed": (b'{"testSteps": [\n {"input": "a",}]}', "line 2, column"),
    "truncated": (suites.as_text(suites.greeting()).encode()[:-20], "cut off"),
    "no JSON": (b"Start_Flow: hello", "line 1, column 1"),
    "a list": (b"[1, 2]", "$"),
    "a number": (b"1", "$"),
    "null": (b"null", "$"),
    "deep lists": (DEEP, "line 1, column"),
    "deep closed lists": (DEEP + b"]" * 100_000, "line 1, column"),
    "deep objects": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "line 1, column"),
    "deep in a step": (
        b'{"testSteps": [{"input": ' + DEEP + b"]" * 100_000 + b', "outputs": []}]}',
        "line 1, column",
    ),
    "deep in a template": (
        b'{"testSteps": [{"input": "a", "outputs": [{"text": "x", "assertions": {"context": {"enabled": true,'
        b'"contains": [{"key": "k", "value": ' + b"[" * 1000 + b"]" * 1000 + b"}]}}}]}]}",
        "line 1, column",
    ),
    "Latin-1": ('{"testSteps": [\n{"input": "Grüße", "outputs": []}]}'.encode("latin-1"), "line 2, column"),
    "UTF-16": (suites.as_text(suites.greeting()).encode("utf-16"), "UTF-16"),
    "binary": (bytes(range(256)) * 10, ""),
    "a NUL byte": (b'{"testSteps": [{"input": "a\0b", "outputs": []}]}', "line 1, column"),
    "a NUL character": (NUL_CASE, "$.testCases[0].messages[0].input"),
    "blanks": (b" \n\t ", "empty"),
    "no suite": (b"{}", "$"),
    "no steps": (b'{"testSteps": []}', "$.testSteps"),
    "no cases": (b'{"testCases": []}', "$.testCases"),
    "no messages": (b'{"testCases": [{"name": "a", "messages": []}]}', "$.testCases[0].messages"),
    "wrong types": (b'{"testSteps": [{"input": 1, "outputs": {}}]}', "$.testSteps[0].input"),
    "a wrong key": (json.dumps(misspelt()).encode(), "$.testCases[1].messages[0].outputs[0]"),
    "a batch suite": (suites.as_text(suites.utterances(1)).encode(), "$.testCases[0]"),
}
BATCH_FILES = {
    "malformed": (b'{"testCases": [\n {"input": "a",}]}', "line 2, column"),
    "truncated": (suites.as_text(suites.utterances(3)).encode()[:-20], "cut off"),
    "a list": (b"[]", "$"),
    "deep": (DEEP, "line 1, column"),
    "deep in a case": (b'{"testCases": [{"input": ' + DEEP + b"]" * 100_000 + b"}]}", "line 1, column"),
    "wrong types": (b'{"testCases": [{"input": "a"}, {"input": 1, "intent": []}]}', "$.testCases[1].input"),
    "an empty input": (b'{"testCases": [{"input": " ", "intent": "a"}]}', "$.testCases[0].input"),
    "no cases": (b'{"testCases": []}', "$.testCases"),
    "no header": (b"my balance,check_balance\n", "line 1"),
    "only a header": (b"input,intent\n", ""),
    "a header without intent": (b"input,intend\na,b\n", "line 1"),
    "a quote that stays open": (b'input,intent\na,b\n"c,d\ne,f\n', "line 3"),
    "an entity without a case": (
        b"input,intent,parentIntent,entityName,entityValue\n,,,amount,1\n",
        "line 2",
    ),
    "too many cells": (b"input,intent\na,b,c\n", "line 2, column 3"),
    "Latin-1": ("input,intent\na,b\nGrüße,b\n".encode("latin-1"), "line 3"),
    "UTF-32": ("input,intent\na,b\n".encode("utf-32"), "UTF-32"),
    "a NUL byte": (b"input,intent\na\0b,c\n", "line 2"),
    "blanks": (b" \n \n", "empty"),
    "3,001 characters, JSON": (
        suites.as_text(suites.batch(("x" * 3001, "a"))).encode(),
        "$.testCases[0].input",
    ),
    "3,001 characters, CSV": (f"input,intent\na,b\n{'x' * 3001},a\n".encode(), "line 3, column 1"),
    "3,001 characters, late": (half_good_csv("x" * 3001 + ",a").encode(), "line 20002, column 1"),
    "bad encoding, late": (half_good_csv("").encode() + b"\xff,a\n", "line 20003"),
    "a conversation suite": (suites.as_text(suites.greeting()).encode(), "$"),
}


@pytest.mark.parametrize("kind", CONVERSATION_FILES)
async def test_a_bad_conversation_file_changes_nothing(api: Api, kind: str) -> None:
    content, place = CONVERSATION_FILES[kind]
    before = (await api.get(f"{SUITES}?limit=500")).ok
    name = f"bad {kind}"
    file_id = await api.upload(content)
    body = {"fileName": file_id, "name": name, "userEmailId": USER}
    for _ in range(2):
        answer = await api.post(f"{SUITES}/import", body)
        assert answer.refusal == INVALID
        assert len(answer.messages) > 1 and any(place in one for one in answer.messages[1:]), answer.messages
        assert len(answer.body) < 10_000
    assert (await api.get(f"{SUITES}?limit=500")).ok == before
    assert (await api.get(f"{SUITES}/{segment(name)}/export")).refusal[2] == "Test Suite not found"
    await api.import_suite(suites.greeting(), name)  # the name is free
    await api.delete(SUITES, {"testSuiteNames": [name]})


@pytest.mark.parametrize("kind", BATCH_FILES)
async def test_a_bad_batch_file_changes_nothing(api: Api, kind: str) -> None:
    content, place = BATCH_FILES[kind]
    known, name = "well known", f"bad {kind}"
    if known not in await api.batch_names():
        await api.import_batch(suites.utterances(3), known)
    before = (await api.get("/testsuite?limit=500")).ok
    file_id = await api.upload(content)
    for body in (
        {"fileName": file_id, "name": name},
        {"fileName": file_id, "name": name, "importType": "new"},
        {"fileName": file_id, "name": known, "importType": "update"},
    ):
        answer = await api.post("/testsuite/import", body)
        assert answer.refusal == BATCH_INVALID
        assert len(answer.messages) > 1 and any(place in one for one in answer.messages[1:]), answer.messages
        assert len(answer.body) < 20_000
    assert (await api.get("/testsuite?limit=500")).ok == before
    assert (await api.run_batch(known))["utterance_count"] == 3, "an update that failed left something"
    await api.import_batch(suites.utterances(1), name)  # the name is free
    await api.delete(f"/testsuite/{segment(name)}")


async def test_3000_characters_are_not_too_many(api: Api) -> None:
    await api.import_batch(suites.batch(("ü" * 3000, "None")), "long")
    assert (await api.run_batch("long"))["result"]["results"]["TN"] == 1


async def test_every_problem_of_a_file_is_told(api: Api) -> None:
    rows = "".join(f"{'x' * 3001}{n},a\n" for n in range(200))
    file_id = await api.upload(f"input,intent\n{rows}")
    answer = await api.post("/testsuite/import", {"fileName": file_id, "name": "many"})
    assert answer.refusal == BATCH_INVALID
    assert [message.partition(":")[0] for message in answer.messages[1:4]] == [
        f"line {n}, column 1" for n in (2, 3, 4)
    ]
    assert 10 <= len(answer.messages) <= 60 and len(answer.body) < 20_000


async def test_a_file_id_that_nobody_got(api: Api) -> None:
    for file_id in ("0" * 24, "x", "../../etc/passwd", "a" * 10_000, "' OR 1=1 --", "ü"):
        body = {"fileName": file_id, "name": "n", "userEmailId": USER}
        for path in (f"{SUITES}/import", "/testsuite/import"):
            assert (await api.post(path, body)).refusal == (400, 400, "Invalid file id"), file_id


# --- bad bots

# What the bot does -> what the reason says. The bot's step timeout is 2 s, and turns are repeated once.
WAYS = {
    "hang": "did not answer within 2 s",
    "500": "500",
    "404": "404",
    "503": "503",
    "502": "502",
    "drop": "closed the connection",
    "cut": "broke off",
    "text": "no JSON",
    "encoding": "UTF-8",
    "deep": "nested",
    "empty": "empty body",
    "huge": "more than 10,485,760 bytes",
    "huge-chunked": "more than 10,485,760 bytes",
    "bomb": "more than 10,485,760 bytes",
    "packing": "unpacked",
    "trickle": "did not answer within 2 s",
}


async def test_a_bad_bot_is_an_error_and_other_conversations_are_judged(api: Api, house: House) -> None:
    nasty = api.of(bot=house.bots["nasty"])
    cases: list[list[tuple[str, str]]] = []
    for way in WAYS:
        cases += [[("hello", "Hello!"), (f"fail {way}", "x"), ("hello", "Hello!")], [("hello", "Hello!")]]
    await nasty.import_suite(suites.transcript(*cases), "nasty")
    status = await nasty.run_suite("nasty")
    assert_like(status, "ours/conversation-run-aborted")
    count = len(WAYS)
    assert status["result"]["stepDetails"] == {
        "passed": 2 * count,
        "failed": 0,
        "total": 4 * count,
        "notExecuted": 2 * count,
    }
    reasons = dict(
        line.removeprefix("step ").split(": ", 1) for line in status["result"]["errorDetails"].splitlines()
    )
    results = status["result"]["executionResults"]
    for number, (way, words) in enumerate(WAYS.items()):
        first = 4 * number
        verdicts = [result["status"] for result in results[first : first + 4]]
        assert verdicts == ["passed", "notExecuted", "notExecuted", "passed"], way
        assert words in reasons[str(first + 1)], (way, reasons[str(first + 1)])
        assert results[first + 1]["actualOutput"] == []
    assert len(reasons) == count, "only the step in error has a reason of its own"


async def test_what_failed_wins_over_what_is_in_error(api: Api, house: House) -> None:
    nasty = api.of(bot=house.bots["nasty"])
    await nasty.import_suite(suites.transcript([("fail 500", "x")], [("hello", "wrong")]), "both")
    status = await nasty.run_suite("both")
    assert status["status"] == "failed"
    assert status["result"]["stepDetails"] == {"passed": 0, "failed": 1, "total": 2, "notExecuted": 1}
    assert "500" in status["result"]["errorDetails"]


async def test_utterances_that_a_bad_bot_spoils_count_apart(api: Api, house: House) -> None:
    nasty = api.of(bot=house.bots["nasty"])
    good = [
        ("my balance", "check_balance"),
        ("hm", "None"),
        ("transfer", "lost_card"),
        ("mumble", "lost_card"),
    ]
    spoilt = [(f"fail {way}", "check_balance") for way in WAYS]
    await nasty.import_batch(suites.batch(*good[:2], *spoilt, *good[2:]), "spoilt")
    status = await nasty.run_batch("spoilt")
    assert_like(status, "batch-run-completed")
    assert status["result"]["isPartialFailure"] is True
    sums = status["result"]["results"]
    assert [sums[key] for key in ("TP", "TN", "FP", "FN")] == [1, 1, 1, 1]
    assert sums["failedUtteranceCount"] == len(WAYS)
    assert (sums["success"], sums["failure"]) == (2, 2 + len(WAYS))
    report = read_report((await nasty.get(status["result"]["fileUrl"], token="")).body)
    assert reckoned(report) == told(status)
    errors = {case["Utterances"]: case for case in report.cases if case["Result Type"] == "Error"}
    for way, words in WAYS.items():
        assert words in errors[f"fail {way}"]["Elimination Info"], way
        assert errors[f"fail {way}"]["Matched Intent"] == ""


async def test_a_batch_of_errors_alone_is_completed(api: Api, house: House) -> None:
    nasty = api.of(bot=house.bots["nasty"])
    await nasty.import_batch(suites.batch(("fail 500", "a"), ("fail text", "b")), "errors alone")
    status = await nasty.run_batch("errors alone")
    assert_like(status, "batch-run-completed")
    result = status["result"]
    assert result["isPartialFailure"] is False and result["results"]["failedUtteranceCount"] == 2
    assert (result["f1_score"], result["precision"], result["recall"]) == ("0.00", "0.00", "0.00")
