"""Training utterances of a bot: YAML or JSON, intents to lists of utterances."""

from collections.abc import Iterator

import yaml

from vivavoce.domain.errors import Malformed, Problem
from vivavoce.domain.utterance import BatchCase


def read_training(text: str, source: str = "") -> list[BatchCase]:
    """Each utterance with its intent, in file order. Raises Malformed."""
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise Malformed(Problem("this is no YAML", place), source) from error
    if not isinstance(document, dict):
        raise Malformed(Problem("intents with lists of utterances are wanted", "$"), source)
    return list(_cases(document, source))


def _cases(document: dict[object, object], source: str) -> Iterator[BatchCase]:
    for intent, utterances in document.items():
        if not isinstance(utterances, list):
            raise Malformed(Problem("a list of utterances is wanted", f"$.{intent}"), source)
        for position, utterance in enumerate(utterances):
            if not isinstance(utterance, str):
                raise Malformed(Problem("a text is wanted", f"$.{intent}[{position}]"), source)
            yield BatchCase(utterance, (str(intent),))
