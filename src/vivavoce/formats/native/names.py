"""`{{name}}` in the texts of a case: every name is declared, or captured by an earlier step."""

import re
from collections.abc import Iterable
from typing import Any, Final

from vivavoce.domain.values.expanding import names_in
from vivavoce.formats.native.node import Node
from vivavoce.formats.places import closest

NAME: Final = re.compile(r"(?! )[^{}\n]{1,200}(?<! )")
NAME_HINT: Final = "a name is one line without braces, of at most 200 characters"


def check_names(value: Any, known: Iterable[str], later: Iterable[str], node: Node) -> dict[str, None]:
    """The names in the texts of a value; the unknown ones are problems of `node`.

    `later`: names that this step or a later one captures.
    """
    names, coming = set(known), set(later)
    used = names_in(value)
    for name in used:
        if name in names:
            continue
        if name in coming:
            hint = "it is known from the step after its capture on"
            _place(node, name).problem(f"`{{{{{name}}}}}` is captured only later", hint)
        else:
            _place(node, name).problem(f"unknown name `{{{{{name}}}}}`", _way_out(name, names | coming))
    return used


def _place(node: Node, name: str) -> Node:
    """The text in which a name stands."""
    parts = [node.at(key) for key in node.value] if isinstance(node.value, dict) else []
    if isinstance(node.value, list):
        parts = [node.at(index) for index in range(len(node.value))]
    return next((_place(part, name) for part in parts if name in names_in(part.value)), node)


def _way_out(name: str, names: set[str]) -> str:
    if near := closest(name, sorted(names)):
        return f"did you mean `{{{{{near}}}}}`?"
    return r"declare it under `variables`, or write `\{{` for two braces"
