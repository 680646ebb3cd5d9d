"""What the assistant's tests share: the small bot, and talking to it."""

from datetime import date
from pathlib import Path
from typing import Any

from vivavoce.assistant.conversation import Conversation
from vivavoce.assistant.definition import Definition
from vivavoce.assistant.reader import read_definition
from vivavoce.assistant.recognizer import shared
from vivavoce.domain.bot import Version
from vivavoce.domain.output import Reply
from vivavoce.engine.ports.bots import Message, Opening

SMALL = (Path(__file__).parent / "small_bot.yaml").read_text(encoding="utf-8")


def small_bot() -> Definition:
    return read_definition(SMALL, "small_bot.yaml")


def talk(version: Version = "inDevelopment", context: dict[str, Any] | None = None) -> Conversation:
    """A fresh conversation with the small bot on the 14th of March 2025, a Friday."""
    recognizer = shared.of(small_bot().edition(version))
    return Conversation(recognizer, Opening("c-1", "en", context), date(2025, 3, 14))


def say(conversation: Conversation, text: str) -> Reply:
    return conversation.turn(Message(text))


def texts(reply: Reply) -> list[str]:
    return [output.text for output in reply.outputs]
