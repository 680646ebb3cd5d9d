"""An assistant out of training utterances alone: it classifies, and answers with what it heard by name."""

from collections.abc import Iterable

from msgspec.structs import replace

from vivavoce.assistant.definition import Definition, Dialog, Edition, Intent, NluSettings, Node
from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.domain.training.lessons import lessons


def trained_definition(cases: Iterable[BatchCase], name: str) -> Definition:
    """A definition of intents and traits, each intent with a dialog that says its name; both versions alike.

    An utterance of several intents teaches the first; one of none is out of scope. Where none of them means
    nothing there is nothing to reject: the best intent wins, however sure it is.
    """
    told = lessons(cases)
    nlu = NluSettings(out_of_scope=tuple(told.out_of_scope))
    edition = Edition(
        name=name,
        version="inDevelopment",
        nlu=nlu if told.out_of_scope else replace(nlu, threshold=0.0),
        traits={trait: tuple(texts) for trait, texts in told.traits.items()},
        intents={key: Intent(key, named, tuple(told.utterances[key])) for key, named in told.names.items()},
        dialogs={key: _saying(key, named) for key, named in told.names.items()},
    )
    return Definition(name, replace(edition, version="published"), edition)


def _saying(key: str, name: str) -> Dialog:
    """A dialog that says the intent's name and is over."""
    text = name.replace("{", "{{").replace("}", "}}")
    node = Node(id=f"{key}.answer", name="answer", kind="message", says=(text,))
    return Dialog(key, name, key, {node.id: node}, node.id)
