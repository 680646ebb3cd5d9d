"""Texts of bots and suites in Markdown: shown as they are, doing nothing."""

import re
from collections.abc import Sequence

MAX_TEXT = 300  # characters of a cell

_SPECIAL = re.compile(r"([\\`*_|\[\]~#])")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_MENTION = re.compile(r"@(?=\w)")


def row(cells: Sequence[str]) -> str:
    """A line of a table."""
    return f"| {' | '.join(escaped(cell) for cell in cells)} |\n"


def rule(columns: str) -> str:
    """The line below a table's titles; a letter a column: `l` is text, `r` a number."""
    return f"| {' | '.join('---:' if column == 'r' else '---' for column in columns)} |\n"


def escaped(text: str, length: int = MAX_TEXT) -> str:
    """The text as one line of Markdown that shows it and does nothing else; also nobody is notified."""
    short = text if len(text) <= length else f"{text[: length - 1]}…"
    plain = visible(short).replace("&", "&amp;").replace("<", "&lt;")
    return _MENTION.sub("@<!-- -->", "<br>".join(_SPECIAL.sub(r"\\\1", plain).splitlines()))


def visible(text: str) -> str:
    """Control characters as U+FFFD."""
    return _UNSEEN.sub("\ufffd", text)
