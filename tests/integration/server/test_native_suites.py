"""Native suites over the API: uploaded as they are, played, exported with what they say."""

from tests.integration.server.server import Server
from tests.integration.server.test_conversations import BASE, NAME, PATH, RUN, ended

SUITE = b"""\
suite: Native
cases:
  - case: Echo {{word}}
    examples: [{word: hi}, {word: ho}]
    steps:
      - say: "{{word}}"
        expect: "{{word}}"
        capture: {said: {matches: ".+"}}
      - say: "again {{said}}"
        expect:
          ends_with: "{{said}}"
          not: {contains: nothing}
"""


async def test_a_native_suite_is_imported_and_played(server: Server):
    status = await _imported(server, SUITE)
    assert status["status"] == "SUCCESS", status
    run = await server.call("POST", f"{PATH}/run", RUN)
    shown = await ended(server, f"{PATH}/{run.json()['testRunId']}/status", "inprogress")
    results = shown.json()["result"]["executionResults"]
    assert [(one["input"], one["status"]) for one in results] == [
        ("hi", "passed"),
        ("again hi", "passed"),
        ("ho", "passed"),
        ("again ho", "passed"),
    ]


async def test_its_export_can_be_imported_again(server: Server):
    document = (await _imported(server, SUITE))["response"]
    assert document["testSteps"][0]["variables"] == {"word": "hi"}
    assert document["testSteps"][1]["assertions"][0]["kind"] == "endsWith"
    exported = (await server.call("GET", f"{PATH}/export")).body
    again = await _imported(server, exported, name="again")
    assert again["response"]["testSteps"] == document["testSteps"]


async def test_what_is_wrong_is_told_with_line_and_column(server: Server):
    answer = await _refused(server, b"cases:\n  - say: hi\n    expct: hi\n")
    assert "line 3, column 5: unknown key `expct` (did you mean `expect`?)" in answer


async def test_includes_are_refused_with_the_way_out(server: Server):
    answer = await _refused(server, b"include: other.yaml\ncases:\n  - say: hi\n")
    assert "viva convert" in answer


async def _imported(server: Server, data: bytes, name: str = NAME) -> dict:
    file_id = await server.upload(data)
    body = {"fileName": file_id, "name": name, "userEmailId": "ada@example.org"}
    answer = await server.call("POST", f"{BASE}/import", body)
    assert answer.status == 200, answer
    return (await ended(server, f"{BASE}/import/{answer.json()['dsId']}/status", "IN_PROGRESS")).json()


async def _refused(server: Server, data: bytes) -> str:
    body = {"fileName": await server.upload(data), "name": NAME, "userEmailId": "ada@example.org"}
    answer = await server.call("POST", f"{BASE}/import", body)
    assert answer.status == 412, answer
    return str(answer.messages)
