"""An assistant out of training utterances alone: it classifies, and answers with what it heard by name."""

from collections.abc import Iterable

from msgspec.structs import replace

from vivavoce.assistant.definition import Definition, Dialog, Edition, Intent, NluSettings, Node
from vivavoce.domain.batch.names import fold, is_none
from vivavoce.domain.batch.utterance import BatchCase


def trained_definition(cases: Iterable[BatchCase], name: str) -> Definition:
    """A definition of intents and traits, each intent with a dialog that says its name; both versions alike.

    An utterance of several intents teaches the first; one of none is out of scope. Where none of them means
    nothing there is nothing to reject: the best intent wins, however sure it is.
    """
    names: dict[str, str] = {}
    utterances: dict[str, list[str]] = {}
    traits: dict[str, list[str]] = {}
    out_of_scope: list[str] = []
    for case in cases:
        for trait in case.traits:
            traits.setdefault(trait, []).append(case.utterance)
        intent = next((named for named in case.intents if not is_none(named)), None)
        if intent is not None:
            key = fold(intent)
            names.setdefault(key, intent)
            utterances.setdefault(key, []).append(case.utterance)
        elif case.intents or not case.traits:
            out_of_scope.append(case.utterance)
    nlu = NluSettings(out_of_scope=tuple(out_of_scope))
    edition = Edition(
        name=name,
        version="inDevelopment",
        nlu=nlu if out_of_scope else replace(nlu, threshold=0.0),
        traits={trait: tuple(texts) for trait, texts in traits.items()},
        intents={key: Intent(key, named, tuple(utterances[key])) for key, named in names.items()},
        dialogs={key: _saying(key, named) for key, named in names.items()},
    )
    return Definition(name, replace(edition, version="published"), edition)


def _saying(key: str, name: str) -> Dialog:
    """A dialog that says the intent's name and is over."""
    text = name.replace("{", "{{").replace("}", "}}")
    node = Node(id=f"{key}.answer", name="answer", kind="message", says=(text,))
    return Dialog(key, name, key, {node.id: node}, node.id)
