"""YAML as people like to read it: block style, quotes only where they are needed, long texts as blocks."""

import re
from collections.abc import Sequence
from typing import Any

import yaml

_INDENT = 2
_SHORT = 80  # characters of a list or mapping in one line
_ODD = re.compile(
    r"[^\S\n ]|[\x00-\x08\x0e-\x1f\x7f-\x9f\u200e\u200f\u2066-\u2069\ufeff]"
)  # invisible, but to be seen
_NO_BLOCK = re.compile(r" \n| \Z|\A\s|\n\n\Z")


class OneLine(dict[str, Any]):
    """A mapping that stands in one line."""


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: _Dumper, value: str) -> yaml.Node:
    style = None
    if _ODD.search(value):
        style = '"'
    elif "\n" in value.strip("\n") and not _NO_BLOCK.search(value):
        style = "|"
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _list(dumper: _Dumper, value: Sequence[Any]) -> yaml.Node:
    plain = value and all(
        isinstance(item, str | int | float | None) and "\n" not in str(item) for item in value
    )
    short = plain and sum(len(str(item)) + 2 for item in value) <= _SHORT
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=bool(short or not value))


def _one_line(dumper: _Dumper, value: OneLine) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=True)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(list, _list)
_Dumper.add_representer(tuple, _list)
_Dumper.add_representer(OneLine, _one_line)


def emit(value: Any) -> str:
    """A value as YAML, ending in a line end."""
    return yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000_000, indent=_INDENT
    )
