"""What every connector must do, whatever it speaks. A connector's tests subclass `ConnectorContract`."""

import asyncio
import re
from collections.abc import Mapping
from itertools import count
from typing import ClassVar
from urllib.parse import unquote_plus

import msgspec
import pytest

from vivavoce.domain.errors import ConnectorError
from vivavoce.domain.output import Fact, FoundEntity, Reply, ToolCall, Usage
from vivavoce.domain.secrecy import Secrets
from vivavoce.engine.ports.bots import EVIDENCE_LIMIT, Connector, Message, Opening

_ids = count()


def opening(conversation_id: str = "", language: str = "en") -> Opening:
    return Opening(conversation_id or f"contract-{next(_ids)}", language)


def texts(reply: Reply) -> list[str]:
    return [output.text for output in reply.outputs]


class ConnectorContract:
    """What holds for any connector to any bot. Subclasses build theirs and say what its bot answers."""

    facts: frozenset[Fact]
    hello: tuple[str, str]  # input, the one output it draws
    again: tuple[str, tuple[str, ...]]  # an input said again and again, and what it draws from turn to turn
    several: tuple[str, tuple[str, ...]]  # an input that draws several outputs
    trigger: tuple[str, str]  # its name, the output it draws
    template: str  # an input that draws a template
    ending: str  # an input after which the bot says that the conversation is over
    intent: tuple[str, str]  # input, intent
    entities: tuple[str, tuple[FoundEntity, ...]]  # input, what is recognised in it

    @pytest.fixture
    async def connector(self) -> Connector:
        raise AssertionError("subclasses build their connector here")

    async def test_it_declares_its_facts(self, connector: Connector) -> None:
        assert connector.facts == self.facts

    async def test_one_turn(self, connector: Connector) -> None:
        session = await connector.open(opening())
        reply = await session.send(Message(self.hello[0]))
        assert texts(reply) == [self.hello[1]]
        assert not reply.ended
        await session.close()

    async def test_a_conversation_has_a_memory_and_each_begins_without_one(
        self, connector: Connector
    ) -> None:
        for _ in range(2):
            session = await connector.open(opening())
            said = [texts(await session.send(Message(self.again[0]))) for _ in self.again[1]]
            assert said == [[text] for text in self.again[1]]
            await session.close()

    async def test_interleaved_conversations_share_nothing(self, connector: Connector) -> None:
        sessions = [await connector.open(opening()) for _ in range(5)]
        for expected in self.again[1]:
            replies = await asyncio.gather(*(each.send(Message(self.again[0])) for each in sessions))
            assert [texts(reply) for reply in replies] == [[expected]] * len(sessions)
        for session in sessions:
            await session.close()

    async def test_several_outputs_in_order(self, connector: Connector) -> None:
        session = await connector.open(opening())
        assert tuple(texts(await session.send(Message(self.several[0])))) == self.several[1]
        await session.close()

    async def test_a_trigger_lets_the_bot_speak(self, connector: Connector) -> None:
        session = await connector.open(opening())
        name, expected = self.trigger
        assert texts(await session.send(Message("", trigger=name))) == [expected]
        await session.close()

    async def test_a_template_is_a_json_text(self, connector: Connector) -> None:
        session = await connector.open(opening())
        (text,) = texts(await session.send(Message(self.template)))
        assert text.startswith("{") and '"template"' in text
        await session.close()

    async def test_it_tells_the_intent(self, connector: Connector) -> None:
        session = await connector.open(opening())
        reply = await session.send(Message(self.intent[0]))
        assert reply.intents == (self.intent[1],)
        assert reply.outputs[0].intent == self.intent[1]
        assert reply.outputs[0].metadata.intent_id
        await session.close()

    async def test_it_tells_the_entities(self, connector: Connector) -> None:
        session = await connector.open(opening())
        assert (await session.send(Message(self.entities[0]))).entities == self.entities[1]
        assert (await session.send(Message(self.hello[0]))).entities == ()
        await session.close()

    async def test_it_tells_the_end(self, connector: Connector) -> None:
        session = await connector.open(opening())
        assert (await session.send(Message(self.ending))).ended
        await session.close()

    async def test_the_last_turn_is_evidence_without_secrets(self, connector: Connector) -> None:
        secrets = Secrets({"VIVA_BOT_S": self.hello[0]})
        session = await connector.open(msgspec.structs.replace(opening(), secrets=secrets))
        assert session.evidence() is None
        await session.send(Message(self.hello[0]))
        evidence = session.evidence()
        assert evidence is not None
        assert self.hello[0] not in evidence.request + evidence.reply
        assert "${VIVA_BOT_S}" in evidence.request and self.hello[1][1:] in evidence.reply
        await session.send(Message("x" * (EVIDENCE_LIMIT + 500)))
        evidence = session.evidence()
        assert evidence is not None and len(evidence.request) <= EVIDENCE_LIMIT
        assert re.search(r"\.\.\. \(cut, 4,\d\d\d characters in all\)$", evidence.request)
        await session.close()

    async def test_a_turn_may_be_given_up(self, connector: Connector) -> None:
        """The caller bounds time by cancelling; the conversations beside it do not notice."""
        session = await connector.open(opening())
        turn = asyncio.ensure_future(session.send(Message(self.hello[0])))
        await asyncio.sleep(0)
        turn.cancel()
        await asyncio.gather(turn, return_exceptions=True)
        other = await connector.open(opening())
        assert texts(await other.send(Message(self.hello[0]))) == [self.hello[1]]
        await session.close()
        await other.close()

    async def test_closing_twice_is_fine(self, connector: Connector) -> None:
        session = await connector.open(opening())
        await session.send(Message(self.hello[0]))
        await session.close()
        await session.close()
        await connector.aclose()
        await connector.aclose()


class DirectedBotContract(ConnectorContract):
    """And what only a bot shows that can be told to be silent and to fail."""

    silence: str  # an input that draws nothing
    tools: tuple[str, tuple[ToolCall, ...]]  # input, the calls that its answer took, in order
    usage: tuple[str, Usage]
    errors: ClassVar[Mapping[str, type[ConnectorError]]]  # by input

    async def test_it_tells_the_tools_and_what_was_used(self, connector: Connector) -> None:
        session = await connector.open(opening())
        assert (await session.send(Message(self.tools[0]))).tool_calls == self.tools[1]
        assert (await session.send(Message(self.usage[0]))).usage == self.usage[1]
        other = await session.send(Message(self.hello[0]))
        assert (other.tool_calls, other.usage) == ((), None)
        await session.close()

    async def test_silence_is_a_reply_without_outputs(self, connector: Connector) -> None:
        session = await connector.open(opening())
        assert (await session.send(Message(self.silence))).outputs == ()
        await session.close()

    async def test_errors_are_those_of_the_tree_and_another_conversation_goes_on(
        self, connector: Connector
    ) -> None:
        for text, expected in self.errors.items():
            broken, sound = await connector.open(opening()), await connector.open(opening())
            with pytest.raises(expected) as caught:
                await broken.send(Message(text))
            assert type(caught.value) is expected
            evidence = broken.evidence()
            assert evidence is not None and text in unquote_plus(evidence.request)
            assert caught.value.message and "\n" not in caught.value.message
            assert texts(await sound.send(Message(self.hello[0]))) == [self.hello[1]]
            await broken.close()
            await sound.close()
