"""Accepted texts, with their dynamic parts: the value of `equals`."""

from typing import Any, Final

import msgspec

from vivavoce.domain.assertions.spans import Span
from vivavoce.domain.assertions.text import TextEntry
from vivavoce.domain.assertions.value_kinds import VALUE_KINDS
from vivavoce.domain.json_values import parse_path
from vivavoce.formats.native.node import Node

_ENTRY_KEYS: Final = ("text", "template", "dynamic", "dynamic_paths")
_SPAN_KEYS: Final = ("text", "start", "end", "kind")


def read_entries(node: Node) -> tuple[TextEntry, ...] | None:
    """One text or several, each plain or `{text, dynamic}`."""
    nodes = node.items() if isinstance(node.value, list) else [node]
    found = [_entry(part) for part in nodes]
    if not nodes:
        node.problem("the list is empty: nothing would match")
    return None if None in found or not found else tuple(entry for entry in found if entry is not None)


def write_entries(entries: tuple[TextEntry, ...]) -> Any:
    """The shortest form that says the same; None where there is none."""
    written = [_write(entry) for entry in entries]
    if None in written or not written:
        return None
    return written[0] if len(written) == 1 else written


def _entry(node: Node) -> TextEntry | None:
    if not isinstance(node.value, dict):
        text = node.text()
        return None if text is None else TextEntry(text)
    if not node.mapping(_ENTRY_KEYS):
        return None
    if ("text" in node) == ("template" in node):
        node.problem("needs `text` or `template`, and not both")
        return None
    if "template" in node:
        value = node.at("template")
        if not isinstance(value.value, dict | list):
            value.misfit("a template: an object or a list")
            return None
        text = msgspec.json.encode(value.json()).decode()
    else:
        stated = node.at("text").text()
        if stated is None:
            return None
        text = stated
    spans = _spans(node.at("dynamic"), text) if "dynamic" in node else ()
    paths = _paths(node.at("dynamic_paths")) if "dynamic_paths" in node else ()
    return TextEntry(text, dynamic=spans, dynamic_paths=paths)


def _paths(node: Node) -> tuple[str, ...]:
    paths = node.texts() or []
    for path in paths:
        if parse_path(path) is None:
            node.problem(f"`{path}` is no plain JSONPath", "such as $.payload.elements[0].title")
    return tuple(paths)


def _spans(node: Node, text: str) -> tuple[Span, ...]:
    found = [_span(item, text) for item in node.items("a list of the parts that may differ")]
    return tuple(span for span in found if span is not None)


def _span(node: Node, text: str) -> Span | None:
    if isinstance(node.value, list):
        ends = [end.whole() for end in node.items()]
        if len(ends) != 2 or None in ends:
            node.problem("expected [start, end], in characters from 0")
            return None
        return _checked(node, Span(ends[0] or 0, ends[1] or 0), text)
    if not isinstance(node.value, dict):
        part = node.text()
        return None if part is None else _part(node, part, "", text)
    if not node.mapping(_SPAN_KEYS):
        return None
    kind = (node.at("kind").text() if "kind" in node else "") or ""
    if kind and kind not in VALUE_KINDS:
        node.at("kind").problem(f"unknown kind `{kind}`", f"known: {', '.join(VALUE_KINDS)}")
        return None
    if "text" in node:
        if "start" in node or "end" in node:
            node.problem("needs `text`, or `start` and `end`, and not both")
        part = node.at("text").text()
        return None if part is None else _part(node, part, kind, text)
    start, end = node.get("start"), node.get("end")
    if start is None or end is None:
        node.problem("needs `text`, or `start` and `end`")
        return None
    first, last = start.whole(), end.whole()
    return None if first is None or last is None else _checked(node, Span(first, last, kind), text)


def _checked(node: Node, span: Span, text: str) -> Span | None:
    if not span.start <= span.end <= len(text):
        node.problem(f"{span.start} to {span.end} is no part of a text of {len(text)} characters")
        return None
    return span


def _part(node: Node, part: str, kind: str, text: str) -> Span | None:
    count = text.count(part) if part else 0
    if count != 1:
        where = "does not stand in the text" if not count else f"stands in the text {count} times"
        hint = "" if not count else "write [start, end], in characters from 0"
        node.problem(f"`{part}` {where}", hint)
        return None
    start = text.index(part)
    return Span(start, start + len(part), kind)


# --- writing ------------------------------------------------------------------------------------


def _write(entry: TextEntry) -> Any:
    if entry.match != "equals" or entry.texts:
        return None
    template = _template(entry.text)
    if template is None and not entry.dynamic and not entry.dynamic_paths:
        return entry.text
    written: dict[str, Any] = {"text": entry.text} if template is None else {"template": template}
    if entry.dynamic:
        written["dynamic"] = [_write_span(span, entry.text) for span in entry.dynamic]
    if entry.dynamic_paths:
        written["dynamic_paths"] = list(entry.dynamic_paths)
    return written


def _template(text: str) -> Any:
    """The template that a text is, where it can be written out and comes back character by character."""
    if not text.startswith("{"):
        return None
    try:
        value = msgspec.json.decode(text)
        return value if msgspec.json.encode(value).decode() == text else None
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return None


def _write_span(span: Span, text: str) -> Any:
    part = text[span.start : span.end]
    once = bool(part) and text.count(part) == 1
    if not span.kind:
        return part if once else [span.start, span.end]
    where = {"text": part} if once else {"start": span.start, "end": span.end}
    return {**where, "kind": span.kind}
