"""One result: a step of a conversation run, or an utterance of a batch run."""

from typing import Annotated, Any

import msgspec

from vivavoce.domain.batch.utterance import IntentType, Outcome
from vivavoce.domain.verdict import Verdict
from vivavoce.formats.reports.shapes.base import Count, Shape, about

_REPEAT = msgspec.Meta(ge=1, description="Which playing of its case, where cases were repeated.")


class Evidence(Shape, frozen=True, kw_only=True):
    """What went over the wire at a step; secrets masked."""

    request: str
    reply: Annotated[str, about("Empty: none came.")]


class Step(Shape, frozen=True, kw_only=True):
    """One step of a conversation run."""

    index: Annotated[Count, about("From 0, over the whole run.")]
    case: Annotated[str, about("Its test case's name.")]
    step: Annotated[Count, about("From 1, in its case.")]
    unit: Annotated[Count, about("Its conversation in the run, from 0: tells cases of one name apart.")]
    repeat: Annotated[int, _REPEAT] | msgspec.UnsetType = msgspec.UNSET
    input: Annotated[str, about("What the user said.")]
    trigger: Annotated[str | None, about("What stood for an input.")]
    verdict: Verdict
    expected: Annotated[tuple[str, ...], about("The texts of the expected outputs.")]
    actual: Annotated[tuple[str, ...] | None, about("The texts of the reply; null: there was none.")]
    intents: Annotated[tuple[str, ...], about("That the bot told with its reply.")]
    reasons: Annotated[tuple[str, ...], about("Why it did not pass.")]
    warnings: tuple[str, ...]
    duration_ms: float
    values: Annotated[dict[str, Any] | None, about("What its case's variables stood for.")] = None
    tolerated: Annotated[bool, about("It did not hold, but its case met its threshold.")] = False
    evidence: Annotated[Evidence | None, about("Of a step that failed or is in error.")] = None


class Candidate(Shape, frozen=True, kw_only=True):
    """An intent that the bot considered."""

    name: str
    score: Annotated[float | None, about("null: the bot tells none.")]
    type: Annotated[IntentType, about("Empty: unknown.")]


class FoundEntity(Shape, frozen=True, kw_only=True):
    """An entity that the bot found."""

    name: str
    value: str


class Expected(Shape, frozen=True, kw_only=True):
    """What an utterance must be recognised as."""

    intents: Annotated[tuple[str, ...], about("Any of them is right; none: no intent is expected.")]
    traits: Annotated[tuple[str, ...], about("All of them; further ones are fine.")]
    parent_intents: Annotated[tuple[str, ...], about("Outermost first.")]
    entity_order: tuple[str, ...]
    fulfillment_type: str = ""
    bot_names: Annotated[tuple[str, ...], about("Of a case of several apps.")] = ()


class Matched(Shape, frozen=True, kw_only=True):
    """What the bot recognised."""

    intents: Annotated[tuple[Candidate, ...], about("Several: ambiguous; none: no intent.")]
    candidates: Annotated[tuple[Candidate, ...], about("Best first, where the bot tells.")]
    traits: tuple[str, ...]
    entity_order: Annotated[tuple[str, ...], about("Names of the found entities.")]
    entities: Annotated[tuple[FoundEntity, ...], about("All that were found, in order.")] = ()
    parent_intent: str = ""
    task_state: str = ""
    elimination: Annotated[str, about("Why others lost, where the bot tells.")] = ""
    bot_names: Annotated[tuple[str, ...], about("Whose bots answered, where it is told.")] = ()
    fulfillment: Annotated[str, about("The category by which the bot fulfilled it, where told.")] = ""


class JudgedEntity(Shape, frozen=True, kw_only=True):
    """One expected entity against what was found."""

    name: str
    expected: Annotated[tuple[str, ...], about("Any of these values, or expressions, is right.")]
    actual: Annotated[str, about("Empty: not found.")]
    matched: bool


class JudgedTrait(Shape, frozen=True, kw_only=True):
    name: str
    matched: bool


class Utterance(Shape, frozen=True, kw_only=True):
    """One utterance of a batch run."""

    index: Annotated[Count, about("From 0, over the whole run.")]
    case_id: Annotated[str, about("The case's own id in the suite, by which runs are paired.")] = ""
    line: Annotated[Count, about("Of the suite's file, from 1.")] = 0
    utterance: str
    verdict: Verdict
    outcome: Annotated[Outcome | None, about("null: in error, or not executed.")]
    expected: Expected
    matched: Annotated[Matched | None, about("null: the bot did not answer, or was not asked.")]
    entities: Annotated[tuple[JudgedEntity, ...], about("One each expected entity.")]
    traits: Annotated[tuple[JudgedTrait, ...], about("One each expected trait.")]
    reasons: Annotated[tuple[str, ...], about("Why it did not pass.")]
    warnings: tuple[str, ...]
    duration_ms: float
