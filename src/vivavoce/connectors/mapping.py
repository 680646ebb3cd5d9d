"""From a bot's answer to a Reply, by the JSONPaths of its `reply` section."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from vivavoce.connectors.agent_mapping import FACTS as AGENT_FACTS
from vivavoce.connectors.agent_mapping import AgentMapping
from vivavoce.connectors.jsonpath import Path
from vivavoce.domain.output import Fact, Metadata, Output, Reply
from vivavoce.formats.bot_keys import OUTPUT_PATHS

_FACTS: dict[Fact, tuple[str, ...]] = {
    "intent": ("intent", "intent_id"),
    "node": ("node",),
    "category": ("category",),
    "transitions": ("transitions",),
    "prompt": ("prompt",),
    "context": ("context",),
    **AGENT_FACTS,
}


_METADATA_FIELDS = {
    "node": "node_id",
    "node_name": "node_name",
    "component_type": "component_type",
    "prompt": "prompt_type",
    "category": "category",
}


class ReplyMapping:
    """Reads replies. `facts` are exactly those for which there is a path."""

    def __init__(self, paths: Mapping[str, str]) -> None:
        """`paths` by the names of interface.md, checked, `outputs` among them. Raises BadPath."""
        self.paths = {name: Path(text) for name, text in paths.items()}
        self.facts: frozenset[Fact] = frozenset(
            fact for fact, names in _FACTS.items() if any(name in self.paths for name in names)
        )
        # This runs for every turn: only what there is a path for is looked at.
        self._plain_outputs = not self.paths.keys() & set(OUTPUT_PATHS) - {"text"}
        self._plain = self.paths.keys() <= {"outputs", "text"}
        self._fields = [(field, name) for name, field in _METADATA_FIELDS.items() if name in self.paths]
        self._tells_kinds = bool(self.paths.keys() & {"intent_id", "intent_type", "faq", "smalltalk"})
        self._tells_intents = self._tells_kinds or "intent" in self.paths
        agent = self.facts & AGENT_FACTS.keys()
        self._agent = AgentMapping(self.paths) if agent else None

    def read(self, answer: Any) -> Reply:
        """What the bot said; no match of `outputs` is silence. Raises JSONPathError, RecursionError."""
        outputs = tuple(
            [self._output(each) for each in self.paths["outputs"].find(answer) if each is not None]
        )
        if self._plain:
            return Reply(outputs)
        context: Any = self._first("context", answer)
        if not isinstance(context, dict):
            context = None
        ended = self._says_ended(answer)
        if not self._tells_intents:
            reply = Reply(outputs, context=context, ended=ended)
        else:
            reply = reply_of(outputs, context, ended)
        return msgspec.structs.replace(reply, **self._agent.read(answer)) if self._agent else reply

    def _output(self, said: Any) -> Output:
        text = self._text(said)
        if self._plain_outputs or not isinstance(said, dict):
            return Output(text)
        fields: dict[str, Any] = {field: self._name(name, said) for field, name in self._fields}
        if fields.get("category"):
            fields["is_standard_response"] = True
        if "transitions" in self.paths:
            fields["transitions"] = self._list("transitions", said)
        if not self._tells_intents:
            return Output(text, Metadata(**fields))
        name = self._name("intent", said)
        # Many bots know intents by name alone; the flow is then compared by it.
        if not self._tells_kinds:
            return Output(text, Metadata(intent_id=name, **fields), intent=name)
        kind = self._name("intent_type", said).lower()
        faq = self._name("faq", said) or (name if kind == "faq" else "")
        smalltalk = self._name("smalltalk", said) or (name if kind == "smalltalk" else "")
        if not kind and not name:
            kind = "faq" if faq else "smalltalk" if smalltalk else ""
        intent_id = self._name("intent_id", said) or name
        metadata = Metadata(intent_id=intent_id, intent_type=kind, **fields)
        return Output(text, metadata, intent=name or faq or smalltalk, faq=faq, smalltalk=smalltalk)

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
        return as_text(self._first(name, said))

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


def reply_of(outputs: tuple[Output, ...], context: dict[str, Any] | None, ended: bool) -> Reply:
    """A reply of these outputs, the names that they matched gathered from them."""
    intents: dict[str, None] = {}  # as ordered sets
    faqs: dict[str, None] = {}
    smalltalk: dict[str, None] = {}
    for each in outputs:
        if each.intent and each.intent not in (each.faq, each.smalltalk):
            intents[each.intent] = None
        if each.faq:
            faqs[each.faq] = None
        if each.smalltalk:
            smalltalk[each.smalltalk] = None
    return Reply(
        outputs,
        context=context,
        intents=tuple(intents),
        faqs=tuple(faqs),
        smalltalk=tuple(smalltalk),
        ended=ended,
    )


def as_text(value: Any) -> str:
    """A JSON value as text: a text as it is, nothing for null, else compact JSON with keys in their order."""
    if isinstance(value, str):
        return value
    return "" if value is None else msgspec.json.encode(value).decode()
