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
from vivavoce.engine.ports import Connector

SCRIPT = {
    "replies": {
        "hello": {"text": "Hello!", "intent": "greeting", "node": "greet"},
        "count": {"sequence": ["1", "2", "3"]},
        "two things": ["First.", "Second."],
        "silence": [],
        "card": {"text": {"type": "template", "payload": {"text": "Choose:"}}},
        "bye": {"outputs": ["Goodbye."], "context": {"over": True}, "ended": True},
        **{
            name: {"error": name}
            for name in ("unreachable", "throttled", "lost", "timeout", "status", "unreadable")
        },
    },
    "triggers": {"Start_Flow": "Welcome."},
}


class TestScripted(DirectedBotContract):
    facts = frozenset({"intent", "node", "context"})
    hello = ("hello", "Hello!")
    again = ("count", ("1", "2", "3"))
    several = ("two things", ("First.", "Second."))
    silence = "silence"
    trigger = ("Start_Flow", "Welcome.")
    template = "card"
    ending = "bye"
    intent = ("hello", "greeting")
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
