"""Values across turns: what a case declares, what it reads off replies."""

from typing import Any, Literal

import msgspec


class Unique(msgspec.Struct, frozen=True, omit_defaults=True):
    """A value that no other run has: each `*` of the pattern becomes a fresh word of letters and digits."""

    unique: str  # e.g. "user-*@example.org"
    per: Literal["case", "run"] = "case"  # fresh for each playing of a case, or one for the whole run


Variable = str | int | float | bool | None | Unique
"""What `{{name}}` may stand for before the bot said anything."""

Source = Literal["regex", "path", "context"]


class Capture(msgspec.Struct, frozen=True, omit_defaults=True):
    """A value read off a step's reply, `{{name}}` from the next step on."""

    name: str
    source: Source
    expression: str  # a regular expression, a JSONPath into a template, or a context variable's key
    group: int | str = 0  # of the regular expression; 0 = its only group, or the whole match
    output: int | None = None  # 0-based; None: the first output in which something is found


Values = dict[str, Any]
"""What the names of a conversation stand for at a moment of it; JSON values."""
