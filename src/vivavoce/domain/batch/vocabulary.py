"""The names that a bot knows, and what a batch case names that is not among them."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Literal, NamedTuple

import msgspec

from vivavoce.domain.batch.fulfillment import conversation_intent
from vivavoce.domain.batch.names import fold, is_none, is_pattern
from vivavoce.domain.batch.utterance import BatchCase

Kind = Literal["intent", "small talk", "parent intent", "trait", "entity"]


class Vocabulary(msgspec.Struct, frozen=True, kw_only=True):
    """What a bot calls things, as written. None: the bot does not tell, so that nothing is unknown."""

    intents: tuple[str, ...]
    parents: tuple[str, ...]  # names that a parent intent may have
    faqs: tuple[str, ...] = ()  # by primary question
    smalltalk: tuple[str, ...] | None = None
    traits: tuple[str, ...] | None = None
    entities: tuple[str, ...] | None = None


class Unknown(NamedTuple):
    """A name that the bot does not have."""

    kind: Kind
    name: str

    def __str__(self) -> str:
        return f"the bot has no {self.kind} {self.name!r}"


class Lookup:
    """Looks names up in a vocabulary, without case and outer blanks."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        said, talk = (*vocabulary.intents, *vocabulary.faqs), vocabulary.smalltalk
        self._known: dict[Kind, dict[str, str] | None] = {
            "intent": _by_fold((*said, *(talk or ()))),
            "small talk": None if talk is None else _by_fold((*said, *talk)),
            "parent intent": _by_fold(vocabulary.parents),
            "trait": None if vocabulary.traits is None else _by_fold(vocabulary.traits),
            "entity": None if vocabulary.entities is None else _by_fold(vocabulary.entities),
        }

    def unknown(self, case: BatchCase) -> Iterator[Unknown]:
        """The names of a case that the bot does not have."""
        for name in case.intents:
            if not is_none(name) and not conversation_intent(name):
                yield from self._missing("small talk" if is_pattern(name) else "intent", name)
        for name in case.parent_intents:
            yield from self._missing("parent intent", name)
        for name in case.traits:
            yield from self._missing("trait", name)
        for entity in case.entities:
            yield from self._missing("entity", entity.name)

    def closest(self, unknown: Unknown) -> str:
        """The bot's name that was probably meant; empty when none is near."""
        known = self._known[unknown.kind] or {}
        near = get_close_matches(fold(unknown.name), known, n=1, cutoff=0.65)
        return known[near[0]] if near else ""

    def _missing(self, kind: Kind, name: str) -> Iterator[Unknown]:
        known = self._known[kind]
        if known is not None and fold(name) not in known:
            yield Unknown(kind, name)


def training_vocabulary(training: Iterable[BatchCase]) -> Vocabulary:
    """The vocabulary of a bot that is known by its training utterances alone."""
    intents: dict[str, None] = {}
    parents: dict[str, None] = {}
    traits: dict[str, None] = {}
    for case in training:
        intents |= dict.fromkeys(case.intents)
        parents |= dict.fromkeys(case.parent_intents)
        traits |= dict.fromkeys(case.traits)
    return Vocabulary(
        intents=tuple(intents), parents=(*intents, *parents), traits=tuple(traits) if traits else None
    )


def _by_fold(names: Iterable[str]) -> dict[str, str]:
    return {fold(name): name for name in names}
