"""Reads the dialogs of a definition: nodes, transitions, conditions, and what is said."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from vivavoce.assistant.conditions import OPERATORS, Comparison, Condition, Every, HasTrait, Not, Some
from vivavoce.assistant.definition import END, INTENT_NODE, Dialog, Node, NodeKind, Say
from vivavoce.assistant.definition import Branch as Way
from vivavoce.assistant.speech import placeholders
from vivavoce.assistant.tree import Branch

_KINDS: tuple[NodeKind, ...] = get_args(NodeKind)
NODE_KEYS: dict[str, tuple[str, ...]] = {
    "message": ("text", "set", "next", "ends_session"),
    "entity": ("entity", "variable", "prompt", "error_prompt", "retries", "next", "on_failure"),
    "confirmation": ("prompt", "error_prompt", "retries", "yes", "no", "on_failure"),
    "logic": ("branches", "else"),
}
_NEEDED: dict[str, tuple[str, ...]] = {
    "message": ("text",),
    "entity": ("entity", "prompt"),
    "confirmation": ("prompt", "yes", "no"),
    "logic": ("branches", "else"),
}
MOST_RETRIES = 20


@dataclass(frozen=True)
class Names:
    """What a definition declares, for checking what it refers to."""

    entities: frozenset[str]
    traits: frozenset[str]
    intents: frozenset[str]
    context: frozenset[str]  # context variables
    variables: frozenset[str]  # these, and the variables of entity nodes


def read_says(branch: Branch, names: Names) -> tuple[Say, ...]:
    """One text or template, or a list of them: the declared variations."""
    items = branch.items()
    if not items:
        branch.wrong("something must be said here")
    return tuple(_say(item, names) for item in items)


def _say(branch: Branch, names: Names) -> Say:
    said: Say = branch.value() if branch.is_mapping else branch.text()
    for path in placeholders(said):
        first = path.split(".", 1)[0]
        if first not in names.variables:
            branch.wrong_key(first, names.variables, "variable")
    return said


def read_dialog(key: str, branch: Branch, names: Names) -> Dialog:
    fields = branch.fields("name", "intent", "start", "nodes", needed=("intent", "nodes"))
    intent = fields["intent"].text() if "intent" in fields else ""
    if intent and intent not in names.intents:
        fields["intent"].wrong_key(intent, names.intents, "intent")
    section = fields["nodes"].entries() if "nodes" in fields else {}
    for reserved in (END, INTENT_NODE):
        if reserved in section:
            section[reserved].wrong(f"a node cannot be called {reserved!r}")
    for identifier in section:
        if "." in identifier or not identifier.strip():
            section[identifier].wrong(f"{identifier!r} cannot be a node's id", "no '.', not empty")
    if "nodes" in fields and not section:
        fields["nodes"].wrong("a dialog needs a node")
    reader = _NodeReader(key, section, names)
    nodes = {f"{key}.{identifier}": reader.node(identifier) for identifier in section}
    start = reader.target(fields["start"]) if "start" in fields else next(iter(nodes), "")
    if start == END:
        fields["start"].wrong("a dialog cannot start at its end")
    dialog = Dialog(key, fields["name"].text() if "name" in fields else key, intent, nodes, start)
    _check_walks(dialog, section)
    return dialog


class _NodeReader:
    """Reads the nodes of one dialog."""

    def __init__(self, dialog: str, section: Mapping[str, Branch], names: Names) -> None:
        self._dialog = dialog
        self._section = section
        self._names = names

    def target(self, branch: Branch) -> str:
        name = branch.text()
        if name == END:
            return END
        if name and name not in self._section:
            branch.wrong_key(name, [*self._section, END], "node")
        return f"{self._dialog}.{name}"

    def node(self, key: str) -> Node:
        branch = self._section[key]
        every = dict.fromkeys(name for names in NODE_KEYS.values() for name in names)
        fields = branch.fields("type", "name", *every, needed=("type",))
        kind = fields["type"].one_of(_KINDS) if "type" in fields else ""
        if kind not in _KINDS:
            return Node(id=f"{self._dialog}.{key}", name=key, kind="message")
        for name in fields:
            if name not in ("type", "name", *NODE_KEYS[kind]):
                fields[name].wrong(f"a node of the type {kind!r} has no {name!r}")
        for name in _NEEDED[kind]:
            if name not in fields:
                branch.wrong(f"{name!r} is missing")
        entity = fields["entity"].text() if "entity" in fields else ""
        if entity and entity not in self._names.entities:
            fields["entity"].wrong_key(entity, self._names.entities, "entity")
        return Node(
            id=f"{self._dialog}.{key}",
            name=fields["name"].text() if "name" in fields else key,
            kind=kind,
            says=self._says(fields, "text") or self._says(fields, "prompt"),
            errors=self._says(fields, "error_prompt"),
            entity=entity,
            variable=fields["variable"].text() if "variable" in fields else entity,
            retries=fields["retries"].whole(0, MOST_RETRIES) if "retries" in fields else 2,
            next=self._to(fields, {"confirmation": "yes", "logic": "else"}.get(kind, "next")),
            no=self._to(fields, "no"),
            on_failure=self._to(fields, "on_failure"),
            branches=self._branches(fields["branches"]) if "branches" in fields else (),
            set=self._set(fields["set"]) if "set" in fields else {},
            ends_session=fields["ends_session"].flag() if "ends_session" in fields else False,
        )

    def _says(self, fields: Mapping[str, Branch], key: str) -> tuple[Say, ...]:
        return read_says(fields[key], self._names) if key in fields else ()

    def _to(self, fields: Mapping[str, Branch], key: str) -> str:
        return self.target(fields[key]) if key in fields else END

    def _branches(self, branch: Branch) -> tuple[Way, ...]:
        found: list[Way] = []
        for item in branch.items():
            fields = item.fields("if", "then", needed=("if", "then"))
            if "if" in fields and "then" in fields:
                found.append(Way(self._condition(fields["if"]), self.target(fields["then"])))
        return tuple(found)

    def _set(self, branch: Branch) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in branch.entries().items():
            if name not in self._names.context:
                value.wrong_key(name, self._names.context, "context variable")
            found[name] = value.value()
            for path in placeholders(found[name]):
                if path.split(".", 1)[0] not in self._names.variables:
                    value.wrong_key(path.split(".", 1)[0], self._names.variables, "variable")
        return found

    def _condition(self, branch: Branch) -> Condition:
        fields = branch.fields("all", "any", "not", "trait", "variable", *OPERATORS)
        heads = [key for key in ("all", "any", "not", "trait", "variable") if key in fields]
        operators = [key for key in fields if key in OPERATORS]
        if len(heads) != 1 or len(operators) != (heads == ["variable"]):
            hint = "{variable: amount, above: 100}, {trait: name}, or all, any, not of such"
            branch.wrong("this is no condition", hint)
            return Every(())
        head = fields[heads[0]]
        match heads[0]:
            case "all":
                return Every(tuple(self._condition(item) for item in head.items()))
            case "any":
                return Some(tuple(self._condition(item) for item in head.items()))
            case "not":
                return Not(self._condition(head))
            case "trait":
                if (trait := head.text()) not in self._names.traits:
                    head.wrong_key(trait, self._names.traits, "trait")
                return HasTrait(trait)
            case _:
                return self._comparison(head.text(), head, operators[0], fields[operators[0]])

    def _comparison(self, variable: str, named: Branch, operator: str, written: Branch) -> Comparison:
        known = self._names.variables | self._names.entities  # what the user volunteered counts
        if variable.split(".", 1)[0] not in known:
            named.wrong_key(variable.split(".", 1)[0], known, "variable")
        value = written.value()
        if operator == "in" and not isinstance(value, list):
            written.wrong("'in' needs a list")
            value = []
        if operator == "known" and not isinstance(value, bool):
            written.wrong("'known' is true or false")
        return Comparison(variable, operator, value)


def _check_walks(dialog: Dialog, section: Mapping[str, Branch]) -> None:
    """Name nodes that cannot be reached, and circles in which nobody waits for the user."""
    reached, waiting = set(), [dialog.start]
    while waiting:
        node = waiting.pop()
        if node in dialog.nodes and node not in reached:
            reached.add(node)
            waiting += dialog.nodes[node].targets
    for key, branch in section.items():
        full = f"{dialog.id}.{key}"
        if full not in reached:
            branch.wrong(f"no transition leads to the node {key!r}")
        elif _circles(dialog, full):
            branch.wrong(f"the node {key!r} leads back to itself without asking the user anything")


def _circles(dialog: Dialog, start: str) -> bool:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        node = dialog.nodes.get(waiting.pop())
        if node is None or node.kind not in ("message", "logic") or node.ends_session:
            continue
        for target in node.targets:
            if target == start:
                return True
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return False
