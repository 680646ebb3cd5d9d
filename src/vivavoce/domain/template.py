"""Rich replies: recognised in a text, parsed, and flattened to what a person reads on the screen."""

import html
from typing import Any

import msgspec

_SHOWN = frozenset({"text", "title", "label", "subtitle"})

_KNOWN_TYPES = frozenset(
    """
    adaptivecard advanced_multi_select advancedlisttemplate articletemplate attachment audio
    bankingfeedbacktemplate barchart button buttonlinktemplate card cardtemplate carousel
    carouseladv checklist clocktemplate confirmation daterange datetemplate dropdown_template
    feedbacktemplate form_template generic image kora_carousel kora_search_carousel like_dislike
    linechart link list listview listwidget live_agent media menu message mini_table multi_select
    otpvalidationtemplate piechart quick_replies quick_replies_welcome quickreplies
    radiooptiontemplate radiolistwithdescription resetpintemplate search slider system table
    tablelist text universal_search video
    """.split()
)
"""Template types whose readable parts are their texts and titles; compared without case."""


def parse_template(text: str) -> Any | None:
    """The JSON object or array that a text is, plain or HTML-escaped; None for an ordinary text."""
    start = text.lstrip()[:1]
    if start not in ("{", "[", "&"):
        return None
    value = _parse(text)
    if value is None and "&" in text:
        value = _parse(html.unescape(text))
    return value


def _parse(text: str) -> Any | None:
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return None
    return value if isinstance(value, dict | list) else None


def flatten(template: Any) -> str:
    """The texts and titles of a template in order of appearance, one a line.

    A template of an unknown type, or one that shows nothing, becomes its JSON.
    """
    lines: list[str] = []
    for part in template if isinstance(template, list) else (template,):
        if _known(part):
            lines.extend(_titles(part))
        else:
            lines.append(encode(part))
    return "\n".join(lines) or encode(template)


def readable(text: str) -> str:
    """A reply as it is compared with plain text: flattened when it is a template."""
    template = parse_template(text)
    return text if template is None else flatten(template)


def encode(value: Any) -> str:
    """Compact JSON."""
    return msgspec.json.encode(value).decode()


def _known(part: Any) -> bool:
    if not isinstance(part, dict):
        return True
    payload = part.get("payload")
    inner = payload.get("template_type") if isinstance(payload, dict) else None
    kind = part.get("template_type", inner)
    return not isinstance(kind, str) or kind.lower() in _KNOWN_TYPES


def _titles(part: Any) -> list[str]:
    found: list[str] = []
    pending = [(part, False)]  # a value, and whether it stands under a readable key
    while pending:  # no recursion: no reply may be too deep
        value, shown = pending.pop()
        if isinstance(value, dict):
            pending.extend((value[key], key in _SHOWN) for key in reversed(value))
        elif isinstance(value, list):
            pending.extend((inner, False) for inner in reversed(value))
        elif shown and isinstance(value, str) and value:
            found.append(value)
    return found
