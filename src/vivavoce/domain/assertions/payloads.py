"""What the assertions on JSON have in common: they hold when one of the reply's templates holds."""

from typing import Any

from vivavoce.domain.assertions.base import Seen
from vivavoce.domain.assertions.wording import quote, show

Path = tuple[str | int, ...]


def said(seen: Seen) -> str:
    """What there was to look at, as a sentence."""
    if not seen.outputs:
        return "the bot said nothing"
    if not seen.templates:
        return f"the bot said {quote(seen.raw)}, which is no JSON object or list"
    return "the bot said " + " / ".join(show(template) for template in seen.templates)


def no_payload(value: Any) -> list[str]:
    """The problem of a value that no template can equal or hold."""
    if isinstance(value, dict | list):
        return []
    return [f"{show(value)} is no object and no list: only these are looked at in a reply"]
