"""The assistant's understanding on real data, where it lies beside the checkout."""

import csv
import json
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sklearn.metrics import accuracy_score

from vivavoce.assistant.connector import AssistantClassifier
from vivavoce.assistant.entities import Entity
from vivavoce.assistant.nlu import Nlu
from vivavoce.assistant.reader import read_definition
from vivavoce.domain.batch.utterance import Classification
from vivavoce.engine.ports.bots import Utterance

DATA = Path(__file__).parents[2].parent / "shared" / "data"
TODAY = date(2025, 3, 14)
pytestmark = [pytest.mark.data, pytest.mark.skipif(not DATA.is_dir(), reason="the datasets are not here")]


def banking77(part: str) -> list[tuple[str, str]]:
    with (DATA / "banking77" / f"{part}.csv").open(encoding="utf-8", newline="") as stream:
        return [(row["text"], row["category"]) for row in csv.DictReader(stream)]


async def test_banking77_is_understood_as_well_as_a_plain_text_classifier_does() -> None:
    utterances: dict[str, list[str]] = defaultdict(list)
    for text, intent in banking77("train"):
        utterances[intent].append(text)
    document = {
        "name": "Banking77",
        "nlu": {"threshold": 0},
        "intents": {intent: {"utterances": texts} for intent, texts in utterances.items()},
    }
    definition = read_definition(json.dumps(document), "banking77")  # JSON is YAML too
    classifier = AssistantClassifier(definition.published)
    asked = banking77("test")
    winners: list[str] = []
    for at in range(0, len(asked), classifier.chunk):
        chunk = [Utterance(text, "en") for text, _ in asked[at : at + classifier.chunk]]
        for answer in await classifier.classify(chunk):
            assert isinstance(answer, Classification)
            winners.append(answer.winning[0].name)
    assert 0.89 <= accuracy_score([intent for _, intent in asked], winners) <= 0.915


@pytest.mark.parametrize(
    ("corpus", "accuracy", "recall"),
    [("AskUbuntu", 0.88, 0.95), ("Chatbot", 0.97, 0.95), ("WebApplications", 0.75, 0.85)],
)
def test_nlu_evaluation_corpora_with_entities(corpus: str, accuracy: float, recall: float) -> None:
    """Recall counts values that the training part names: a list finds no others."""
    path = DATA / "nlu-evaluation-corpora" / f"{corpus}Corpus.json"
    sentences: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["sentences"]
    utterances: dict[str, list[str]] = defaultdict(list)
    values: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for sentence in sentences:
        if sentence["training"]:
            utterances[sentence["intent"]].append(sentence["text"])
            for entity in sentence["entities"]:
                values[entity["entity"]][entity["text"]] = ()
    entities = [Entity(name=name, kind="list", values=known) for name, known in values.items()]
    nlu = Nlu.train(utterances, entities=entities)
    right = expected = found = 0
    tests = [sentence for sentence in sentences if not sentence["training"]]
    for sentence in tests:
        understood = nlu.understand(sentence["text"], TODAY)
        right += nlu.labels[int(understood.scores.argmax())] == sentence["intent"]
        mentioned = {(mention.name, mention.value.casefold()) for mention in understood.mentions}
        for entity in sentence["entities"]:
            known = {value.casefold() for value in values.get(entity["entity"], ())}
            if entity["text"].casefold() in known:
                expected += 1
                found += (entity["entity"], entity["text"].casefold()) in mentioned
    assert right / len(tests) >= accuracy
    assert found / expected >= recall
