"""What the test bots say: a small stateful dialog and a keyword classifier, apart from any protocol."""

import re
from dataclasses import dataclass, field
from typing import Any

EVENTS = {"Start_Flow", "ON_CONNECT"}


@dataclass
class Memory:
    """What the bot remembers of one conversation."""

    turns: int = 0
    name: str = ""
    context: dict[str, Any] = field(default_factory=dict)


def answer(memory: Memory, text: str, event: str = "") -> dict[str, Any]:
    """The bot's whole answer to one turn, in the shape that interface.md's sample mapping reads."""
    memory.turns += 1
    intent, outputs = _speak(memory, text, event)
    node = intent or "fallback"
    return {
        "messages": [
            _output(output, intent, f"{node}-{place}", memory)
            for place, output in enumerate(outputs, start=1)
        ],
        "context": {**memory.context, "turns": memory.turns, "name": memory.name},
        "ended": intent == "goodbye",
        **_agent(text),
    }


def _speak(memory: Memory, text: str, event: str) -> tuple[str, list[Any]]:
    said = text.strip().casefold()
    if event in EVENTS:
        return "welcome", ["Welcome to the test bot."]
    if met := re.fullmatch(r"my name is (.+)", text.strip(), re.IGNORECASE):
        memory.name = met[1]
        return "introduce", [f"Nice to meet you, {memory.name}."]
    match said:
        case "hello":
            return "greeting", ["Hello!"]
        case "count":
            return "count", [str(memory.turns)]
        case "who am i":
            return "recall", [f"You are {memory.name}." if memory.name else "I do not know you."]
        case "two things":
            return "two", ["First.", "Second."]
        case "card":
            return "card", [_CARD]
        case "silence":
            return "silence", []
        case "bye":
            return "goodbye", ["Goodbye."]
    return "", [f"You said: {text}"]


def _agent(text: str) -> dict[str, Any]:
    """What an agent would tell besides: only of a turn in which it looked something up."""
    met = re.fullmatch(r"weather in (\w+)", text.strip(), re.IGNORECASE)
    if not met:
        return {}
    call = {"function": {"name": "get_weather", "arguments": f'{{"city": "{met[1]}", "days": 1}}'}}
    return {
        "entities": [{"name": "city", "value": met[1]}],
        "tool_calls": [{"function": {"name": "geocode", "arguments": "{}"}}, call],
        "usage": {"prompt_tokens": 120, "completion_tokens": 30, "cost": 0.002},
    }


_CARD = {
    "type": "template",
    "payload": {
        "template_type": "quick_replies",
        "text": "Choose:",
        "quick_replies": [{"title": "Yes", "payload": "y"}, {"title": "No", "payload": "n"}],
    },
}


def _output(said: Any, intent: str, node: str, memory: Memory) -> dict[str, Any]:
    facts = {"intent": intent, "node": node, "transitions": [f"turn-{memory.turns}"], "prompt": "userPrompt"}
    return {"text": said, **facts} if isinstance(said, str) else {**said, **facts}


_KEYWORDS = {"balance": "check_balance", "transfer": "transfer_money", "card": "lost_card"}


def classify(text: str) -> dict[str, Any]:
    """What the keyword classifier recognises: candidates best first, amounts, traits; `fallback` for none."""
    words = set(re.findall(r"\w+", text.casefold()))
    names = [intent for word, intent in _KEYWORDS.items() if word in words] or ["fallback"]
    return {
        "intents": [
            {"name": name, "confidence": round(0.9 - 0.2 * rank, 2)} for rank, name in enumerate(names)
        ],
        "entities": [
            {"name": "amount", "value": {"code": code, "amount": int(number)}}
            for number, code in re.findall(r"(\d+) (EUR|USD)", text)
        ],
        "traits": ["angry"] if "!" in text else [],
    }
