"""Connector `scripted`: a bot that replays a script, for trying suites and for users' own tests.

bot = ScriptedConnector({"replies": {"hello": "Hello!"}, "otherwise": "Pardon?"})
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from vivavoce.connectors.script import Script, Turn, key_of, load_script
from vivavoce.domain.errors import Malformed, Problem
from vivavoce.domain.output import Fact, Reply
from vivavoce.domain.verdict import Exchange
from vivavoce.engine.evidence import without_wire
from vivavoce.engine.ports.bots import Message, Opening

Sleep = Callable[[float], Awaitable[None]]


class ScriptedConnector:
    """Implements engine.ports.bots.Connector. `said` keeps every turn: (conversation id, input|trigger)."""

    fresh_sessions = True

    def __init__(
        self, script: Mapping[str, Any] | str | Path | Script, *, sleep: Sleep = asyncio.sleep
    ) -> None:
        """A script as a mapping, or the path of a YAML file. Raises Malformed with every place."""
        self.script = script if isinstance(script, Script) else load_script(script)
        self.facts: frozenset[Fact] = self.script.facts()
        self.said: list[tuple[str, str]] = []
        self._failures: dict[int, int] = {}  # by the turn's identity: turns of equal content fail apart
        self._sleep = sleep

    async def open(self, opening: Opening) -> "ScriptedSession":
        return ScriptedSession(self, opening)

    async def play(self, turn: Turn) -> Reply:
        """Wait, fail or answer as the turn says."""
        if turn.delay_s:
            await self._sleep(turn.delay_s)
        failures = self._failures.get(id(turn), 0)
        if turn.error and (turn.times is None or failures < turn.times):
            self._failures[id(turn)] = failures + 1
            raise turn.failure()
        return turn.reply()

    async def aclose(self) -> None:
        """There is nothing to close."""


class ScriptedSession:
    """One conversation: how often each input came, and how many turns of the sequence are over."""

    def __init__(self, connector: ScriptedConnector, opening: Opening) -> None:
        self._connector = connector
        self._conversation_id = opening.conversation_id
        self._heard: Counter[str] = Counter()
        self._unknown = 0
        self._secrets = opening.secrets
        self._last: tuple[Message, Reply | None] | None = None

    async def send(self, message: Message) -> Reply:
        self._connector.said.append((self._conversation_id, message.trigger or message.text))
        self._last = message, None
        reply = await self._connector.play(self._choose(message))
        self._last = message, reply
        return reply

    def evidence(self) -> Exchange | None:
        return None if self._last is None else without_wire(*self._last, self._secrets)

    async def close(self) -> None:
        """There is nothing to close."""

    def _choose(self, message: Message) -> Turn:
        script, key = self._connector.script, key_of(message.text)
        known = script.triggers.get(message.trigger) if message.trigger else script.replies.get(key)
        if known:
            heard = message.trigger or key
            self._heard[heard] += 1
            return known[min(self._heard[heard], len(known)) - 1]
        self._unknown += 1
        return (
            script.sequence[self._unknown - 1] if self._unknown <= len(script.sequence) else script.otherwise
        )


def check(settings: Mapping[str, Any]) -> list[Problem]:
    """Everything that is wrong with a scripted connector's settings: `type` and `script`."""
    problems = [
        Problem(f"unknown key `{key}`", "$", "there are type, script")
        for key in settings
        if key not in ("type", "script")
    ]
    script = settings.get("script")
    if not isinstance(script, Mapping | str):
        return [*problems, Problem("`script` is missing", "$", "a mapping, or the path of a YAML file")]
    try:
        load_script(script)
    except Malformed as exc:
        problems += [
            Problem(each.message, f"$.script{each.place.removeprefix('$')}", each.hint)
            if isinstance(script, Mapping)
            else Problem(str(each), f"$.script ({script})")
            for each in exc.problems
        ]
    return problems
