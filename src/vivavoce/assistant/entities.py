"""Entities: pieces of an utterance with a value, found and normalised.

Six kinds: regular expression, list with synonyms, number, date, currency, e-mail address. A value is
plain JSON data: a text, a number, an ISO date, or `{"amount": 50, "code": "USD"}` for a currency.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Literal

import msgspec
import regex

from vivavoce.assistant import dates, money, numerals
from vivavoce.assistant.words import TOKEN, WORD, plain, words

EntityKind = Literal["regex", "list", "number", "date", "currency", "email"]

MATCH_SECONDS = 0.05  # an author's expression gets no longer on one utterance
EMAIL = regex.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}", regex.IGNORECASE)
_DIGIT = regex.compile(r"\d")
FILLERS = frozenset({"my", "the", "a", "an", "our", "your", "his", "her", "their"})


class Entity(msgspec.Struct, frozen=True, kw_only=True):
    """What can be found in an utterance, and how."""

    name: str
    kind: EntityKind
    pattern: str = ""  # regex; matched without case unless it says otherwise
    values: dict[str, tuple[str, ...]] = {}  # list: the value and its synonyms
    preceded_by: tuple[str, ...] = ()  # unasked, found only behind one of these words
    default_code: str = "USD"  # currency: of a bare number given when asked
    day_first: bool = False  # date: 3/4/2025 is the third of April


class Mention(msgspec.Struct, frozen=True):
    """An entity found in an utterance; the span is in its code points, end exclusive."""

    name: str
    value: Any
    start: int
    end: int

    @property
    def text(self) -> str:
        return flatten(self.value)


def flatten(value: Any) -> str:
    """A value as one text: structured values joined by blanks (4.1), whole numbers without a point, broken
    amounts of money with two places (`50 USD`, `48.90 USD`)."""
    if isinstance(value, dict):
        return " ".join(_cents(part) if key == "amount" else flatten(part) for key, part in value.items())
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _cents(amount: Any) -> str:
    return f"{amount:.2f}" if isinstance(amount, float) and not amount.is_integer() else flatten(amount)


class EntityFinder:
    """Finds a definition's entities in utterances."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self._entities = {entity.name: entity for entity in entities}
        self._patterns = {
            entity.name: regex.compile(entity.pattern, regex.IGNORECASE)
            for entity in self._entities.values()
            if entity.kind == "regex"
        }
        # List values by their first word: (all words, entity, value), the longest first.
        self._phrases: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
        for entity in self._entities.values():
            for value, synonyms in entity.values.items():
                for spelling in dict.fromkeys((value, *synonyms)):
                    tokens = tuple(TOKEN.findall(plain(spelling)))
                    if tokens:
                        self._phrases.setdefault(tokens[0], []).append((tokens, entity.name, value))
        for phrases in self._phrases.values():
            phrases.sort(key=lambda phrase: -len(phrase[0]))
        self._odd_phrases = any(not WORD.fullmatch(first) for first in self._phrases)  # begin with no word
        self._by_kind = {
            kind: [entity for entity in self._entities.values() if entity.kind == kind]
            for kind in ("regex", "number", "date", "currency", "email")
        }

    def find(self, text: str, today: date) -> list[Mention]:
        """Every mention in the order of the text; of one entity, mentions do not overlap.

        A number that is part of another entity's mention is not one of its own.
        """
        found = list(self._unasked(text, today)) if self._entities else []
        if not found:
            return found
        if self._by_kind["number"]:
            taken = [m for m in found if self._entities[m.name].kind != "number"]
            found = [
                m
                for m in found
                if self._entities[m.name].kind != "number"
                or not any(m.start < other.end and other.start < m.end for other in taken)
            ]
        found.sort(key=lambda mention: (mention.start, mention.end, mention.name))
        return found

    def answer(self, name: str, text: str, today: date) -> Any | None:
        """The value that answers a question for one entity, or None.

        Asked for, an entity needs no word before it, and a bare number is an amount of money.
        """
        entity = self._entities[name]
        text = text.strip()
        mentions = list(self._of(entity, text, today))
        cued = [mention for mention in mentions if self._behind_cue(entity, text, mention)]
        if cued or mentions:
            return (cued or mentions)[0].value
        if entity.kind == "currency":
            for number in numerals.find(text):
                return {"amount": number.value, "code": entity.default_code}
        return None

    def _unasked(self, text: str, today: date) -> Iterator[Mention]:
        said = frozenset(words(text))
        if "'" in text or "’" in text:  # today's
            said |= {piece for word in said for piece in word.split("'")}
        digits = _DIGIT.search(text) is not None
        if self._odd_phrases or not said.isdisjoint(self._phrases):
            yield from self._listed(text, cued=True)
        for name, pattern in self._patterns.items():
            entity = self._entities[name]
            yield from (m for m in self._matched(entity, pattern, text) if self._behind_cue(entity, text, m))
        # Most utterances hold none of these: a quick look saves most of the time.
        likely = {
            "number": digits or not numerals.NAMES.isdisjoint(said),
            "date": dates.may_hold(said, digits),
            "currency": money.may_hold(text, said, digits),
            "email": "@" in text,
        }
        for kind, worth_a_look in likely.items():
            for entity in self._by_kind[kind] if worth_a_look else ():
                for mention in self._of(entity, text, today):
                    pronoun = kind == "number" and text[mention.start : mention.end].lower() == "one"
                    if not pronoun and self._behind_cue(entity, text, mention):
                        yield mention

    def _of(self, entity: Entity, text: str, today: date) -> Iterator[Mention]:
        match entity.kind:
            case "list":
                yield from (m for m in self._listed(text, cued=False) if m.name == entity.name)
            case "regex":
                yield from self._matched(entity, self._patterns[entity.name], text)
            case "email":
                for found in EMAIL.finditer(text):
                    yield Mention(entity.name, found.group().lower(), *found.span())
            case "number":
                for number in numerals.find(text):
                    yield Mention(entity.name, number.value, number.start, number.end)
            case "date":
                for day in dates.find(text, today, day_first=entity.day_first):
                    yield Mention(entity.name, day.value.isoformat(), day.start, day.end)
            case "currency":
                for sum_ in money.find(text):
                    value = {"amount": sum_.amount, "code": sum_.code}
                    yield Mention(entity.name, value, sum_.start, sum_.end)

    def _matched(self, entity: Entity, pattern: "regex.Pattern[str]", text: str) -> Iterator[Mention]:
        try:
            for found in pattern.finditer(text, timeout=MATCH_SECONDS):
                if found.group():
                    yield Mention(entity.name, found.group(), *found.span())
        except TimeoutError:
            return

    def _listed(self, text: str, *, cued: bool) -> Iterator[Mention]:
        """List values, the longest at each place, not overlapping within an entity."""
        evened = plain(text)
        if len(evened) != len(text):  # spans must fit the text as it was given
            evened = text.lower() if len(text.lower()) == len(text) else text
        tokens = TOKEN.findall(evened)
        spans: list[tuple[int, int]] = []  # of the tokens; few texts need them
        free_from: dict[str, int] = {}
        for at, token in enumerate(tokens):
            for phrase, name, value in self._phrases.get(token, ()):
                stop = at + len(phrase)
                if free_from.get(name, 0) > at or tuple(tokens[at:stop]) != phrase:
                    continue
                spans = spans or [found.span() for found in TOKEN.finditer(evened)]
                mention = Mention(name, value, spans[at][0], spans[stop - 1][1])
                if cued and not self._behind_cue(self._entities[name], text, mention):
                    continue
                free_from[name] = stop
                yield mention

    def _behind_cue(self, entity: Entity, text: str, mention: Mention) -> bool:
        if not entity.preceded_by:
            return True
        before = WORD.findall(plain(text[: mention.start]))
        while before and before[-1] in FILLERS:
            before.pop()
        behind = " ".join(before)
        return any(behind == cue or behind.endswith(f" {cue}") for cue in map(plain, entity.preceded_by))
