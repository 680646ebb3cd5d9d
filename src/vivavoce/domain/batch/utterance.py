"""Batch cases: one utterance with what a bot must recognise in it, and what the bot did recognise."""

from typing import Literal

import msgspec

IntentType = Literal["dialog", "faq", "smalltalk", ""]


class EntityExpectation(msgspec.Struct, frozen=True, omit_defaults=True):
    """An entity that must be found; one of the values must match (each a text or an expression, 8.18)."""

    name: str
    values: tuple[str, ...]


class BatchCase(msgspec.Struct, frozen=True, omit_defaults=True):
    """One utterance and its expectations (testing-api.md 4.1)."""

    utterance: str
    intents: tuple[str, ...] = ()  # any of them is right; empty = no intent expected
    traits: tuple[str, ...] = ()  # all of them; extra ones are fine
    parent_intents: tuple[str, ...] = ()  # context of a sub-intent, outermost first
    entities: tuple[EntityExpectation, ...] = ()
    entity_order: tuple[str, ...] = ()  # shown, not judged (8.11)
    fulfillment_type: str = ""  # engine dgpt
    bot_names: tuple[str, ...] = ()  # multi-app cases
    line: int = 0  # 1-based line of the file, 0 where unknown
    id: str = ""  # ours: by which runs are paired; empty: by the utterance


class Candidate(msgspec.Struct, frozen=True, omit_defaults=True):
    """An intent that the bot considered."""

    name: str
    score: float | None = None
    type: IntentType = ""


class FoundEntity(msgspec.Struct, frozen=True, omit_defaults=True):
    """An entity value that the bot found, structured values flattened to text (4.1)."""

    name: str
    value: str


class Classification(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a bot recognised in one utterance."""

    winning: tuple[Candidate, ...] = ()  # several = ambiguous; empty = no intent
    candidates: tuple[Candidate, ...] = ()  # best first, with the winning ones, where the bot tells
    traits: tuple[str, ...] = ()
    entities: tuple[FoundEntity, ...] = ()  # in the order found
    parent_intent: str = ""
    task_state: str = ""  # e.g. published, configured
    elimination: str = ""  # why others lost, where the bot tells
    bot_names: tuple[str, ...] = ()  # multi-app: whose bots answered; empty: not told
    fulfillment: str = ""  # engine dgpt: the category by which the bot says it fulfilled the utterance


Outcome = Literal["TP", "TN", "FP", "FN"]


class EntityResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """One expected entity against what was found."""

    name: str
    expected: tuple[str, ...]
    actual: str  # empty: not found
    matched: bool


class TraitResult(msgspec.Struct, frozen=True, omit_defaults=True):
    name: str
    matched: bool


class CaseResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """One batch case as it was classified and judged."""

    index: int  # 0-based, over the whole run
    case: BatchCase
    classification: Classification | None = None  # None: the bot failed, or not executed
    outcome: Outcome | None = None  # None: in error
    passed: bool = False  # intent TP or TN, and all entities match (8.11)
    entities: tuple[EntityResult, ...] = ()
    traits: tuple[TraitResult, ...] = ()
    actual_order: tuple[str, ...] = ()
    error: str = ""  # why there is no classification
    warnings: tuple[str, ...] = ()
    duration_ms: float = 0.0
