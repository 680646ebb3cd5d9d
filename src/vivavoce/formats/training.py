"""Training utterances of a bot: YAML or JSON, intents to lists of utterances.

Where a bot knows traits, too, the intents stand below `intents` and the traits below `traits`; an utterance
with several traits stands in several lists. The intent `None` holds what means nothing to the bot.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from msgspec.structs import replace

from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.domain.errors import Malformed, Problem
from vivavoce.domain.training.values import first_label
from vivavoce.formats.places import Path, did_you_mean
from vivavoce.formats.yaml_text import YamlText

SIZE_LIMIT = 64 * 1024 * 1024  # characters
UTTERANCE_LIMIT = 1_000_000

_SECTIONS: Final = ("intents", "traits")
# What YAML takes for a plain text wherever it stands; anything else is put in quotes.
_PLAIN = re.compile(r"[^\W\d_](?:[^:#\n]|:(?! |$)|(?<! )#)*")
_NO_TEXTS = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))


def is_training(text: str, source: str = "") -> bool:
    """Whether a file holds training utterances, and is no bot file: that has a mapping `connector`, or no
    list at all. Raises Malformed for what is no YAML."""
    value = _document(text, source).value
    if not isinstance(value, dict):
        return False
    if _in_sections(value):
        return value.keys() <= set(_SECTIONS)
    has_lists = any(isinstance(below, list) for below in value.values())
    return has_lists and not isinstance(value.get("connector"), dict)


def read_training(text: str, source: str = "") -> list[BatchCase]:
    """Each utterance with its intent, its traits and its line, in file order; those that have traits alone
    come last. Raises Malformed with every problem."""
    document = _document(text, source)
    value = document.value
    if not isinstance(value, dict):
        raise Malformed(Problem("intents with lists of utterances are wanted", document.place(())), source)
    problems: list[Problem] = []
    if _in_sections(value):
        cases = _with_traits(document, value, problems)
    else:
        cases = [
            BatchCase(text, (intent,), line=line) for intent, text, line in _texts(document, (), problems)
        ]
    if problems:
        raise Malformed(problems, source)
    return cases


def training_file(cases: Iterable[BatchCase]) -> Iterator[str]:
    """Utterances as a training file, line by line: all are held. A case with several intents teaches the
    first; entities and all else are left out."""
    intents: dict[str, dict[str, None]] = {}
    traits: dict[str, dict[str, None]] = {}
    for case in cases:
        if taught_as := first_label(case):
            intents.setdefault(taught_as, {})[case.utterance] = None
        for trait in case.traits:
            traits.setdefault(trait, {})[case.utterance] = None
    if not traits and "intents" not in intents:
        yield from _lists(intents, "")
        return
    for section, lists in zip(_SECTIONS, (intents, traits), strict=True):
        if lists:
            yield f"{section}:\n"
            yield from _lists(lists, "  ")


def _document(text: str, source: str) -> YamlText:
    return YamlText(text, source, core=True, size_limit=SIZE_LIMIT, node_limit=UTTERANCE_LIMIT)


def _in_sections(value: dict[str, Any]) -> bool:
    return any(isinstance(value.get(section), dict) for section in _SECTIONS)


def _with_traits(document: YamlText, value: dict[str, Any], problems: list[Problem]) -> list[BatchCase]:
    for key, below in value.items():
        if key not in _SECTIONS:
            hint = did_you_mean(key, _SECTIONS) or "`intents` and `traits` hold all that is trained"
            problems.append(Problem(f"unknown section {key!r}", document.place((key,)), hint))
        elif below is not None and not isinstance(below, dict):
            message = f"names with lists of utterances are wanted below {key!r}"
            problems.append(Problem(message, document.place((key,))))
    traits: dict[str, dict[str, int]] = {}  # by utterance: each trait with its line
    for trait, text, line in _texts(document, ("traits",), problems):
        traits.setdefault(text, {}).setdefault(trait, line)
    taught = _texts(document, ("intents",), problems)
    cases = [BatchCase(text, (intent,), line=line) for intent, text, line in taught]
    carried = {case.utterance for case in cases if case.utterance in traits}
    cases = [replace(case, traits=tuple(traits.get(case.utterance, ()))) for case in cases]
    return cases + [
        BatchCase(text, traits=tuple(own), line=min(own.values()))
        for text, own in traits.items()
        if text not in carried
    ]


def _texts(document: YamlText, path: Path, problems: list[Problem]) -> Iterator[tuple[str, str, int]]:
    """Each name with each of its utterances and the line of that."""
    lists = document.value
    for key in path:
        lists = lists.get(key)
    for name, utterances in lists.items() if isinstance(lists, dict) else ():
        at: Path = (*path, name)
        if not isinstance(utterances, list):
            problems.append(Problem(f"a list of utterances is wanted below {name!r}", document.place(at)))
            continue
        for position, utterance in enumerate(utterances):
            if isinstance(utterance, str):
                yield name, utterance, document.position((*at, position))[0]
            else:
                place = document.place((*at, position))
                problems.append(Problem(f"a text is wanted below {name!r}", place, "put it in quotes"))


def _lists(lists: dict[str, dict[str, None]], indent: str) -> Iterator[str]:
    for name, utterances in lists.items():
        yield f"{indent}{_scalar(name)}:\n"
        for utterance in utterances:
            yield f"{indent}  - {_scalar(utterance)}\n"


def _scalar(text: str) -> str:
    plain = _PLAIN.fullmatch(text) and text.isprintable() and text == text.strip()
    if plain and text.lower() not in _NO_TEXTS:
        return text
    return "".join(
        character if character.isprintable() else _escaped(character)
        for character in json.dumps(text, ensure_ascii=False)
    )


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
