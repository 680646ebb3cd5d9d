"""Mappings of assertions of our own: their keys read into assertions, in order."""

import re
from collections.abc import Collection, Iterator
from typing import Any

import msgspec

from vivavoce.domain.assertions.base import Assertion
from vivavoce.domain.assertions.kinds import AnyAssertion
from vivavoce.formats.native.contradictions import tell_contradictions
from vivavoce.formats.native.keys import ASSERTIONS, CHECK, CHECK_KEYS, GROUPS, Scope
from vivavoce.formats.native.node import Node

Flags = dict[str, Any]
"""What the surroundings say of an assertion: `negated`, `soft`, `weight`."""

_PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}")


def read_assertions(
    node: Node, scope: Scope, flags: Flags | None = None, skip: Collection[str] = ()
) -> Iterator[AnyAssertion]:
    """The assertions of a mapping whose keys are known to be right, but those under `skip`."""
    flags = flags or {}
    for key, member in node.members():
        if key in skip:
            continue
        if key in ASSERTIONS:
            yield from _assertion(key, member, scope, flags)
        elif key == "any_of":
            yield from _any_of(member, scope, flags)
        elif key == "not":
            yield from _negated(member, scope, flags)
        elif key == "checks":
            if member.value == []:
                member.problem("the list is empty: nothing is asserted")
            for item in member.items("a list of mappings of assertions"):
                yield from _check(item, scope, flags)
        elif key == "assertions":
            for item in member.items("a list of assertions as exports have them"):
                yield from _as_exported(item)


def _assertion(key: str, node: Node, scope: Scope, flags: Flags) -> Iterator[AnyAssertion]:
    known = ASSERTIONS[key]
    if known.reply_only and scope == "output":
        node.problem(
            f"`{key}` is about the whole reply, not about one output",
            "put it beside `outputs`, in the mapping under `expect`",
        )
        return
    fields = known.form.read(node)
    if fields is not None:
        yield from _built({"kind": known.kind, **fields, **flags}, node)


def _any_of(node: Node, scope: Scope, flags: Flags) -> Iterator[AnyAssertion]:
    groups = []
    for item in node.items("a list of mappings of assertions"):
        if item.mapping((*ASSERTIONS, *GROUPS)):
            group = tuple(read_assertions(item, scope))
            if not item.value:
                item.problem("the group is empty: every reply would do")
            tell_contradictions(item)
            groups.append(group)
    if isinstance(node.value, list) and not node.value:
        node.problem("the list is empty: nothing would match")
    if groups and all(groups):
        yield from _built({"kind": "anyOf", "groups": msgspec.to_builtins(groups), **flags}, node)


def _negated(node: Node, scope: Scope, flags: Flags) -> Iterator[AnyAssertion]:
    if flags.get("negated"):
        node.problem("`not` in `not` says nothing", "leave both out")
    elif node.mapping((*ASSERTIONS, "any_of")):
        if not node.value:
            node.problem("the mapping is empty")
        yield from read_assertions(node, scope, {**flags, "negated": True})


def _check(node: Node, scope: Scope, flags: Flags) -> Iterator[AnyAssertion]:
    if not node.mapping(CHECK_KEYS):
        return
    own: Flags = dict(flags)
    if "weight" in node:
        weight = node.at("weight").number()
        if weight is not None and weight <= 0:
            node.at("weight").problem(f"must be over 0, not {weight:g}")
        own["weight"] = weight if weight and weight > 0 else 1.0
    if "soft" in node:
        own["soft"] = bool(node.at("soft").flag())
    if not set(node.value) - set(CHECK):
        node.problem("nothing is asserted here")
    yield from read_assertions(node, scope, own, skip=CHECK)


def _as_exported(node: Node) -> Iterator[AnyAssertion]:
    if node.mapping():
        yield from _built(node.json(), node)


def _built(wire: dict[str, Any], node: Node) -> Iterator[AnyAssertion]:
    try:
        assertion = msgspec.convert(wire, AnyAssertion)
    except msgspec.ValidationError as error:
        node.problem(f"this is no assertion: {error}")
        return
    for problem in assertion.problems() if not _open(wire) else _problems_of_patterns(assertion):
        node.problem(
            f"`{node.path[-1]}`: {problem}" if node.path and isinstance(node.path[-1], str) else problem
        )
    yield assertion


def _open(wire: Any) -> bool:
    """Whether some text of it is known only when the step is played."""
    return b"{{" in msgspec.json.encode(wire) or b"${VIVA_BOT_" in msgspec.json.encode(wire)


def _problems_of_patterns(assertion: Assertion) -> list[str]:
    """What is wrong with an expression whatever its placeholders will stand for."""
    patterns = getattr(assertion, "patterns", None)
    if patterns is None:
        return []
    filled = tuple(_PLACEHOLDER.sub("x", pattern) for pattern in patterns)
    return msgspec.structs.replace(assertion, patterns=filled).problems()
