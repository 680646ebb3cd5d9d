"""The assistant as a bot: connector, classifier, settings, training utterances."""

import asyncio
from datetime import date
from pathlib import Path

import pytest

from tests.unit.assistant.tools import SMALL, small_bot
from vivavoce.assistant.connector import (
    AssistantClassifier,
    AssistantConnector,
    assistant_classifier,
    assistant_connector,
    load_definition,
    training_utterances,
)
from vivavoce.assistant.reader import read_definition
from vivavoce.domain.batch.utterance import BatchCase, Classification
from vivavoce.domain.errors import Malformed
from vivavoce.engine.ports.bots import Message, Opening, Utterance


async def test_conversations_go_side_by_side() -> None:
    connector = AssistantConnector(small_bot().in_development)
    assert connector.facts == {"intent", "node", "transitions", "prompt", "context", "entities"}

    async def play(number: int) -> list[str]:
        session = await connector.open(Opening(f"c-{number}", "en"))
        said = []
        for text in ("order tea please", "green", str(number), "yes"):
            reply = await session.send(Message(text))
            said.append(reply.outputs[-1].text)
            await asyncio.sleep(0)
        await session.close()
        return said

    played = await asyncio.gather(*(play(number) for number in range(1, 6)))
    assert [said[-1] for said in played] == [f"Here you are, {number} green tea." for number in range(1, 6)]
    await connector.aclose()


async def test_relative_dates_count_from_the_day_handed_in() -> None:
    edition = read_definition(SMALL.replace("today: 2025-03-14\n", ""), "x").in_development
    classifier = AssistantClassifier(edition, today=lambda: date(2030, 1, 1))
    (answer,) = await classifier.classify([Utterance("tomorrow", "en")])
    assert isinstance(answer, Classification)
    assert [entity.value for entity in answer.entities] == ["2030-01-02"]
    fixed = AssistantClassifier(small_bot().in_development, today=lambda: date(2030, 1, 1))
    (answer,) = await fixed.classify([Utterance("tomorrow", "en")])
    assert isinstance(answer, Classification)
    assert [entity.value for entity in answer.entities] == ["2025-03-15"]


async def test_the_classifier_answers_in_order_and_keeps_the_loop_free() -> None:
    classifier = AssistantClassifier(small_bot().in_development)
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0)

    ticking = asyncio.create_task(tick())
    asked = [
        Utterance("order tea please" if at % 2 else "any gossip", "en") for at in range(classifier.chunk)
    ]
    answers = await classifier.classify(asked)
    ticking.cancel()
    assert ticks > 1
    names = [answer.winning[0].name for answer in answers if isinstance(answer, Classification)]
    assert names == ["Order tea" if at % 2 else "gossip" for at in range(classifier.chunk)]
    assert await classifier.classify([]) == []


def test_settings_name_the_bank_or_a_file(tmp_path: Path) -> None:
    path = tmp_path / "tea.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.encode())
    assert load_definition({"type": "assistant", "definition": str(path)}).name == "Tea shop"
    assert load_definition({"type": "assistant"}).name == "Riverbank assistant"


@pytest.mark.parametrize("setting", ["definition", "training"])
def test_a_file_is_read_again_only_when_it_says_something_else(tmp_path: Path, setting: str) -> None:
    """Starting a run asks several times, which for a large assistant must not take as many times as long."""
    path = tmp_path / "bot.yaml"
    texts = {
        "definition": "name: Tea\nintents:\n  Order: {utterances: [a cup of tea, some tea]}\n",
        "training": "Order: [a cup of tea, some tea]\n",
    }
    path.write_text(texts[setting])
    once = load_definition({setting: str(path)})
    assert load_definition({setting: str(path)}) is once
    path.write_text(texts[setting].replace("Order", "Bring"))
    intents = load_definition({setting: str(path)}).published.intents
    assert [intent.lower() for intent in intents] == ["bring"]
    assert assistant_connector({"type": "assistant", "definition": "bank"}, "published").facts
    assert assistant_classifier({"type": "assistant", "definition": "bank"}, "published").chunk > 1


def test_wrong_settings_are_told(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"name: \xe9")
    broken = tmp_path / "broken.yaml"
    broken.write_text("name: x\nintent: {}\n", encoding="utf-8")
    for settings, message in [
        ({"definition": "no/such.yaml"}, "cannot be read"),
        ({"definition": "a\x00b"}, "cannot be read"),
        ({"definition": str(tmp_path)}, "cannot be read"),
        ({"definition": 3}, "must be 'bank' or the path"),
        ({"definitions": "bank"}, "did you mean 'definition'"),
        ({"definition": str(latin)}, "line 1, column 7: not UTF-8: byte 6"),
        ({"definition": str(broken)}, "line 2, column 1: unknown key 'intent' (did you mean 'intents'?)"),
    ]:
        with pytest.raises(Malformed) as caught:
            load_definition(settings)
        assert message in str(caught.value)


def test_training_utterances_are_batch_cases() -> None:
    cases = list(training_utterances(small_bot()))
    assert BatchCase("I want to order tea", intents=("Order tea",)) in cases
    assert BatchCase("why do you ask me this", intents=("reason",), parent_intents=("returns",)) in cases
    assert BatchCase("opening times", intents=("When do you open?",)) in cases
    assert len(cases) == 5 + 3 + 3 + 3 + 3
    assert len(list(training_utterances(small_bot(), "published"))) == len(cases) - 3
