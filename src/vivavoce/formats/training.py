"""Training utterances of a bot: YAML or JSON, intents to lists of utterances."""

from collections.abc import Iterator

from vivavoce.domain.errors import Malformed, Problem
from vivavoce.domain.utterance import BatchCase
from vivavoce.formats.yaml_text import YamlText

SIZE_LIMIT = 64 * 1024 * 1024  # characters
UTTERANCE_LIMIT = 1_000_000


def is_training(text: str, source: str = "") -> bool:
    """Whether a file holds training utterances, and is no bot file: that has a mapping `connector`, or no
    list at all. Raises Malformed for what is no YAML."""
    value = _document(text, source).value
    if not isinstance(value, dict):
        return False
    has_lists = any(isinstance(below, list) for below in value.values())
    return has_lists and not isinstance(value.get("connector"), dict)


def read_training(text: str, source: str = "") -> list[BatchCase]:
    """Each utterance with its intent and its line, in file order. Raises Malformed with every problem."""
    document = _document(text, source)
    if not isinstance(document.value, dict):
        raise Malformed(Problem("intents with lists of utterances are wanted", document.place(())), source)
    problems: list[Problem] = []
    cases = list(_cases(document, document.value, problems))
    if problems:
        raise Malformed(problems, source)
    return cases


def _document(text: str, source: str) -> YamlText:
    return YamlText(text, source, core=True, size_limit=SIZE_LIMIT, node_limit=UTTERANCE_LIMIT)


def _cases(document: YamlText, intents: dict[str, object], problems: list[Problem]) -> Iterator[BatchCase]:
    for intent, utterances in intents.items():
        if not isinstance(utterances, list):
            problems.append(
                Problem(f"a list of utterances is wanted below {intent!r}", document.place((intent,)))
            )
            continue
        for position, utterance in enumerate(utterances):
            path = (intent, position)
            if not isinstance(utterance, str):
                problems.append(
                    Problem(f"a text is wanted below {intent!r}", document.place(path), "put it in quotes")
                )
                continue
            yield BatchCase(utterance, (intent,), line=document.position(path)[0])
