"""The NLU Evaluation Corpora (Ask Ubuntu, Chatbot, Web Applications): JSON with `sentences`.

A sentence has a text, an intent (`None`: none), a flag `training`, and entities: a name, a text, and the
first and the last of its tokens. The tokens are words and punctuation marks; the entity's own text is what
the bot must find, with the spelling of the sentence where only its blanks differ (`U - Bahn` for `U-Bahn`).
"""

import re
from collections.abc import Iterator
from typing import Any

from vivavoce.domain.batch.names import is_none
from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.formats.corpora.values import Sample, expectations, list_at, mapping_at, text_at, wrong

NAME = "NLU Evaluation Corpora"

_TOKEN = re.compile(r"\w+|[^\w\s]")


def reads(document: Any) -> bool:
    """Whether a JSON document is of this format."""
    return isinstance(document, dict) and isinstance(document.get("sentences"), list)


def samples(document: Any) -> Iterator[Sample]:
    """Raises Malformed."""
    for number, found in enumerate(document["sentences"]):
        place = f"$.sentences[{number}]"
        sentence = mapping_at(found, place)
        text = text_at(sentence.get("text"), f"{place}.text")
        intent = text_at(sentence.get("intent"), f"{place}.intent")
        training = sentence.get("training")
        if not isinstance(training, bool):
            raise wrong(f"{place}.training", "true or false")
        entities = list_at(sentence.get("entities", []), f"{place}.entities")
        case = BatchCase(
            text.strip(),
            () if is_none(intent) else (intent,),
            entities=expectations(
                _entity(text, entity, f"{place}.entities[{at}]") for at, entity in enumerate(entities)
            ),
        )
        yield Sample(case, "training" if training else "test")


def _entity(text: str, found: Any, place: str) -> tuple[str, tuple[str, ...]]:
    entity = mapping_at(found, place)
    name = text_at(entity.get("entity"), f"{place}.entity")
    value = text_at(entity.get("text"), f"{place}.text")
    start, stop = entity.get("start"), entity.get("stop")
    if isinstance(start, int) and isinstance(stop, int) and 0 <= start <= stop:
        tokens = list(_TOKEN.finditer(text))
        if stop < len(tokens):
            spoken = text[tokens[start].start() : tokens[stop].end()]
            if "".join(spoken.split()).casefold() == "".join(value.split()).casefold():
                return name, (spoken,)
    return name, (value,)
