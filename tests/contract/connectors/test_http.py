"""The contract, on the http connector and the test bots behind a real server."""

from collections.abc import AsyncIterator
from typing import Any, ClassVar

import pytest
from tests.bots.running import RunningBots
from tests.contract.connectors.contract import DirectedBotContract

from vivavoce.connectors.base import Outside, make_connector
from vivavoce.domain.errors import BadStatus, ConnectionLost, Throttled, UnreadableReply
from vivavoce.domain.output import FoundEntity, ToolCall, Usage
from vivavoce.engine.ports.bots import Connector

REPLY = {
    "outputs": "$.messages[*]",
    "text": "$.text",
    "intent": "$.intent",
    "node": "$.node",
    "transitions": "$.transitions",
    "prompt": "$.prompt",
    "context": "$.context",
    "ended": "$.ended",
    "entities": "$.entities",
    "entity_name": "$.name",
    "entity_value": "$.value",
    "tool_calls": "$.tool_calls[*].function",
    "tool_name": "$.name",
    "tool_arguments": "$.arguments",
    "input_tokens": "$.usage.prompt_tokens",
    "output_tokens": "$.usage.completion_tokens",
    "cost": "$.usage.cost",
}


def chat_settings(url: str, **over: Any) -> dict[str, Any]:
    body = {
        "text": "{{input}}",
        "session": "{{conversation_id}}",
        "event": "{{event}}",
        "context": "{{context}}",
    }
    return {"type": "http", "url": url, "body": body, "reply": REPLY, **over}


def outside(**environment: str) -> Outside:
    return Outside(environment=environment, new_id=lambda prefix: f"{prefix}-id")


class TestHttp(DirectedBotContract):
    facts = frozenset({"intent", "node", "transitions", "prompt", "context", "entities", "tools", "usage"})
    hello = ("hello", "Hello!")
    again = ("count", ("1", "2", "3"))
    several = ("two things", ("First.", "Second."))
    silence = "silence"
    trigger = ("Start_Flow", "Welcome to the test bot.")
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
        "fail 500": BadStatus,
        "fail 404": BadStatus,
        "fail 302": BadStatus,
        "fail 502": ConnectionLost,
        "fail 504": ConnectionLost,
        "fail 503": Throttled,
        "fail 429": Throttled,
        "fail drop": ConnectionLost,
        "fail cut": ConnectionLost,
        "fail text": UnreadableReply,
        "fail empty": UnreadableReply,
        "fail encoding": UnreadableReply,
        "fail deep": UnreadableReply,
        "fail huge": UnreadableReply,
        "fail huge-chunked": UnreadableReply,
        "fail bomb": UnreadableReply,
        "fail packing": UnreadableReply,
    }

    @pytest.fixture
    async def connector(self, bots: RunningBots) -> AsyncIterator[Connector]:
        connector = make_connector(chat_settings(f"{bots.url}/chat"), outside())
        yield connector
        await connector.aclose()


class TestHttpByGet(TestHttp):
    @pytest.fixture
    async def connector(self, bots: RunningBots) -> AsyncIterator[Connector]:
        url = f"{bots.url}/chat?text={{{{input}}}}&session={{{{conversation_id}}}}&event={{{{event}}}}"
        connector = make_connector(chat_settings(url, method="GET"), outside())
        yield connector
        await connector.aclose()
