from typing import Any

import pytest

from vivavoce.connectors.base import check_settings
from vivavoce.connectors.thresholds import told_thresholds

GOOD: dict[str, Any] = {
    "type": "http",
    "url": "https://bot.example/chat",
    "headers": {"Authorization": "Bearer ${VIVA_BOT_TOKEN}"},
    "body": {"text": "{{input}}", "session": "{{conversation_id}}"},
    "reply": {"outputs": "$.messages[*]", "text": "$.text"},
    "nlu": {
        "url": "https://bot.example/nlu",
        "intents": "$.intents[*]",
        "intent": "$.name",
        "none": ["x", None],
    },
}


def problems_of(**over: Any) -> list[str]:
    settings = {key: value for key, value in {**GOOD, **over}.items() if value is not ...}
    return [str(problem) for problem in check_settings(settings)]


def test_good_settings() -> None:
    assert problems_of() == []
    assert problems_of(nlu=...) == []
    assert problems_of(reply=...) == []
    assert problems_of(nlu={"none": ["fallback"]}) == []
    assert problems_of(url="${VIVA_BOT_URL}/chat") == []
    assert problems_of(method="get", url="https://bot.example/{{input}}", body=..., nlu=...) == []
    assert problems_of(body="plain {{input}}") == []


@pytest.mark.parametrize(
    ("over", "message"),
    [
        ({"type": ...}, "$: `type` is missing (there are http, scripted)"),
        ({"type": "htp"}, "$.type: unknown type `htp` (did you mean `http`?)"),
        ({"type": ["http"]}, "$.type: unknown type `['http']` (did you mean `http`?)"),
        ({"replies": {}}, "$: unknown key `replies` (did you mean `reply`?)"),
        ({"reply": {"outputs": "$", "txt": "$"}}, "$.reply: unknown key `txt` (did you mean `text`?)"),
        ({"reply": {"text": "$"}}, "$.reply: `outputs` is missing"),
        ({"reply": "$"}, "$.reply: must be a mapping of JSONPaths"),
        (
            {"reply": {"outputs": "messages"}},
            "$.reply.outputs: `messages` is no JSONPath: expected '$', found 'm' at character 1"
            " (a path begins with $)",
        ),
        (
            {"reply": {"outputs": "$.a[", "text": "$.t"}},
            "$.reply.outputs: `$.a[` is no JSONPath: unbalanced brackets at character 5",
        ),
        ({"reply": {"outputs": 5}}, "$.reply.outputs: must be a JSONPath (such as $.messages[*])"),
        (
            {"reply": ..., "nlu": ...},
            "$: `reply` is missing (add reply: {outputs: $.messages[*], text: $.text})",
        ),
        ({"url": ...}, "$: `url` is missing (url: https://bot.example/chat)"),
        (
            {"url": "bot.example/chat", "nlu": ...},
            "$.url: `bot.example/chat` is not an address: not an http or https address (https://bot.example/chat)",
        ),
        ({"method": "PSOT"}, "$.method: unknown method `PSOT` (did you mean POST?)"),
        (
            {"method": "GET", "nlu": ...},
            "$: `{{input}}` stands nowhere: the bot would never hear the user"
            " (GET sends no body: put it into `url`)",
        ),
        ({"headers": ["x"]}, "$.headers: must be a mapping"),
        ({"headers": {"a b": "x"}}, "$.headers: `a b` is no header name"),
        ({"headers": {"A": ["x"]}}, "$.headers.A: must be a text"),
        (
            {"headers": {"A": "${HOME}"}, "nlu": ...},
            "$.headers.A: the variable `HOME` may not be read (only VIVA_BOT_... variables may)",
        ),
        (
            {"body": {"t": "{{input}}", "s": "{{session}}"}, "nlu": ...},
            "$.body.s: unknown placeholder {{session}} (there are input, conversation_id, event, language,"
            " parent_intent, context)",
        ),
        ({"nlu": []}, "$.nlu: must be a mapping"),
        ({"nlu": {"url": "https://bot.example/nlu"}}, "$.nlu: `intents` is missing"),
        ({"nlu": {"intents": "$", "entities": "$", "entity_name": "$"}}, "$.nlu: `entity_value` is missing"),
        (
            {"reply": {"outputs": "$", "entities": "$", "entity_value": "$"}},
            "$.reply: `entity_name` is missing",
        ),
        ({"reply": {"outputs": "$", "tool_calls": "$"}}, "$.reply: `tool_name` is missing"),
        ({"reply": {"outputs": "$", "tool_name": "$"}}, "$.reply: `tool_calls` is missing"),
        ({"nlu": {"none": "fallback"}}, "$.nlu.none: must be a list of names (none: [fallback, None])"),
        (
            {"nlu": {"thresholds": 0.3}},
            "$.nlu.thresholds: must be a mapping (thresholds: {minThreshold: 0.3})",
        ),
        (
            {"nlu": {"thresholds": {"minTreshold": 0.3}}},
            "$.nlu.thresholds: unknown threshold `minTreshold` (did you mean `minThreshold`?)",
        ),
        (
            {"nlu": {"thresholds": {"ML": {"mode": ["a"]}}}},
            "$.nlu.thresholds.ML.mode: must be a number, a text, or true or false",
        ),
        ({"nlu": {"winning": "$.won"}}, "$.nlu: `intents` is missing"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_the_way_out(over: dict[str, Any], message: str) -> None:
    assert problems_of(**over) == [message]


@pytest.mark.parametrize("odd", [None, 5, "x", [], {}, True, [[]], {"a": {"b": []}}])
@pytest.mark.parametrize("key", ["type", "url", "method", "headers", "body", "reply", "nlu"])
def test_no_odd_value_breaks_the_check(key: str, odd: Any) -> None:
    assert all(isinstance(message, str) for message in problems_of(**{key: odd}))


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        (None, {}),
        ({}, {}),
        (
            {"minThreshold": 0.3, "isActive": True, "mode": "standard"},
            {"minThreshold": "0.3", "isActive": "true", "mode": "standard"},
        ),
        (
            {"ML": {"minThreshold": 0.3}, "KG": {"minThreshold": 0.8, "wordCoverage": 60}},
            {"minThreshold": "ML: 0.3 | KG: 0.8", "wordCoverage": "KG: 60"},
        ),
    ],
)
def test_thresholds_are_told_by_their_names_in_the_report(stated: Any, told: dict[str, str]) -> None:
    settings = {"nlu": {"thresholds": stated}} if stated is not None else {}
    assert told_thresholds(settings) == told
