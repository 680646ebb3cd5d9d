"""Suite files that the tests upload, for the dialog bot of tests/bots."""

import json
from typing import Any


def step(said: str, *expected: str, event: str = "") -> dict[str, Any]:
    """A step as a suite document has it: texts alone."""
    document: dict[str, Any] = {"input": said, "outputs": [output(text) for text in expected]}
    return document | ({"event": event} if event else {})


def output(text: str) -> dict[str, Any]:
    texts = {"enabled": True, "contains": [{"text": text}]}
    return {"text": text, "assertions": {"text": texts}}


def greeting(*more: dict[str, Any]) -> dict[str, Any]:
    """One conversation that holds: on-connect event, then a greeting."""
    start = step("Start_Flow", "Welcome to the test bot.", event="Start_Flow")
    return {"testSteps": [start, step("hello", "Hello!"), *more]}


def transcript(*cases: list[tuple[str, str]]) -> dict[str, Any]:
    """Conversations, each of pairs of input and expected reply."""
    return {
        "botName": "Dialog",
        "botId": "st-somewhere-else",
        "testCases": [
            {
                "name": f"conversation {number}",
                "messages": [{"input": said, "outputs": [{"equals": expected}]} for said, expected in case],
            }
            for number, case in enumerate(cases, start=1)
        ],
    }


def chats(count: int, turns: int = 2, kind: str = "case") -> dict[str, Any]:
    """Conversations told apart by what is said; every fourth one has a step that fails."""
    cases = []
    for number in range(count):
        said = [f"{kind} {number} turn {turn}" for turn in range(turns)]
        case = [(text, f"You said: {text}") for text in said]
        if number % 4 == 3:
            case[-1] = (said[-1], "something else")
        cases.append(case)
    return transcript(*cases)


def batch(*cases: tuple[str, str]) -> dict[str, Any]:
    return {"testCases": [{"input": said, "intent": intent} for said, intent in cases]}


def utterances(count: int) -> dict[str, Any]:
    """Utterances told apart by a number, with outcomes of every kind in turn."""
    kinds = [
        ("my balance {}", "check_balance"),  # TP
        ("nothing {}", "None"),  # TN
        ("transfer {}", "check_balance"),  # FP
        ("mumble {}", "lost_card"),  # FN
    ]
    return batch(*((kinds[n % 4][0].format(n), kinds[n % 4][1]) for n in range(count)))


def as_text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False)
