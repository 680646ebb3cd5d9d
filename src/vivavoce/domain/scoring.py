"""The judgement of one batch case: TP, TN, FP or FN, its traits and entities (4.4, 8.18, 8.19).

What the documents leave open, decided here:

- A case that names traits and no intent is judged by traits alone: TP when all of them were found, else FN;
  extra traits are fine. Where a case names both, the intent makes the outcome, and the case passes only when
  its traits were found too.
- `None` among several accepted intents (`A | None`) also accepts that no intent is matched (TN).
- A parent intent that the bot reports and that is not the expected one makes the match another sub-intent
  than the expected one: FP. A bot that reports none is not judged by it.
- Fulfillment `multi...` expects exactly these intents in this order, `ambiguous...` exactly these in any.
"""

from collections.abc import Sequence

from vivavoce.domain.entities import EntityJudge
from vivavoce.domain.names import fold, is_none, is_pattern
from vivavoce.domain.utterance import BatchCase, CaseResult, Classification, Outcome, TraitResult


def score_case(index: int, case: BatchCase, classification: Classification, duration_ms: float) -> CaseResult:
    """Judge one classified utterance; `passed` when intent, traits and all entities are right."""
    found_traits = {fold(trait) for trait in classification.traits} if case.traits else set[str]()
    traits = tuple(TraitResult(trait, fold(trait) in found_traits) for trait in case.traits)
    traits_found = all(trait.matched for trait in traits)
    outcome: Outcome
    if case.traits and not case.intents:
        outcome = "TP" if traits_found else "FN"
    else:
        outcome = _outcome(case, classification)
    judge = EntityJudge()
    entities = tuple(judge.judge(expected, classification.entities) for expected in case.entities)
    return CaseResult(
        index=index,
        case=case,
        classification=classification,
        outcome=outcome,
        passed=outcome in ("TP", "TN") and traits_found and all(entity.matched for entity in entities),
        entities=entities,
        traits=traits,
        actual_order=tuple(entity.name for entity in classification.entities),
        warnings=judge.warnings,
        duration_ms=duration_ms,
    )


def case_in_error(index: int, case: BatchCase, error: str, duration_ms: float = 0) -> CaseResult:
    """An utterance that could not be classified: in no figure but its own count."""
    return CaseResult(index=index, case=case, error=error, duration_ms=duration_ms)


def _outcome(case: BatchCase, classification: Classification) -> Outcome:
    expected = [fold(name) for name in case.intents if not is_none(name)]
    winning = [fold(winner.name) for winner in classification.winning if not is_none(winner.name)]
    if not winning:
        return "FN" if expected and len(expected) == len(case.intents) else "TN"
    if not expected or not _parent_fits(case.parent_intents, classification.parent_intent):
        return "FP"
    return "TP" if _accepted(expected, winning, case.fulfillment_type, _small_talk(classification)) else "FP"


def _accepted(expected: list[str], winning: list[str], fulfillment: str, small_talk: set[str]) -> bool:
    kind = fold(fulfillment)
    if kind.startswith("multi"):
        return expected == winning
    if kind.startswith("ambiguous"):
        return set(expected) == set(winning)
    if all(is_pattern(name) or name in small_talk for name in winning):
        return set(winning) == {name for name in expected if is_pattern(name) or name in small_talk}
    return set(winning) <= set(expected)


def _small_talk(classification: Classification) -> set[str]:
    """What the bot itself calls small talk."""
    considered = (*classification.winning, *classification.candidates)
    return {fold(candidate.name) for candidate in considered if candidate.type == "smalltalk"}


def _parent_fits(expected: Sequence[str], reported: str) -> bool:
    """Whether one of the two, innermost levels compared first, is the tail of the other."""
    wanted = [fold(level) for level in expected if level.strip()]
    levels = [fold(level) for level in reported.replace(">>", "||").split("||") if level.strip()]
    return all(left == right for left, right in zip(reversed(wanted), reversed(levels), strict=False))
