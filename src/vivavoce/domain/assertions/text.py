"""The text assertion: what the bot said against the accepted variations (testing-api.md 3.3, 8.5, 8.6).

*equals* is exact: only outer white space and the kind of line endings are dropped, case counts. A template is
compared as JSON with a JSON expectation, and by its flattened text with a plain one. *contains* and *allOf*
follow the rule of `words`, again as JSON where the expectation is JSON.
"""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Literal

import msgspec

from vivavoce.domain.assertions.spans import Span, cut, fills, shift
from vivavoce.domain.assertions.wording import either, every, parting, quote, show_difference
from vivavoce.domain.assertions.words import contains
from vivavoce.domain.assertions.wordwise import differing_words
from vivavoce.domain.check import NOT_EVALUATED, Check
from vivavoce.domain.json_values import Difference, Path, difference, locate, parse_path, same
from vivavoce.domain.template import flatten, parse_template

_COMPARED = 2_000  # characters in which the nearest of several entries is looked for

Match = Literal["equals", "contains", "allOf"]


class TextEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One accepted variation of an output's text."""

    text: str
    match: Match = "equals"
    texts: tuple[str, ...] = ()  # for allOf
    dynamic: tuple[Span, ...] = ()
    dynamic_paths: tuple[str, ...] = ()  # JSONPaths into a template whose values do not matter


class TextAssertion(msgspec.Struct, frozen=True, omit_defaults=True):
    """One of the entries must match (OneOf)."""

    enabled: bool = True
    contains: tuple[TextEntry, ...] = ()


_HELD = Check(passed=True, entries=(True,))


def check_text(assertion: TextAssertion, recorded: str, actual: str) -> tuple[Check, bool]:
    """How the assertion came out, and whether an accepted text differs from the recorded one (8.6).

    One entry must match; every entry gets its status. An enabled assertion without entries compares with the
    recorded text, and is not evaluated when that is empty too.
    """
    entries = assertion.contains
    if not assertion.enabled:
        return (Check(entries=(None,) * len(entries)) if entries else NOT_EVALUATED), False
    if len(entries) == 1 and entries[0].text == actual == recorded and entries[0].match == "equals":
        return _HELD, False
    if not entries:
        if not recorded:
            return NOT_EVALUATED, False
        entries = (TextEntry(recorded),)
    said = Said(actual)
    statuses = tuple(accepts(entry, said) for entry in entries)
    listed = statuses if assertion.contains else ()
    if not any(statuses):
        return Check(passed=False, entries=listed, reasons=(_reason(entries, said),)), False
    exact = any(held and entry.match == "equals" for held, entry in zip(statuses, entries, strict=True))
    return Check(passed=True, entries=listed), exact and _differs(recorded, said)


class Said:
    """What the bot said, with the views of it that entries may need, each made once.

    `plain`: it is no template, whatever it looks like.
    """

    def __init__(self, raw: str, plain: bool = False) -> None:
        self.raw = raw
        self._plain = plain

    @cached_property
    def template(self) -> Any | None:
        return None if self._plain else parse_template(self.raw)

    @cached_property
    def readable(self) -> str:
        return self.raw if self.template is None else flatten(self.template)


def accepts(entry: TextEntry, said: Said) -> bool:
    """Whether what the bot said is this variation."""
    if entry.match == "allOf":
        return bool(entry.texts) and all(_contained(TextEntry(text), said) for text in entry.texts)
    if entry.match == "contains":
        return _contained(entry, said)
    if entry.text == said.raw:
        return True
    wanted = parse_template(entry.text)
    if wanted is None:
        return _equal(entry.text, entry.dynamic, said.readable)
    if said.template is not None and _template_difference(wanted, entry, said.template) is None:
        return True
    return bool(entry.dynamic) and _equal(entry.text, entry.dynamic, said.raw)


def _contained(entry: TextEntry, said: Said) -> bool:
    wanted = parse_template(entry.text)
    if wanted is None:
        return contains(said.readable, entry.text, entry.dynamic)
    return said.template is not None and _template_difference(wanted, entry, said.template) is None


def _equal(expected: str, dynamic: Sequence[Span], actual: str) -> bool:
    body = expected.strip()
    literals, kinds = cut(body, shift(dynamic, _indent(expected)))
    if not kinds:
        return _one_ending(body) == _one_ending(actual.strip())
    # At an edge that is dynamic, white space belongs to the value, unless the value must be of a kind.
    actual = actual.lstrip() if literals[0] or kinds[0] else actual
    actual = actual.rstrip() if literals[-1] or kinds[-1] else actual
    return fills([_one_ending(literal) for literal in literals], _one_ending(actual), kinds)


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _one_ending(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _template_difference(wanted: Any, entry: TextEntry, template: Any) -> Difference | None:
    ignored: set[Path] = set()
    for path in entry.dynamic_paths:
        keys = parse_path(path)
        place = None if keys is None else locate(wanted, keys)
        if place is not None:
            ignored.add(place)
    return difference(wanted, template, ignored)


def _differs(recorded: str, said: Said) -> bool:
    if recorded == said.raw:
        return False
    template = parse_template(recorded)
    return template is None or said.template is None or not same(template, said.template)


def _reason(entries: Sequence[TextEntry], said: Said) -> str:
    expected, actual, difference = explain(entries, said)
    return f"expected {expected}, but the bot said {actual}{'; ' if difference else ''}{difference}"


def explain(entries: Sequence[TextEntry], said: Said) -> tuple[str, str, str]:
    """What was expected, what was said and how they differ, where none of the entries accepts it."""
    wanted = either([_wanted(entry) for entry in entries])
    if len(entries) > 1:
        return wanted, quote(said.readable), _nearest(entries, said)
    (entry,) = entries
    if entry.match == "allOf":
        missing = [quote(text) for text in entry.texts if not _contained(TextEntry(text), said)]
        return wanted, quote(said.readable), f"missing: {every(missing)}" if missing else "it names no text"
    template = parse_template(entry.text)
    if template is not None:
        return wanted, quote(said.raw), _json_parting(template, entry, said)
    if entry.match == "contains":
        return wanted, quote(said.readable), ""
    if entry.dynamic:
        return f"{wanted} with dynamic parts", quote(said.readable), _unfilled(entry, said.readable)
    expected, actual = _one_ending(entry.text.strip()), _one_ending(said.readable.strip())
    at = parting(expected, actual)
    words = differing_words(expected, actual)
    return quote(expected, at), quote(actual, at), f"they differ at character {at + 1}; {words}"


def _nearest(entries: Sequence[TextEntry], said: Said) -> str:
    """How the reply differs from the entry that shares most words with it, when that is a plain text."""
    words = Counter(said.readable[:_COMPARED].split())
    near = max(entries, key=lambda entry: (words & Counter(entry.text[:_COMPARED].split())).total())
    if near.match != "equals" or near.dynamic or parse_template(near.text) is not None:
        return ""
    return differing_words(_one_ending(near.text.strip()), _one_ending(said.readable.strip()))


def _unfilled(entry: TextEntry, actual: str) -> str:
    """The first literal part that does not stand in the reply after those before it."""
    at = 0
    for literal in cut(entry.text.strip(), shift(entry.dynamic, _indent(entry.text)))[0]:
        found = actual.find(literal, at)
        if found < 0:
            return f"differing words: [-{quote(literal.strip())[1:-1]}-]"
        at = found + len(literal)
    return "what stands around or in the dynamic parts does not fit"


def _wanted(entry: TextEntry) -> str:
    if entry.match == "allOf":
        return f"a text that contains all of {every([quote(text) for text in entry.texts] or ['nothing'])}"
    if entry.match == "contains":
        return f"a text that contains {quote(entry.text)}"
    return quote(entry.text)


def _json_parting(wanted: Any, entry: TextEntry, said: Said) -> str:
    if said.template is None:
        return "the reply is no template"
    found = _template_difference(wanted, entry, said.template)
    unread = [path for path in entry.dynamic_paths if parse_path(path) is None]
    note = f" (dynamic paths that cannot be read: {every(unread)})" if unread else ""
    return (show_difference(found) if found else "its dynamic parts do not fit") + note
