"""Mappings of assertions that no reply can meet.

Only keys are looked at, as people write them; under `assertions` stands what exports hold, as it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from vivavoce.formats.native.keys import ASSERTIONS
from vivavoce.formats.native.node import Node

NEED_AN_OUTPUT: Final = frozenset(
    "equals one_of contains contains_all matches finds starts_with ends_with number date length json_equals"
    " json_subset json_schema json_path buttons cards refusal language similar judge node transitions"
    " prompt".split()
)
"""Keys that fail where nothing is said; `intent` may be known of the input alone."""

_ONE_OF: Final = frozenset(
    "equals one_of contains matches finds starts_with ends_with language intent node prompt".split()
)
"""Keys that one item of their list is enough for; the others want all that they name."""

_ALL_OF: Final = frozenset("contains_all buttons cards context_present context_absent".split())
_WAY_OUT: Final = "leave out one of them"


@dataclass(frozen=True)
class _Wish:
    """An assertion that must hold, or must not."""

    key: str
    node: Node
    negated: bool


def tell_contradictions(node: Node) -> None:
    """Say of a mapping, whose keys are known to be right, what in it can never hold together."""
    for place, message in contradictions(node):
        place.problem(message, _WAY_OUT)


def contradictions(node: Node) -> Iterator[tuple[Node, str]]:
    """What can never hold together: the later place, and why."""
    silent = _is_silent(node)
    if not silent and not any(key in node for key in ("not", "checks")):
        return
    wishes = list(_wishes(node, negated=False))
    for wish in wishes if silent else ():
        if wish.negated and wish.key == "silence":
            yield wish.node, "`outputs: []` is silence, and `not` excludes it"
        elif not wish.negated and _needs_an_output(wish):
            yield wish.node, f"`{wish.key}` needs something to be said, and `outputs: []` is silence"
    wanted = [wish for wish in wishes if not wish.negated]
    for wish in wishes:
        if wish.negated and any(_exclude(one, wish) for one in wanted):
            yield wish.node, f"`{wish.key}` is expected, and excluded under `not`: no reply can be both"


def _is_silent(node: Node) -> bool:
    return "outputs" in node and node.value["outputs"] == [] and node.value.get("order") != "among"


def _wishes(node: Node, *, negated: bool) -> Iterator[_Wish]:
    """All assertions of a mapping that must hold together; a soft one need not."""
    for key, member in node.members():
        if key in ASSERTIONS or key == "any_of":
            yield _Wish(key, member, negated)
        elif key == "not" and isinstance(member.value, dict):
            yield from _wishes(member, negated=True)
        elif key == "checks" and isinstance(member.value, list):
            for item in member.items():
                if isinstance(item.value, dict) and not item.value.get("soft"):
                    yield from _wishes(item, negated=False)


def _needs_an_output(wish: _Wish) -> bool:
    if wish.key != "any_of":
        return wish.key in NEED_AN_OUTPUT
    groups = wish.node.value if isinstance(wish.node.value, list) else []
    return bool(groups) and all(isinstance(group, dict) and NEED_AN_OUTPUT & set(group) for group in groups)


def _exclude(wanted: _Wish, unwanted: _Wish) -> bool:
    """Whether what is excluded holds wherever the wanted does."""
    keys = {"equals" if wish.key == "one_of" else wish.key for wish in (wanted, unwanted)}
    if len(keys) > 1:
        return False
    if wanted.key in _ONE_OF:
        return _items(wanted.node.value) <= _items(unwanted.node.value)
    if wanted.key in _ALL_OF:
        return _items(unwanted.node.value) <= _items(wanted.node.value)
    return _canonical(wanted.node.value) == _canonical(unwanted.node.value)


def _items(value: Any) -> set[bytes]:
    return {_canonical(item) for item in (value if isinstance(value, list) else [value])}


def _canonical(value: Any) -> bytes:
    return msgspec.json.encode(value, order="sorted")
