"""A YAML file as a tree that is read strictly: every mistake is collected with its line and column."""

import difflib
import math
from collections.abc import Collection, Mapping
from typing import Any

import yaml

from vivavoce.domain.errors import Malformed, Problem

DEEPEST = 60  # levels
LARGEST = 32 * 1024 * 1024  # code points
MOST_NODES = 2_000_000  # with aliases spelled out

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Branch:
    """One node of the tree. The readers of wrong content note a problem and return something harmless."""

    def __init__(self, node: yaml.Node, problems: list[Problem]) -> None:
        self.node = node
        self.problems = problems

    @property
    def place(self) -> str:
        return place_of(self.node)

    def wrong(self, message: str, hint: str = "") -> None:
        problem = Problem(message, self.place, hint)
        if problem not in self.problems:
            self.problems.append(problem)

    def wrong_key(self, key: str, known: Collection[str], what: str = "key") -> None:
        self.wrong(f"unknown {what} {key!r}", closest(key, known))

    @property
    def is_mapping(self) -> bool:
        return isinstance(self.node, yaml.MappingNode)

    @property
    def is_list(self) -> bool:
        return isinstance(self.node, yaml.SequenceNode)

    @property
    def is_null(self) -> bool:
        return isinstance(self.node, yaml.ScalarNode) and self.node.tag.endswith(":null")

    def entries(self) -> dict[str, "Branch"]:
        """A mapping with free keys, in order; an absent value stays a null branch."""
        if self.is_null:
            return {}
        if not isinstance(self.node, yaml.MappingNode):
            self.wrong(f"a mapping is needed here, not {_kind(self.node)}")
            return {}
        found: dict[str, Branch] = {}
        for key, value in self.node.value:
            branch = Branch(key, self.problems)
            if not isinstance(key, yaml.ScalarNode):
                branch.wrong("a key must be a text")
            elif key.value in found:
                branch.wrong(f"{key.value!r} stands twice")
            else:
                found[key.value] = Branch(value, self.problems)
        return found

    def fields(self, *known: str, needed: Collection[str] = ()) -> dict[str, "Branch"]:
        """A mapping with fixed keys. Keys without a value count as absent."""
        found = self.entries()
        if isinstance(self.node, yaml.MappingNode):
            for key, _ in self.node.value:
                if isinstance(key, yaml.ScalarNode) and key.value not in known:
                    Branch(key, self.problems).wrong_key(key.value, known)
            present = {key for key, branch in found.items() if not branch.is_null}
            for missing in needed:
                if missing not in present:
                    self.wrong(f"{missing!r} is missing")
        return {key: branch for key, branch in found.items() if key in known and not branch.is_null}

    def items(self) -> list["Branch"]:
        """A list; a single value counts as a list of one."""
        if self.is_null:
            return []
        if isinstance(self.node, yaml.SequenceNode):
            return [Branch(item, self.problems) for item in self.node.value]
        return [self]

    def text(self) -> str:
        """Any scalar, as it was written: `yes` and `12.50` are texts here."""
        if isinstance(self.node, yaml.ScalarNode) and not self.is_null:
            if not self.node.value.strip():
                self.wrong("the text is empty")
            return str(self.node.value)
        self.wrong(f"a text is needed here, not {_kind(self.node)}")
        return ""

    def texts(self) -> tuple[str, ...]:
        return tuple(item.text() for item in self.items())

    def number(self, low: float, high: float) -> float:
        value = self.value()
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            self.wrong(f"a number from {low:g} to {high:g} is needed here")
            return low
        return value

    def whole(self, low: int, high: int) -> int:
        value = self.number(low, high)
        if value != int(value):
            self.wrong("a whole number is needed here")
        return int(value)

    def flag(self) -> bool:
        value = self.value()
        if not isinstance(value, bool):
            self.wrong("true or false is needed here")
        return value is True

    def one_of(self, known: Collection[str]) -> str:
        value = self.text()
        if value not in known:
            self.wrong_key(value, known, "value")
        return value

    def value(self) -> Any:
        """Plain JSON data; dates stay texts."""
        if isinstance(self.node, yaml.MappingNode):
            return {key: branch.value() for key, branch in self.entries().items()}
        if isinstance(self.node, yaml.SequenceNode):
            return [branch.value() for branch in self.items()]
        tag = self.node.tag.rpartition(":")[2]
        if tag in ("null", "bool", "int", "float"):
            try:
                value = yaml.SafeLoader("").construct_object(self.node)
            except (ValueError, yaml.YAMLError):
                value = math.nan
            if isinstance(value, float) and not math.isfinite(value):
                self.wrong(f"{self.node.value!r} is no value that JSON knows")
                return None
            return value
        return self.node.value


def place_of(node: yaml.Node) -> str:
    return _place(node.start_mark)


def _place(mark: Any) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""


def closest(name: str, known: Collection[str]) -> str:
    """A hint with the valid name that was probably meant, or with all of a few."""
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"known: {', '.join(sorted(known))}" if 0 < len(known) <= 24 else ""


def parse(text: str, source: str) -> yaml.MappingNode:
    """The tree of one YAML document that holds a mapping. Raises Malformed."""
    if len(text) > LARGEST:
        raise Malformed(Problem(f"larger than {LARGEST:,} characters"), source)
    try:
        text = text.removeprefix("\ufeff")
        _check_depth(text, source)  # before the parser builds a tree, which it does by recursion
        loader = _Loader(text)
        try:
            root = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        place = _place(error.problem_mark or error.context_mark)
        raise Malformed(Problem(error.problem or "this is not YAML", place), source) from error
    except yaml.YAMLError as error:
        raise Malformed(Problem(f"this is not YAML: {str(error).splitlines()[0]}"), source) from error
    if not isinstance(root, yaml.MappingNode):
        raise Malformed(Problem("the file must hold a mapping", "line 1, column 1"), source)
    _check_size(root, source)
    return root


def overlay(base: yaml.Node, over: yaml.Node) -> yaml.Node:
    """`base` with `over` laid on top: mappings merged at every depth, anything else replaced, and a null
    takes its key away. Nodes keep their marks, so that problems point into the right part of the file."""
    if not (isinstance(base, yaml.MappingNode) and isinstance(over, yaml.MappingNode)):
        return over
    changes = {key.value: (key, value) for key, value in over.value if isinstance(key, yaml.ScalarNode)}
    merged = []
    for key, value in base.value:
        change = changes.pop(key.value, None) if isinstance(key, yaml.ScalarNode) else None
        if change is None:
            merged.append((key, value))
        elif not _is_null(change[1]):
            merged.append((change[0], overlay(value, change[1])))
    merged += [pair for pair in changes.values() if not _is_null(pair[1])]
    return yaml.MappingNode(base.tag, merged, base.start_mark, base.end_mark)


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null")


def _check_depth(text: str, source: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise Malformed(Problem("nested too deeply", _place(event.start_mark)), source)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _check_size(root: yaml.Node, source: str) -> None:
    """Refuse what aliases let grow without end: an anchor inside itself, and aliases of aliases."""
    seen, waiting = 0, [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        seen += 1
        if depth > DEEPEST:
            raise Malformed(Problem("nested too deeply", place_of(node)), source)
        if seen > MOST_NODES:
            raise Malformed(Problem("too many values, aliases counted", place_of(node)), source)
        if isinstance(node, yaml.MappingNode):
            waiting += [(child, depth + 1) for pair in node.value for child in pair]
        elif isinstance(node, yaml.SequenceNode):
            waiting += [(child, depth + 1) for child in node.value]


def _kind(node: yaml.Node) -> str:
    names: Mapping[type, str] = {yaml.MappingNode: "a mapping", yaml.SequenceNode: "a list"}
    return names.get(type(node), "nothing" if _is_null(node) else "a single value")
