"""From a bot's answer to a Reply, by the JSONPaths of its `reply` section."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from vivavoce.connectors.jsonpath import Path
from vivavoce.domain.output import EMPTY_METADATA, Fact, Metadata, Output, Reply

OUTPUT_PATHS = (
    "text",
    "intent",
    "intent_id",
    "intent_type",
    "node",
    "node_name",
    "component_type",
    "transitions",
    "prompt",
    "category",
    "faq",
    "smalltalk",
)
"""Relative to an output."""

ANSWER_PATHS = ("outputs", "context", "ended")
"""Relative to the whole answer."""

_FACTS: dict[Fact, tuple[str, ...]] = {
    "intent": ("intent", "intent_id"),
    "node": ("node",),
    "transitions": ("transitions",),
    "prompt": ("prompt",),
    "context": ("context",),
}


class ReplyMapping:
    """Reads replies. `facts` are exactly those for which there is a path."""

    def __init__(self, paths: Mapping[str, str]) -> None:
        """`paths` by the names of interface.md, checked, `outputs` among them. Raises BadPath."""
        self.paths = {name: Path(text) for name, text in paths.items()}
        self.facts: frozenset[Fact] = frozenset(
            fact for fact, names in _FACTS.items() if any(name in self.paths for name in names)
        )
        self._plain_outputs = not self.paths.keys() & set(OUTPUT_PATHS) - {"text"}
        self._plain = self.paths.keys() <= {"outputs", "text"}

    def read(self, answer: Any) -> Reply:
        """What the bot said; no match of `outputs` is silence. Raises JSONPathError, RecursionError."""
        outputs = tuple(self._output(each) for each in self.paths["outputs"].find(answer) if each is not None)
        if self._plain:
            return Reply(outputs)
        context = self._first("context", answer)
        return Reply(
            outputs,
            context=context if isinstance(context, dict) else None,
            intents=_names(
                each.intent for each in outputs if each.metadata.intent_type not in ("faq", "smalltalk")
            ),
            faqs=_names(each.faq for each in outputs),
            smalltalk=_names(each.smalltalk for each in outputs),
            ended=self._says_ended(answer),
        )

    def _output(self, said: Any) -> Output:
        text = self._text(said)
        if self._plain_outputs or not isinstance(said, dict):
            return Output(text)
        name = self._name("intent", said)
        kind = self._name("intent_type", said).lower()
        faq = self._name("faq", said) or (name if kind == "faq" else "")
        smalltalk = self._name("smalltalk", said) or (name if kind == "smalltalk" else "")
        category = self._name("category", said)
        if not kind:
            kind = "faq" if faq and not name else "smalltalk" if smalltalk and not name else ""
        metadata = Metadata(
            node_id=self._name("node", said),
            node_name=self._name("node_name", said),
            component_type=self._name("component_type", said),
            # Many bots know intents by name alone; the flow can then be compared by it.
            intent_id=self._name("intent_id", said) or name,
            intent_type=kind,
            transitions=self._list("transitions", said),
            prompt_type=self._name("prompt", said),
            category=category,
            is_standard_response=bool(category),
        )
        return Output(
            text, metadata or EMPTY_METADATA, intent=name or faq or smalltalk, faq=faq, smalltalk=smalltalk
        )

    def _text(self, said: Any) -> str:
        """A text; what is none, or an object in which `text` finds nothing, is a template as a JSON text."""
        if isinstance(said, str):
            return said
        path = self.paths.get("text")
        found = [each for each in path.find(said) if each is not None] if path else ()
        return "\n".join([as_text(each) for each in found]) if found else as_text(said)

    def _first(self, name: str, value: Any) -> Any:
        path = self.paths.get(name)
        found = path.find(value) if path else ()
        return found[0] if found else None

    def _name(self, name: str, said: Any) -> str:
        found = self._first(name, said)
        return found if isinstance(found, str) else as_text(found)

    def _list(self, name: str, said: Any) -> tuple[Any, ...]:
        """All matches; a single one that is a list stands for its items."""
        path = self.paths.get(name)
        found: Sequence[Any] = path.find(said) if path else ()
        if len(found) == 1 and isinstance(found[0], list):
            found = found[0]
        return tuple(each for each in found if each is not None)

    def _says_ended(self, answer: Any) -> bool:
        found = self._first("ended", answer)
        return (
            found.strip().lower() not in ("", "false", "no", "0") if isinstance(found, str) else bool(found)
        )


def as_text(value: Any) -> str:
    """A JSON value as text: a text as it is, nothing for null, else compact JSON with keys in their order."""
    if isinstance(value, str):
        return value
    return "" if value is None else msgspec.json.encode(value).decode()


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
