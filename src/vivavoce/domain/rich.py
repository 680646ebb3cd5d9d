"""What a rich reply shows besides texts: the titles of its buttons and of its cards.

Known are the shapes of Kore, Messenger, Adaptive Cards and Bot Framework, Slack, Telegram, WhatsApp,
Dialogflow, Rasa, and plain `{"buttons": [{"title": ...}]}`. What is of an unknown shape shows neither.
"""

from collections.abc import Iterable, Iterator
from typing import Any

_TITLES = ("title", "text", "label", "caption", "name", "collectiontitle", "reply", "cardheading", "header")
"""Where a button or a card has its title, without case; the first that is there."""

_BUTTON_LISTS = frozenset(
    """
    buttons button quickreplies quickreply actions suggestedactions suggestions chips options choices
    radiooptions inlinekeyboard keyboard collection rows
    """.split()
)
_BUTTON_TYPES = frozenset(
    """
    button postback imback messageback openurl invoke signin weburl
    action.submit action.openurl action.execute action.showcard action.togglevisibility
    """.split()
)
_CHOICE_TEMPLATES = frozenset("multi_select dropdown_template advanced_multi_select checklist".split())
"""Kore templates whose elements are choices, not cards."""

_CARD_LISTS = frozenset("elements cards items listitems attachments columns sections".split())
_CARD_TYPES = frozenset("card adaptivecard herocard thumbnailcard info accordion basiccard header".split())
_CARD_SIGNS = frozenset("subtitle image imageurl imageuri buttons defaultaction".split())
"""What makes an object with a title a card wherever it stands."""


def buttons(templates: Iterable[Any]) -> tuple[str, ...]:
    """Titles of buttons, quick replies and choices, in order of appearance."""
    return tuple(title for template in templates for kind, title in _shown(template) if kind == "button")


def cards(templates: Iterable[Any]) -> tuple[str, ...]:
    """Titles of cards, list elements and slides, in order of appearance."""
    return tuple(title for template in templates for kind, title in _shown(template) if kind == "card")


def _shown(template: Any) -> Iterator[tuple[str, str]]:
    """("button" or "card", title) of everything that is one; no recursion: no reply may be too deep."""
    pending: list[tuple[Any, str]] = [(template, "")]  # a value, and what it is by where it stands
    while pending:
        value, kind = pending.pop()
        if isinstance(value, str):
            if kind == "button" and value.strip():
                yield kind, value
        elif isinstance(value, list):
            pending.extend((inner, kind) for inner in reversed(value))
        elif isinstance(value, dict):
            folded = {_fold(key): inner for key, inner in value.items()}
            kind = _kind(folded, kind)
            title = _title(folded) if kind else ""
            if title:
                yield kind, title
            inside = _inside(folded, kind)
            pending.extend(reversed(inside))


def _kind(part: dict[str, Any], by_place: str) -> str:
    """What an object is, by its own words or else by where it stands."""
    kind = part.get("type")
    kind = kind.casefold() if isinstance(kind, str) else ""
    if kind.replace("_", "") in _BUTTON_TYPES:
        return "button"
    if by_place == "button":
        return by_place
    if kind.replace("_", "") in _CARD_TYPES or isinstance(part.get("cardheading"), dict):
        return "card"
    if isinstance(part.get("title"), str) and not _CARD_SIGNS.isdisjoint(part):
        return "card"
    return by_place


def _inside(part: dict[str, Any], kind: str) -> list[tuple[Any, str]]:
    """The values of an object that may show something, each with what it is by where it stands."""
    template = part.get("templatetype")
    choices = isinstance(template, str) and template.casefold() in _CHOICE_TEMPLATES
    found: list[tuple[Any, str]] = []
    for key, inner in part.items():
        if not isinstance(inner, dict | list):
            continue
        if key in _BUTTON_LISTS or (choices and key == "elements"):
            # An object there is a wrapper of a list, such as `suggestedActions: {actions: [...]}`.
            found.append((inner, "button" if isinstance(inner, list) else ""))
        elif key in _CARD_LISTS and isinstance(inner, list):
            found.append((inner, "card"))
        elif key in _TITLES or key in ("value", "metadata"):
            continue
        else:
            found.append((inner, "card" if key == "content" and kind == "card" else ""))
    return found


def _title(part: dict[str, Any]) -> str:
    for key in _TITLES:
        value = part.get(key)
        if isinstance(value, dict):  # Slack's {"type": "plain_text", "text": ...}, WhatsApp's {"title": ...}
            value = value.get("text") or value.get("title")
        if isinstance(value, str) and value.strip():
            return value
    body = part.get("body")  # an Adaptive Card has its title in its first text
    texts = (inner.get("text") for inner in body if isinstance(inner, dict)) if isinstance(body, list) else ()
    return next((text for text in texts if isinstance(text, str) and text.strip()), "")


def _fold(key: str) -> str:
    return key.casefold().replace("_", "").replace("-", "")
