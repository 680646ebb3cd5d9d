from pathlib import Path
from typing import Any

import pytest

from vivavoce.connectors.base import check_settings
from vivavoce.connectors.scripted import ScriptedConnector
from vivavoce.domain.errors import ConnectionLost, Malformed, Throttled
from vivavoce.domain.output import FoundEntity, ToolCall, Usage
from vivavoce.engine.ports.bots import Message, Opening


async def texts(bot: ScriptedConnector, *inputs: str) -> list[list[str]]:
    session = await bot.open(Opening("c-1", "en"))
    return [[each.text for each in (await session.send(Message(text))).outputs] for text in inputs]


async def test_inputs_compare_without_case_and_outer_blanks_and_the_rest_is_otherwise() -> None:
    bot = ScriptedConnector({"replies": {" Hello": "Hi!"}, "otherwise": "Pardon?"})
    assert await texts(bot, "hello ", "HELLO", "bye") == [["Hi!"], ["Hi!"], ["Pardon?"]]
    assert bot.said == [("c-1", "hello "), ("c-1", "HELLO"), ("c-1", "bye")]


async def test_a_sequence_answers_what_is_unknown_turn_by_turn() -> None:
    bot = ScriptedConnector({"replies": {"x": "X"}, "sequence": ["one", ["two", "too"]]})
    assert await texts(bot, "a", "x", "b", "c") == [["one"], ["X"], ["two", "too"], []]
    assert await texts(bot, "a") == [["one"]]


async def test_delays_are_slept() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    bot = ScriptedConnector({"replies": {"x": {"outputs": ["X"], "delay_s": 2.5}}}, sleep=sleep)
    assert await texts(bot, "x") == [["X"]]
    assert slept == [2.5]


async def test_an_error_may_come_only_so_often_over_all_conversations() -> None:
    bot = ScriptedConnector({"replies": {"x": {"outputs": ["X"], "error": "lost", "times": 2}}})
    for _ in range(2):
        with pytest.raises(ConnectionLost):
            await texts(bot, "x")
    assert await texts(bot, "x", "x") == [["X"], ["X"]]


async def test_throttled_tells_when_to_come_back() -> None:
    bot = ScriptedConnector({"replies": {"x": {"error": "throttled", "retry_after_s": 3}}})
    with pytest.raises(Throttled) as caught:
        await texts(bot, "x")
    assert caught.value.retry_after_s == 3.0


async def test_a_reply_in_full() -> None:
    said = {
        "text": "Which?",
        "intent": "order",
        "node": "ask",
        "node_name": "Ask",
        "component_type": "entity",
        "transitions": ["a", {"to": "b"}],
        "prompt": "userPrompt",
    }
    bot = ScriptedConnector({"triggers": {"Start_Flow": {"outputs": [said], "context": {"n": 1}}}})
    assert bot.facts == {"intent", "node", "transitions", "prompt", "context"}
    session = await bot.open(Opening("c", "en"))
    reply = await session.send(Message("", trigger="Start_Flow"))
    (output,) = reply.outputs
    assert (output.intent, output.metadata.intent_id, output.metadata.node_name) == ("order", "order", "Ask")
    assert output.metadata.transitions == ("a", {"to": "b"}) and output.metadata.prompt_type == "userPrompt"
    assert reply.context == {"n": 1} and reply.intents == ("order",)
    assert (await session.send(Message("", trigger="Other"))).outputs == ()


def test_a_script_that_tells_categories_can_read_them() -> None:
    assert ScriptedConnector({"otherwise": {"text": "Sure?", "category": "Confirmation"}}).facts == {
        "category"
    }


async def test_a_yaml_file(tmp_path: Path) -> None:
    file = tmp_path / "bot.yaml"
    file.write_text("replies:\n  grüß: Grüß dich!\n  42: 43\n", "utf-8")
    assert await texts(ScriptedConnector(file), "Grüß", "42") == [["Grüß dich!"], ["43"]]
    assert check_settings({"type": "scripted", "script": str(file)}) == []


async def test_what_an_agent_would_tell() -> None:
    told = {
        "outputs": ["Sunny."],
        "entities": [{"name": "city", "value": "Berlin"}],
        "tool_calls": [{"name": "get_weather", "arguments": {"days": 1}}, {"name": "stop"}],
        "usage": {"input_tokens": 7},
    }
    bot = ScriptedConnector({"replies": {"weather": told}})
    assert bot.facts == {"entities", "tools", "usage"}
    reply = await (await bot.open(Opening("c", "en"))).send(Message("weather"))
    assert reply.entities == (FoundEntity("city", "Berlin"),)
    assert reply.tool_calls == (ToolCall("get_weather", {"days": 1}), ToolCall("stop"))
    assert reply.usage == Usage(7)


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ([], "$.script: must be a mapping"),
        ({"reply": {}}, "$.script: unknown key `reply`"),
        ({"replies": ["x"]}, "$.script.replies: must be a mapping from inputs to replies"),
        ({"sequence": "x"}, "$.script.sequence: must be a list of replies"),
        ({"replies": {"a b": {"txt": "x"}}}, '$.script.replies["a b"]: Object contains unknown field `txt`'),
        ({"replies": {"a": {"outputs": [5]}}}, '$.script.replies["a"].outputs[0]: Expected'),
        ({"sequence": [{"error": "boom"}]}, "$.script.sequence[0].error: unknown error `boom`"),
        ({"otherwise": {"text": "x", "nod": 1}}, "$.script.otherwise.outputs[0]: Object contains unknown"),
    ],
)
def test_what_is_wrong_in_a_script_is_said_with_its_place(script: Any, message: str) -> None:
    found = check_settings({"type": "scripted", "script": script})
    if isinstance(script, list):
        assert str(found[0]) == "$: `script` is missing (a mapping, or the path of a YAML file)"
    else:
        assert [str(problem)[: len(message)] for problem in found] == [message]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"replies: [", "bot.yaml: line 1, column 11"),
        (b"\xff\xfe", "bot.yaml: is not UTF-8"),
        (b"- 1", "bot.yaml: $: must be a mapping"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "bot.yaml"
    file.write_bytes(content)
    with pytest.raises(Malformed) as caught:
        ScriptedConnector(file)
    assert str(caught.value).startswith(message)
    with pytest.raises(Malformed, match="cannot be read"):
        ScriptedConnector(tmp_path / "none.yaml")
