"""SNIPS (the 2017 benchmark of custom intents): JSON, an intent to a list of texts cut into chunks.

A chunk is a text, and an entity's value where it names one.
"""

from collections.abc import Iterator
from typing import Any

from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.formats.corpora.values import Sample, expectations, list_at, mapping_at, text_at

NAME = "SNIPS"


def reads(document: Any) -> bool:
    """Whether a JSON document is of this format."""
    if not isinstance(document, dict) or not document:
        return False
    first = next(iter(document.values()))
    return isinstance(first, list) and bool(first) and isinstance(first[0], dict) and "data" in first[0]


def samples(document: Any) -> Iterator[Sample]:
    """Raises Malformed."""
    for intent, queries in document.items():
        for number, query in enumerate(list_at(queries, f"$.{intent}")):
            place = f"$.{intent}[{number}]"
            texts: list[str] = []
            entities: list[tuple[str, tuple[str, ...]]] = []
            chunks = list_at(mapping_at(query, place).get("data"), f"{place}.data")
            for at, chunk in enumerate(chunks):
                piece = mapping_at(chunk, f"{place}.data[{at}]")
                text = text_at(piece.get("text"), f"{place}.data[{at}].text")
                texts.append(text)
                if "entity" in piece:
                    entities.append((text_at(piece["entity"], f"{place}.data[{at}].entity"), (text,)))
            utterance = "".join(texts).strip()
            yield Sample(BatchCase(utterance, (intent,), entities=expectations(entities)))
