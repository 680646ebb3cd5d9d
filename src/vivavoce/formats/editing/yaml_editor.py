"""Edits of YAML files, by the marks that the parser leaves."""

import re
from collections.abc import Sequence
from typing import Any, Literal

import yaml

from vivavoce.formats.editing.base import Editor, NotEditable, Spot
from vivavoce.formats.places import Path

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KINDS: dict[type[yaml.Node], Literal["scalar", "mapping", "list"]] = {
    yaml.MappingNode: "mapping",
    yaml.SequenceNode: "list",
}
_STEP = 2  # blanks a level
_PLAIN = re.compile(r"[^\W\d_][^\n:#]*[^\s:#]")
_PLAIN_IN_BRACKETS = re.compile(r"[^\W\d_][\w .-]*[\w.]")


class YamlEditor(Editor):
    """A YAML file that is known to be well-formed. What is written anew is in block style, or within brackets
    where its surroundings are."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._offset = 1 if text.startswith("\ufeff") else 0
        loader = _Loader(text[self._offset :])
        try:
            root = loader.get_single_node()
        except yaml.YAMLError as error:
            raise NotEditable("the file is no well-formed YAML") from error
        finally:
            loader.dispose()
        self._seen: set[int] = set()
        if root is not None:
            self._visit(root, (), None, False)

    def put(self, path: Path, value: Any) -> None:
        spot = self.spot(path)
        start = spot.start
        if isinstance(value, dict | list) and value and not self._in_brackets(path):
            own_line = not self._before(start).strip(" -")
            if not own_line:  # behind `key: `, a block begins on a line of its own
                self._check_no_comment(spot)
                column = self._column_of_line(start) + _STEP
                while self.text[start - 1] == " ":
                    start -= 1
                block = self._block(value, column)
                self._replace(start, spot.end, f"\n{' ' * column}{block}")
                return
            self._replace(start, spot.end, self._block(value, self._column(start)))
            return
        if spot.kind != "scalar" and not spot.flow and path and isinstance(path[-1], str):
            self._replace(self._behind_key(spot), spot.end, f" {_inline(value)}")
            return
        self._replace(start, spot.end, _inline(value, flow=self._in_brackets(path)))

    def put_member(self, path: Path, key: str, value: Any) -> None:
        spot = self.spot(path)
        if spot.key is None:
            raise NotEditable("this is no member of a mapping")
        self._replace(*spot.key, _scalar(key))
        self.put(path, value)

    def append(self, path: Path, values: Sequence[Any]) -> None:
        last = self._items(path)[-1]
        if self.spot(path).flow:
            added = "".join(f", {_flow(value)}" for value in values)
            self._replace(last.end, last.end, added)
            return
        column = self._column(self._dash(last))
        lines = "".join(f"\n{' ' * column}- {self._item(value, column + _STEP)}" for value in values)
        self._replace(last.end, last.end, lines)

    def cut(self, path: Path, left: int) -> None:
        items = self._items(path)
        self._replace(items[left - 1].end, items[-1].end, "")

    # --- reading ---

    def _visit(self, node: yaml.Node, path: Path, key: tuple[int, int] | None, brackets: bool) -> int:
        """Note the places of a node and of all within it; returns where it ends."""
        start, end = node.start_mark.index + self._offset, node.end_mark.index + self._offset
        if id(node) in self._seen:
            return start  # an alias: the place of its anchor is the only one
        self._seen.add(id(node))
        flow = brackets or bool(getattr(node, "flow_style", False))
        end = start + len(self.text[start:end].rstrip())
        inner: list[int] = []
        if isinstance(node, yaml.MappingNode):
            for name, value in node.value:
                place = (name.start_mark.index + self._offset, name.end_mark.index + self._offset)
                inner.append(self._visit(value, (*path, str(name.value)), place, flow))
        elif isinstance(node, yaml.SequenceNode):
            inner = [self._visit(value, (*path, at), None, flow) for at, value in enumerate(node.value)]
        if inner and not flow:
            end = max(inner)  # not the comments that follow
        self.spots[path] = Spot(_KINDS.get(type(node), "scalar"), start, end, flow, key)
        return end

    def _before(self, at: int) -> str:
        return self.text[self.text.rfind("\n", 0, at) + 1 : at]

    def _column(self, at: int) -> int:
        return len(self._before(at))

    def _column_of_line(self, at: int) -> int:
        """Where the mapping begins whose member stands here: behind the dashes of the line."""
        line = self._before(at)
        return len(line) - len(line.lstrip(" -")) if line.strip(" -") else len(line)

    def _behind_key(self, spot: Spot) -> int:
        assert spot.key is not None, "members of mappings have keys"
        return self.text.index(":", spot.key[1]) + 1

    def _dash(self, item: Spot) -> int:
        return self.text.rindex("-", 0, item.start)

    def _in_brackets(self, path: Path) -> bool:
        return any(self.spots[path[:size]].flow for size in range(len(path)) if path[:size] in self.spots)

    def _check_no_comment(self, spot: Spot) -> None:
        rest = self.text[spot.end : (self.text + "\n").index("\n", spot.end)]
        if (
            rest.strip().startswith("#")
            and spot.kind == "scalar"
            and "\n" in self.text[spot.start : spot.end]
        ):
            raise NotEditable("a comment stands behind a text of several lines")

    # --- writing ---

    def _item(self, value: Any, column: int) -> str:
        return self._block(value, column) if isinstance(value, dict | list) and value else _scalar(value)

    def _block(self, value: Any, column: int) -> str:
        """A list or mapping in block style, its first line without indentation."""
        gap = f"\n{' ' * column}"
        if isinstance(value, list):
            return gap.join(f"- {self._item(item, column + _STEP)}" for item in value)
        lines = []
        for key, inner in value.items():
            if isinstance(inner, dict | list) and inner and not _short(inner):
                below = column + _STEP
                lines.append(f"{_scalar(key)}:\n{' ' * below}{self._block(inner, below)}")
            else:
                lines.append(f"{_scalar(key)}: {_inline(inner)}")
        return gap.join(lines)


def _inline(value: Any, *, flow: bool = False) -> str:
    """A value that begins on the line where it stands."""
    return _flow(value) if isinstance(value, dict | list) else _scalar(value, flow=flow)


def _short(value: Any) -> bool:
    """Whether a collection may stand within brackets: a small mapping of scalars."""
    return isinstance(value, dict) and len(_flow(value)) <= 60


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _scalar(value, flow=True)


def _scalar(value: Any, *, flow: bool = False) -> str:
    """On one line: plain where nobody could take it for something else, else in quotes."""
    if isinstance(value, str):
        pattern = _PLAIN_IN_BRACKETS if flow else _PLAIN
        plain = pattern.fullmatch(value) is not None and yaml.safe_load(value) == value
        if plain:
            return value
        if value.isprintable() and "\\" not in value and '"' in value:
            return "'" + value.replace("'", "''") + "'"
    written: str = yaml.safe_dump(
        value, default_style='"' if isinstance(value, str) else None, allow_unicode=True, width=1 << 30
    )
    return written.removesuffix("\n").removesuffix("\n...")
