"""YAML from outside as plain JSON-like values, with the place of each."""

import math
import re
from typing import Any

import yaml

from vivavoce.domain.errors import Malformed, Problem
from vivavoce.formats.json_text import DEPTH_LIMIT
from vivavoce.formats.places import PROBLEMS_SHOWN, Path

SIZE_LIMIT = 4 * 1024 * 1024  # characters
NODE_LIMIT = 200_000  # values, with aliases spelled out

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_CONSTRUCTED = {_TAG + kind for kind in ("null", "bool", "int", "float")}
_TEXTS = {_TAG + kind for kind in ("str", "timestamp", "value")}  # dates stay as they were written
# What both YAML 1.2 and JSON take for a null, a truth value or a number: not `yes`, `10:30`, `012`.
_CORE = re.compile(r"|~|[nN]ull|NULL|[tT]rue|TRUE|[fF]alse|FALSE|-?(?:0|[1-9]\d*)(?:\.\d+(?:[eE][-+]?\d+)?)?")
_LINE_ENDS = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
_TAB_FIRST = re.compile(r" *(?:- +)*-?\t")
_NO_TABS = "YAML allows no tabs for indentation: use blanks"
_NO_MERGE = "repeat the keys, or share a whole value: `&name` before it, `*name` in its other places"
_LONGEST = 400  # characters of a number


class YamlText:
    """One document: its `value`, and where each part of it stands."""

    def __init__(
        self,
        text: str,
        source: str = "",
        *,
        core: bool = False,
        size_limit: int = SIZE_LIMIT,
        node_limit: int = NODE_LIMIT,
    ) -> None:
        """Raises Malformed with line and column.

        `core`: only what JSON would take for a number or a truth value is one; `yes`, `10:30` and `012`,
        which YAML 1.1 reads as true, 630 and 10, are texts.
        """
        self.value: Any = None
        self._core = core
        self._places: dict[Path, tuple[int, int]] = {}
        self._written: dict[Path, str] = {}
        self._problems: list[Problem] = []
        self._nodes = 0
        self._source = source
        self._node_limit = node_limit
        if len(text) > size_limit:
            raise Malformed(f"larger than {size_limit:,} characters", source)
        root = _root(text.removeprefix("\ufeff"), source)
        if root is None:
            raise Malformed(Problem("the file is empty"), source)
        self.value = self._plain(root, ())
        if self._problems:
            raise Malformed(self._problems[:PROBLEMS_SHOWN], source)

    def place(self, path: Path) -> str:
        """Line and column of a part, or of the nearest part above that exists."""
        line, column = self.position(path)
        return f"line {line}, column {column}"

    def position(self, path: Path) -> tuple[int, int]:
        """Line and column of a part as numbers, from 1; for a value of a mapping, of its key."""
        while path and path not in self._places:
            path = path[:-1]
        return self._places.get(path, (1, 1))

    def written(self, path: Path) -> str | None:
        """A number, truth value or null as it was written; None for anything else."""
        return self._written.get(path)

    def _plain(self, node: yaml.Node, path: Path) -> Any:
        self._nodes += 1
        self._places.setdefault(path, _position(node.start_mark))
        # Aliases can grow a file without end, or lead a list into itself.
        if self._nodes > self._node_limit or len(path) > DEPTH_LIMIT:
            problem = Problem("too many values, or nested too deeply", _place(node.start_mark))
            raise Malformed(problem, self._source)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode) and node.tag == _TAG + "seq":
            return [self._plain(item, (*path, index)) for index, item in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode):
            if node.tag in _TEXTS:
                return node.value
            if node.tag in _CONSTRUCTED:
                return self._scalar(node, path)
        self._wrong(node, f"the tag `{node.tag.replace(_TAG, '!!')}` is not supported")
        return None

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            if key.tag == _TAG + "merge":
                self._wrong(key, "merge keys (`<<`) are not supported", _NO_MERGE)
            elif not isinstance(key, yaml.ScalarNode):
                self._wrong(key, "a key must be a text")
            elif key.value in found:
                self._wrong(key, f"`{key.value}` stands there twice")
            else:
                # A key is the text that was written: `on`, `no` and `1` are keys like others.
                self._places[(*path, key.value)] = _position(key.start_mark)
                found[key.value] = self._plain(value, (*path, key.value))
        return found

    def _scalar(self, node: yaml.ScalarNode, path: Path) -> Any:
        if self._core and not _is_core(node.value):
            return node.value
        self._written[path] = node.value
        try:
            value = yaml.SafeLoader("").construct_object(node)
        except (ValueError, KeyError, yaml.YAMLError):
            value = math.nan
        if isinstance(value, float) and not math.isfinite(value):
            self._wrong(node, f"`{node.value[:40]}` is no number that can be used")
            return 0
        return value

    def _wrong(self, node: yaml.Node, message: str, hint: str = "") -> None:
        self._problems.append(Problem(message, _place(node.start_mark), hint))


def _root(text: str, source: str) -> yaml.Node | None:
    try:
        _check_depth(text, source)  # before a tree is built, which happens by recursion
        loader = _Loader(text)
        try:
            root: yaml.Node | None = loader.get_single_node()
        finally:
            loader.dispose()
    except UnicodeEncodeError as error:
        place = _reader_place(error.start, text)
        raise Malformed(Problem("half of a surrogate pair (no character)", place), source) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = error.problem or "this is no YAML"
        if what.startswith("but ") and error.context:
            what = f"{error.context}, {what}"
        hint = _NO_TABS if mark and _indents_with_tab(text, mark.line) else ""
        raise Malformed(Problem(f"broken YAML: {what}", _place(mark), hint), source) from None
    except yaml.YAMLError as error:  # characters that YAML forbids
        message = str(error).splitlines()[0]
        place = _reader_place(getattr(error, "position", None), text)
        raise Malformed(Problem(f"broken YAML: {message}", place), source) from None
    return root


def _check_depth(text: str, source: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEPTH_LIMIT:
                raise Malformed(Problem("nested too deeply", _place(event.start_mark)), source)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _indents_with_tab(text: str, line: int) -> bool:
    """Whether a tab stands before the text of a line, counted from 0; also behind the dash of a list."""
    lines = _LINE_ENDS.split(text)
    return line < len(lines) and _TAB_FIRST.match(lines[line]) is not None


def _reader_place(position: Any, text: str) -> str:
    if not isinstance(position, int):
        return ""
    before = text[:position]
    return f"line {before.count(chr(10)) + 1}, column {position - before.rfind(chr(10))}"


def _is_core(written: str) -> bool:
    """A whole number of more than 64 bits is a text, too: a card's number, say."""
    if len(written) > _LONGEST or not _CORE.fullmatch(written):
        return False
    return not written.removeprefix("-").isdecimal() or -(2**63) <= int(written) < 2**64


def _position(mark: Any) -> tuple[int, int]:
    return mark.line + 1, mark.column + 1


def _place(mark: Any) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
