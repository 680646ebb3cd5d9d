"""A training set and what checks find in it, as values."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import msgspec

from vivavoce.domain.batch.names import fold, is_none
from vivavoce.domain.batch.utterance import BatchCase

Severity = Literal["error", "warning", "notice"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "notice")

Kind = Literal[
    "contradiction",
    "faq_collision",
    "suite_contradiction",
    "leak",
    "near_leak",
    "near_duplicate",
    "duplicate",
    "few_utterances",
    "imbalance",
    "same_name",
    "no_words",
    "only_values",
    "one_word",
    "very_long",
]

KINDS: dict[Kind, tuple[Severity, str]] = {
    "contradiction": ("error", "the same utterance under several intents"),
    "faq_collision": ("error", "the same utterance under an FAQ and something else"),
    "suite_contradiction": ("error", "a suite expects another intent than was trained"),
    "leak": ("error", "utterances of a suite that were trained"),
    "near_leak": ("warning", "utterances of a suite that nearly were trained"),
    "near_duplicate": ("warning", "nearly the same utterance under two intents"),
    "duplicate": ("warning", "the same utterance more than once under an intent"),
    "few_utterances": ("warning", "intents with few utterances"),
    "imbalance": ("warning", "intents with far more utterances than the others"),
    "same_name": ("warning", "names that are equal without case"),
    "no_words": ("warning", "utterances without a word"),
    "only_values": ("warning", "utterances that are nothing but values"),
    "one_word": ("notice", "utterances of one word"),
    "very_long": ("notice", "very long utterances"),
}
"""Every kind of finding with its severity, most important first."""

OUT_OF_SCOPE = "None"  # the label of utterances of no intent


class Training(msgspec.Struct, frozen=True, kw_only=True):
    """What a bot was trained on: each utterance with its intent, in the order of the file."""

    source: str  # the file, or the bot's name
    cases: tuple[BatchCase, ...]
    faqs: frozenset[str] = frozenset()  # primary questions, folded
    values: frozenset[int] = frozenset()  # indices of cases that are nothing but entity values


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a finding is seen."""

    utterance: str = ""
    intent: str = ""
    file: str = ""
    line: int = 0  # from 1; 0 where unknown

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}" if self.line else self.file
        return ": ".join(part for part in (where, self.intent, self.utterance) if part)


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that was found: what it is, with the way out, and where."""

    kind: Kind
    severity: Severity
    sentence: str
    places: tuple[Place, ...] = ()
    places_left_out: int = 0
    score: float | None = None  # likeness, 0 to 1


class Share(msgspec.Struct, frozen=True):
    """How much of a suite was trained: exactly, or nearly so."""

    file: str
    utterances: int
    leaked: int
    near: int


class Checked(msgspec.Struct, frozen=True):
    """What the checks of a training set came to. `findings`: most severe first, at most a number a kind."""

    source: str
    utterances: int
    intents: int
    counts: dict[Kind, int]  # of all findings
    findings: tuple[Finding, ...]
    suites: tuple[Share, ...] = ()

    def count(self, severity: Severity) -> int:
        """All findings of a severity, those that were left out too."""
        return sum(count for kind, count in self.counts.items() if KINDS[kind][0] == severity)


class Likeness(NamedTuple):
    """Two texts by their indices, and how alike they are: 0 to 1."""

    left: int
    right: int
    score: float


PLACES = 10  # shown of one finding


def finding(
    kind: Kind, sentence: str, places: Sequence[Place] = (), *, score: float | None = None
) -> Finding:
    """A finding of a kind, its places capped."""
    return Finding(
        kind, KINDS[kind][0], sentence, tuple(places[:PLACES]), max(0, len(places) - PLACES), score
    )


def label(case: BatchCase) -> str:
    """What an utterance is trained as, as written: its intents, or `None`; empty where it has only traits."""
    named = [name.strip() for name in case.intents if not is_none(name)]
    if named:
        return " | ".join(named)
    return "" if case.traits and not case.intents else OUT_OF_SCOPE


def first_label(case: BatchCase) -> str:
    """The one intent that an utterance teaches a classifier: the first, or `None`; empty where it has only
    traits."""
    named = next((name for name in case.intents if not is_none(name)), "")
    return named or ("" if case.traits and not case.intents else OUT_OF_SCOPE)


def stratum(case: BatchCase) -> str:
    """The comparable form of what an utterance teaches: cases of one stratum are dealt out evenly."""
    return fold(label(case)) or "traits: " + " | ".join(sorted(map(fold, case.traits)))


def place(training: Training, case: BatchCase) -> Place:
    """Where an utterance of a training set stands."""
    return Place(case.utterance, label(case), training.source if case.line else "", case.line)
