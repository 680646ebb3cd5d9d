"""The contract, on the scripted connector."""

from typing import ClassVar

import pytest
from tests.contract.connectors.contract import DirectedBotContract

from vivavoce.connectors.scripted import ScriptedConnector
from vivavoce.domain.errors import (
    BadStatus,
    ConnectionLost,
    StepTimeout,
    Throttled,
    Unreachable,
    UnreadableReply,
)
from vivavoce.domain.output import FoundEntity, ToolCall, Usage
from vivavoce.engine.ports.bots import Connector

SCRIPT = {
    "replies": {
        "hello": {"text": "Hello!", "intent": "greeting", "node": "greet"},
        "count": {"sequence": ["1", "2", "3"]},
        "two things": ["First.", "Second."],
        "silence": [],
        "card": {"text": {"type": "template", "payload": {"text": "Choose:"}}},
        "weather in berlin": {
            "outputs": ["Sunny."],
            "entities": [{"name": "city", "value": "Berlin"}],
            "tool_calls": [
                {"name": "geocode", "arguments": {}},
                {"name": "get_weather", "arguments": {"city": "Berlin", "days": 1}},
            ],
            "usage": {"input_tokens": 120, "output_tokens": 30, "cost": 0.002},
        },
        "bye": {"outputs": ["Goodbye."], "context": {"over": True}, "ended": True},
        **{
            name: {"error": name}
            for name in ("unreachable", "throttled", "lost", "timeout", "status", "unreadable")
        },
    },
    "triggers": {"Start_Flow": "Welcome."},
}


class TestScripted(DirectedBotContract):
    facts = frozenset({"intent", "node", "context", "entities", "tools", "usage"})
    hello = ("hello", "Hello!")
    again = ("count", ("1", "2", "3"))
    several = ("two things", ("First.", "Second."))
    silence = "silence"
    trigger = ("Start_Flow", "Welcome.")
    template = "card"
    ending = "bye"
    intent = ("hello", "greeting")
    entities = ("weather in Berlin", (FoundEntity("city", "Berlin"),))
    tools = (
        "weather in Berlin",
        (ToolCall("geocode", {}), ToolCall("get_weather", {"city": "Berlin", "days": 1})),
    )
    usage = ("weather in Berlin", Usage(120, 30, 0.002))
    errors: ClassVar = {
        "unreachable": Unreachable,
        "throttled": Throttled,
        "lost": ConnectionLost,
        "timeout": StepTimeout,
        "status": BadStatus,
        "unreadable": UnreadableReply,
    }

    @pytest.fixture
    async def connector(self) -> Connector:
        return ScriptedConnector(SCRIPT)
