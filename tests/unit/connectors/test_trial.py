from typing import Any

import pytest
from tests.bots.running import RunningBots

from vivavoce.connectors.transport import Answer
from vivavoce.connectors.trial import SHOWN, Trial, shown_answer, try_bot
from vivavoce.domain.errors import Malformed


async def trial_of(settings: dict[str, Any], text: str = "hello", **over: Any) -> Trial:
    environment = {"VIVA_BOT_TOKEN": "s3cret", **over.pop("environment", {})}
    return await try_bot({"type": "http", **settings}, text, environment=environment, **over)


def rows(trial: Trial) -> dict[str, tuple[str, str]]:
    return {each.key: (each.value, each.hint) for each in trial.paths}


async def test_the_request_the_reply_and_every_path(bots: RunningBots) -> None:
    trial = await trial_of(
        {
            "url": f"{bots.url}/chat?token=${{VIVA_BOT_TOKEN}}&api_key=literal",
            "headers": {"Authorization": "Bearer ${VIVA_BOT_TOKEN}", "X-Api-Key": "literal"},
            "body": {"text": "{{input}}", "key": "${VIVA_BOT_TOKEN}"},
            "reply": {
                "outputs": "$.messages[*]",
                "text": "$.text",
                "intent": "$.intnt",
                "node": "$.deep.er",
                "context": "$.context.name",
            },
        }
    )
    assert trial.error == ""
    assert trial.request.startswith(f"POST {bots.url}/chat?token=${{VIVA_BOT_TOKEN}}&api_key=***\n")
    assert "Authorization: Bearer ${VIVA_BOT_TOKEN}" in trial.request and "X-Api-Key: ***" in trial.request
    assert trial.request.endswith('{"text":"hello","key":"${VIVA_BOT_TOKEN}"}')
    assert trial.reply.startswith("200 application/json") and '"Hello!"' in trial.reply
    found = rows(trial)
    assert found["text [0]"] == ('"Hello!"', "")
    assert found["intent [0]"][0] == "nothing" and "did you mean $.intent?" in found["intent [0]"][1]
    assert "$ has the keys text, intent, node" in found["node [0]"][1]
    assert found["context"] == ('""', "the context must be an object; this is not used")


async def test_a_secret_that_the_bot_echoes_is_masked(bots: RunningBots) -> None:
    trial = await trial_of(
        {
            "url": f"{bots.url}/echo",
            "headers": {"X-Token": "${VIVA_BOT_TOKEN}"},
            "body": {"text": "{{input}}"},
            "reply": {"outputs": "$.request.headers['X-Token']"},
        }
    )
    assert rows(trial)["outputs"][0] == '"${VIVA_BOT_TOKEN}"'
    assert "s3cret" not in f"{trial}"


async def test_one_list_where_items_are_wanted_and_nothing_at_all(bots: RunningBots) -> None:
    base = {"url": f"{bots.url}/chat", "body": {"text": "{{input}}"}}
    trial = await trial_of({**base, "reply": {"outputs": "$.messages"}})
    assert rows(trial)["outputs"][1] == "this is one list; for its items write $.messages[*]"
    trial = await trial_of({**base, "reply": {"outputs": "$.msgs[*]"}})
    assert rows(trial)["outputs"][0] == "nothing" and "context, ended" in rows(trial)["outputs"][1]


async def test_entities_tools_and_usage_too(bots: RunningBots) -> None:
    trial = await trial_of(
        {
            "url": f"{bots.url}/chat",
            "body": {"text": "{{input}}"},
            "reply": {
                "outputs": "$.messages[*]",
                "text": "$.text",
                "entities": "$.entities",
                "entity_name": "$.name",
                "entity_value": "$.value",
                "tool_calls": "$.tool_calls[*].function",
                "tool_name": "$",
                "input_tokens": "$.usage.prompt_tokens",
                "cost": "$.usage",
            },
        },
        "weather in Berlin",
    )
    found = rows(trial)
    assert found["entity_name [0]"] == ('"city"', "") and found["entity_value [0]"] == ('"Berlin"', "")
    assert found["tool_name [1]"][1] == "this is no text; go deeper, such as to its name"
    assert found["input_tokens"] == ("120", "")
    assert found["cost"][1] == "this is no number; it is not used"
    assert "text [1]" not in found


async def test_the_classifying_call_too(bots: RunningBots) -> None:
    settings = {
        "url": f"{bots.url}/nlu",
        "body": {"text": "{{input}}"},
        "nlu": {"intents": "$.intents[*]", "intent": "$.name", "score": "$.confidence"},
    }
    alone = await trial_of(settings, "balance")
    assert rows(alone)["intent [0]"] == ('"check_balance"', "") and rows(alone)["score [0]"] == ("0.9", "")
    both = await trial_of({**settings, "reply": {"outputs": "$.x"}}, "balance")
    assert both.nlu is not None and rows(both.nlu) == rows(alone)


@pytest.mark.parametrize(
    ("way", "error", "raw"),
    [
        ("status/500", "answered 500 Internal Server Error", '{"error": "as asked"}'),
        ("text", "answered no JSON (text/html", "<html>"),
        ("drop", "closed the connection without an answer", ""),
        ("hang", "did not answer within 0.2 s", ""),
    ],
)
async def test_what_goes_wrong_is_said_and_what_came_is_shown(
    bots: RunningBots, way: str, error: str, raw: str
) -> None:
    settings = {"url": f"{bots.url}/nasty/{way}", "body": "{{input}}", "reply": {"outputs": "$"}}
    trial = await trial_of(settings, timeout_s=0.2 if way == "hang" else 15)
    assert error in trial.error and raw in trial.reply and bool(raw) == bool(trial.reply)
    assert trial.paths == () and trial.request


def test_a_long_reply_is_cut() -> None:
    shown = shown_answer(Answer(200, {}, b"x" * (SHOWN + 1)))
    assert shown.endswith("x... (20,001 bytes in all)")


async def test_wrong_settings_are_refused() -> None:
    with pytest.raises(Malformed, match="`url` is missing"):
        await trial_of({"body": "{{input}}", "reply": {"outputs": "$"}})


async def test_a_bot_of_another_type() -> None:
    settings = {"type": "scripted", "script": {"replies": {"hello": "Hi!", "bad": {"error": "lost"}}}}
    trial = await try_bot(settings, "hello", environment={})
    assert trial.request == "hello" and '"Hi!"' in trial.reply
    assert "lost" in (await try_bot(settings, "bad", environment={})).error
