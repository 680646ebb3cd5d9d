"""Runs of chosen and repeated cases through the API: our own fields of the run's body, and what they show."""

from tests.integration.server.server import Server
from tests.integration.server.test_conversations import PATH, RUN, ended, imported

FIRST = "Validation errors/ Invalid arguments"
SUITE = {
    "testCases": [
        {"name": "echo a", "tags": ["smoke"], "messages": [{"input": "a", "outputs": ["a"]}]},
        {"name": "echo b", "messages": [{"input": "b", "outputs": ["b"]}, {"input": "c", "outputs": ["c"]}]},
        {"name": "wrong", "tags": ["smoke"], "messages": [{"input": "a", "outputs": ["b"]}]},
        {"name": "wrong too", "messages": [{"input": "a", "outputs": ["b"]}]},
    ]
}


async def played(server: Server, **plan) -> dict:
    started = await server.call("POST", f"{PATH}/run", {**RUN, **plan})
    assert started.status == 200, started
    return (await ended(server, f"{PATH}/{started.json()['testRunId']}/status", "inprogress")).json()


def inputs(run: dict) -> list[str]:
    return [entry["input"] for entry in run["result"]["executionResults"]]


async def test_cases_are_chosen(server: Server):
    await imported(server, suite=SUITE)
    run = await played(server, cases=["echo*"])
    assert (run["status"], run["totalTestStepsCount"], run["percentageCompleted"]) == ("passed", 3, 100)
    assert inputs(run) == ["a", "b", "c"]
    assert run["result"]["plan"] == {"cases": ["echo*"]}
    assert run["result"]["stepDetails"] == {"passed": 3, "failed": 0, "total": 3}
    assert inputs(await played(server, cases=["echo*"], shard="2/2")) == ["b", "c"]
    everything = await played(server)
    assert everything["totalTestStepsCount"] == 5
    assert {"plan", "repeats"}.isdisjoint(everything["result"])
    await played(server, cases=["echo*"])  # tells nothing of the two that are wrong
    again = await played(server, lastFailed=True)
    assert again["result"]["stepDetails"] == {"passed": 0, "failed": 2, "total": 2}
    empty = await played(server, cases=["wrong"], shard="9/9")
    assert (empty["status"], empty["totalTestStepsCount"], inputs(empty)) == ("passed", 0, [])


async def test_tags_choose_cases_as_they_were_imported(server: Server):
    await imported(server, suite=SUITE, tags=["nightly"])
    assert (await played(server, tags=["nightly"]))["totalTestStepsCount"] == 5
    listed = (await server.call("GET", f"{PATH}/runs")).json()["runs"][0]
    assert listed["result"]["plan"] == {"tags": ["nightly"]}


async def test_cases_are_repeated(server: Server):
    await imported(server, suite=SUITE)
    run = await played(server, cases=["echo b", "wrong"], repeat=3, passRule=2)
    assert (run["status"], run["totalTestStepsCount"]) == ("failed", 9)
    assert run["result"]["plan"] == {"cases": ["echo b", "wrong"], "repeat": 3, "passRule": 2}
    assert run["result"]["repeats"] == {
        "passed": 1,
        "failed": 1,
        "error": 0,
        "notExecuted": 0,
        "flakyCount": 0,
        "flaky": [],
    }
    entries = run["result"]["executionResults"]
    assert [(entry["input"], entry["repeat"]) for entry in entries] == [
        *((text, repeat) for repeat in (1, 2, 3) for text in "bc"),
        *(("a", repeat) for repeat in (1, 2, 3)),
    ]
    assert len({entry["requestId"] for entry in entries}) == 9
    assert len(run["result"]["nlpVersion"]) == 9


async def test_fail_fast(server: Server):
    await imported(server, suite=SUITE)
    run = await played(server, cases=["wrong*"], failFast=True)
    assert run["status"] == "failed"
    assert run["result"]["errorDetails"].startswith("ended at the first case that did not pass: wrong")


WRONG = [
    ({"cases": "echo"}, "$.cases"),
    ({"cases": [""]}, "$.cases[0]"),
    ({"cases": [7]}, "$.cases[0]"),
    ({"tags": ["smoke", " "]}, "$.tags[1]"),
    ({"lastFailed": "yes"}, "$.lastFailed"),
    ({"failFast": 1}, "$.failFast"),
    ({"shard": "3/2"}, "$.shard: '3/2' is no shard (`1/4`"),
    ({"shard": 1}, "$.shard"),
    ({"repeat": 0}, "$.repeat"),
    ({"repeat": "3"}, "$.repeat"),
    ({"repeat": 1001}, "$.repeat"),
    ({"passRule": "most", "repeat": 3}, "$.passRule: 'most' is no pass rule"),
    ({"passRule": 4, "repeat": 3}, "$.passRule: '4' is no pass rule for 3 repeats"),
    ({"passRule": True, "repeat": 3}, "$.passRule"),
    ({"passRule": [1], "repeat": 3}, "$.passRule"),
    ({"cases": ["eco a"]}, "no case is named like 'eco a' (did you mean 'echo a'?)"),
    ({"tags": ["smok"]}, "neither the suite nor a case has the tag 'smok' (did you mean 'smoke'?)"),
]


async def test_what_makes_no_sense_is_refused_and_starts_nothing(server: Server):
    await imported(server, suite=SUITE)
    for plan, problem in WRONG:
        answer = await server.call("POST", f"{PATH}/run", {**RUN, **plan})
        assert (answer.status, answer.messages[0]) == (412, FIRST), (plan, answer)
        (only,) = answer.messages[1:]
        assert problem in only, plan
    assert (await server.call("GET", f"{PATH}/runs")).json()["count"] == 0


async def test_null_is_as_good_as_nothing(server: Server):
    await imported(server, suite=SUITE)
    names = ("cases", "tags", "lastFailed", "shard", "failFast", "repeat", "passRule")
    assert (await played(server, **dict.fromkeys(names)))["totalTestStepsCount"] == 5
