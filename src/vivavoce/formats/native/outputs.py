"""An expected output: a text, or a mapping of assertions.

Of texts, flow and context, the plain cases are the contract's own assertions (testing-api.md 3.3), so that
they are judged and reported as the contract says; all others are assertions of ours beside them.
"""

from typing import Any, Final

import msgspec

from vivavoce.domain.suite import (
    Assertions,
    ContextAssertion,
    ContextEntry,
    ExpectedOutput,
    FlowAssertion,
    FlowEntry,
    TextAssertion,
    TextEntry,
)
from vivavoce.formats.native.asserting import read_assertions
from vivavoce.formats.native.contradictions import tell_contradictions
from vivavoce.formats.native.entries import read_entries
from vivavoce.formats.native.keys import CONTRACT_TEXTS, OUTPUT_KEYS
from vivavoce.formats.native.node import Node
from vivavoce.formats.places import Findings
from vivavoce.formats.shape import fit
from vivavoce.formats.suite_shapes import OutputShape
from vivavoce.formats.suite_steps import output_of

FLOW_KEYS: Final = {
    "intent": "intent_id",
    "node": "node_id",
    "transitions": "transitions",
    "prompt": "prompt_type",
}
_LEVELS: Final = {"text_assertion": "text", "flow_assertion": "flowLevel", "context_assertion": "context"}
EXCLUDED: Final[dict[str, tuple[str, ...]]] = {
    "text_assertion": CONTRACT_TEXTS,
    "flow_assertion": ("flow", *FLOW_KEYS),
    "context_assertion": ("context",),
    "one_of": ("equals",),
}
"""Keys of an output that say the same as others."""

_METADATA_KEYS: Final = tuple(
    field.encode_name
    for field in msgspec.structs.fields(OutputShape)
    if field.name not in ("text", "equals", "contains", "assertions", "text_mismatch", "also")
)


def read_output(node: Node) -> ExpectedOutput | None:
    """None after it has said what is wrong."""
    if node.is_text:
        text = node.text()
        return None if text is None else said(text)
    if not node.mapping(OUTPUT_KEYS, "an output: a text, or a mapping of assertions"):
        return None
    if not node.value:
        node.problem("the output is empty", "write the text that the bot must say")
        return None
    _refuse_two_meanings(node)
    tell_contradictions(node)
    exported = _exported(node)
    taken = {key for key in OUTPUT_KEYS if key in _LEVELS} | {"recorded", "metadata", "flow"}
    accepted = exported.assertions.text
    contract = next((key for key in CONTRACT_TEXTS if key in node), None)
    if contract is not None:
        entries = _entries(contract, node.at(contract))
        accepted = TextAssertion(contains=entries)
        taken.add(contract)
    flow = exported.assertions.flow
    if "flow_assertion" not in node:
        flow = _flow(node, taken)
    context = exported.assertions.context
    if "context" in node:
        taken.add("context")
        context = _context(node.at("context"))
    default = accepted.contains[0].text if accepted.contains else ""
    recorded = node.at("recorded").text() if "recorded" in node else default
    return ExpectedOutput(
        text=recorded or "",
        assertions=Assertions(accepted, flow, context),
        metadata=exported.metadata,
        also=tuple(read_assertions(node, "output", skip=taken)),
    )


def said(text: str) -> ExpectedOutput:
    """Exactly this text."""
    return ExpectedOutput(text, Assertions(TextAssertion(contains=(TextEntry(text),))))


def _refuse_two_meanings(node: Node) -> None:
    for key, others in EXCLUDED.items():
        for other in others:
            if key in node and other in node:
                node.at(key).problem(
                    f"`{key}` and `{other}` say the same thing twice", "leave out one of them"
                )


def _entries(key: str, node: Node) -> tuple[TextEntry, ...]:
    if key in ("equals", "one_of"):
        return read_entries(node) or ()
    texts = node.texts() or []
    for text in texts:
        if not text.strip():
            node.problem(f"`{key}`: an empty text stands in every reply")
    if not texts:
        node.problem(f"`{key}`: the list is empty: nothing would match")
    if key == "contains":
        return tuple(TextEntry(text, "contains") for text in texts)
    return (TextEntry("\n".join(texts), "allOf", tuple(texts)),) if texts else ()


def _flow(node: Node, taken: set[str]) -> FlowAssertion:
    stated = node.at("flow").flag() if "flow" in node else None
    fields: dict[str, Any] = {}
    for key, name in FLOW_KEYS.items():
        member = node.get(key)
        if member is None:
            continue
        if key == "transitions":
            found: Any = tuple(member.json() or ()) if member.items() else None
        elif isinstance(member.value, list):
            continue  # several may be right: an assertion of ours
        else:
            found = member.text()
        if not found:
            member.problem(f"`{key}` is empty: it would not be compared")
        taken.add(key)
        fields[name] = found
    if not fields:
        return FlowAssertion(stated)
    if stated is False:
        node.at("flow").problem("`flow: false`, and a place in the flow is expected", "leave out one of them")
    return FlowAssertion(True, (FlowEntry(**fields),))


def _context(node: Node) -> ContextAssertion:
    if not node.mapping():
        return ContextAssertion()
    if not node.value:
        node.problem("the mapping is empty: every reply would do")
    values = node.json() or {}
    for key in values:
        if not key.strip():
            node.problem("the key is empty")
    return ContextAssertion(True, tuple(ContextEntry(key, value) for key, value in values.items()))


def _exported(node: Node) -> ExpectedOutput:
    """What stands there in the form of exports: the assertions' and the metadata's wire objects."""
    levels = {level: node.value[key] for key, level in _LEVELS.items() if key in node}
    if not levels and "metadata" not in node:
        return ExpectedOutput("", Assertions())
    document: dict[str, Any] = {}
    if "metadata" in node and node.at("metadata").mapping():
        for key, member in node.at("metadata").members():
            if key in _METADATA_KEYS:
                document[key] = member.value
            else:
                member.unknown(_METADATA_KEYS)
    findings = _Exported(node)
    read = output_of(
        msgspec.convert(_fitted({**document, "text": "", "assertions": levels}, findings), OutputShape),
        (),
        findings,
    )
    return read if "text_assertion" in node else _without_text(read)


def _fitted(document: dict[str, Any], findings: "_Exported") -> Any:
    fitted = fit(document, OutputShape, (), findings)
    return fitted if not findings.told else {"text": "", "assertions": {}}


def _without_text(output: ExpectedOutput) -> ExpectedOutput:
    assertions = msgspec.structs.replace(output.assertions, text=TextAssertion())
    return msgspec.structs.replace(output, assertions=assertions)


class _Exported(Findings):
    """Findings of the readers of exports, at the places of a native file."""

    def __init__(self, node: Node) -> None:
        super().__init__()
        self._node = node
        self.told = False

    def problem(self, path: tuple[str | int, ...], message: str, hint: str = "") -> None:
        self.told = True
        self._place(path).problem(message, hint)

    def unknown_key(self, path: tuple[str | int, ...], known: Any) -> None:
        self.told = True
        self._place(path).unknown(tuple(known))

    def warn(self, path: tuple[str | int, ...], message: str) -> None:
        self._place(path).warn(message)

    def _place(self, path: tuple[str | int, ...]) -> Node:
        """From a path in the wire's output to the native one."""
        names = {level: key for key, level in _LEVELS.items()}
        if path[:1] == ("assertions",):
            path = (names.get(str(path[1]), ""), *path[2:]) if len(path) > 1 else ()
        elif path:
            path = ("metadata", *path)
        return Node(None, (*self._node.path, *path), self._node.source)
