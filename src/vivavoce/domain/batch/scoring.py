"""The judgement of batch cases: TP, TN, FP or FN, traits and entities (testing-api.md 4.4, 8.18 to 8.21).

What the documents leave open, decided here:

- A case that names traits and no intent is judged by traits alone: TP when all of them were found, else FN;
  extra traits are fine. Where a case names both, the intent makes the outcome, and the case passes only when
  its traits were found too.
- `None` among several accepted intents (`A | None`) also accepts that no intent is matched (TN).
- A parent intent that the bot reports and that is not the expected one makes the match another sub-intent
  than the expected one: FP. A bot that reports none is not judged by it.
- An answer of another app's bot than the expected ones (`botName`) is a wrong match: FP. Where the bot does
  not tell who answered, the case is judged without, and the run warns of it once.

The fulfillment categories count with the engine `dgpt` alone; a run with `regression` judges (and keeps) its
cases without them:

- *single*: one intent is matched, and it is (one of) the expected.
- *multi*: exactly these intents in this order; *ambiguous*: exactly these, in any order.
- *small talk*: exactly the named small talk; where none is named, any small talk and nothing else.
- *no intent*: none is matched (TN), whatever the case names besides.
- *answer generation*: the bot says so, as its category or by a match of that name, or it matches the named
  intent.
- *ConversationIntent-...*: that intent alone, in any spelling of its letters.
- A bot that tells its category (`fulfillment` in its bot file) and tells another than the expected one is
  wrong: FP. One that matches no intent but tells answer generation, small talk or a conversation intent has
  matched that.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from vivavoce.domain.batch.entities import EntityJudge
from vivavoce.domain.batch.fulfillment import (
    ANSWER_GENERATION,
    SMALL_TALK,
    Category,
    category_of,
    conversation_intent,
    expected_names,
    key,
)
from vivavoce.domain.batch.names import NONE_NAMES, fold, is_none, is_pattern
from vivavoce.domain.batch.utterance import (
    BatchCase,
    Candidate,
    CaseResult,
    Classification,
    Outcome,
    TraitResult,
)

DGPT = "dgpt"

BOT_NOT_TOLD = (
    "the case names the bot that must answer (`botName`), but this bot does not tell which one did: judged "
    "without it, here and in all further cases; map `bot_name` under `nlu` in the bot file"
)


CATEGORIES_ASIDE = (
    "the case has a fulfillment category, which counts with the engine `dgpt` alone: judged by its intents, "
    "here and in all further cases; `--engine dgpt`, or `engine` of the run, makes it count"
)


KEPT_CANDIDATES = 20
"""Of a bot that tells all its intents for each utterance, so many are kept, and the expected ones."""


class Scorer:
    """Judges the cases of one run, one at a time; keeps what warns once, or is bounded, over a run."""

    def __init__(self, engine: str = DGPT) -> None:
        self._categories = engine == DGPT
        self._entities = EntityJudge()
        self._told_of_bots = False
        self._told_of_categories = False

    def score(
        self, index: int, case: BatchCase, classification: Classification, duration_ms: float
    ) -> CaseResult:
        """Judge one classified utterance; `passed` when intent, traits and all entities are right."""
        if len(classification.candidates) > KEPT_CANDIDATES:
            classification = _shortened(case, classification)
        if case.fulfillment_type and not self._categories:
            return self._without_category(index, case, classification, duration_ms)
        if case.entities or case.traits or case.bot_names:
            return self._in_full(index, case, classification, duration_ms)
        outcome = _outcome(case, classification)
        found = classification.entities
        return CaseResult(
            index,
            case,
            classification,
            outcome,
            outcome == "TP" or outcome == "TN",
            actual_order=tuple([entity.name for entity in found]) if found else (),
            duration_ms=duration_ms,
        )

    def _without_category(
        self, index: int, case: BatchCase, classification: Classification, duration_ms: float
    ) -> CaseResult:
        result = self.score(index, replace(case, fulfillment_type=""), classification, duration_ms)
        if self._told_of_categories:
            return result
        self._told_of_categories = True
        return replace(result, warnings=(_place(case, index) + CATEGORIES_ASIDE, *result.warnings))

    def _in_full(
        self, index: int, case: BatchCase, classification: Classification, duration_ms: float
    ) -> CaseResult:
        found_traits = {fold(trait) for trait in classification.traits}
        traits = tuple([TraitResult(trait, fold(trait) in found_traits) for trait in case.traits])
        traits_found = all(trait.matched for trait in traits)
        outcome: Outcome
        if by_traits_alone(case):
            outcome = "TP" if traits_found else "FN"
        else:
            outcome = _outcome(case, classification)
        where = _place(case, index)
        warnings: tuple[str, ...] = ()
        if case.bot_names and outcome == "TP":
            if not _bot_fits(case.bot_names, classification.bot_names):
                outcome = "FP"
            elif not classification.bot_names and not self._told_of_bots:
                self._told_of_bots = True
                warnings = (where + BOT_NOT_TOLD,)
        judge, found = self._entities.judge, classification.entities
        entities = tuple([judge(expected, found, where) for expected in case.entities])
        return CaseResult(
            index=index,
            case=case,
            classification=classification,
            outcome=outcome,
            passed=outcome in ("TP", "TN") and traits_found and all(entity.matched for entity in entities),
            entities=entities,
            traits=traits,
            actual_order=tuple([entity.name for entity in found]),
            warnings=warnings + self._entities.warnings(),
            duration_ms=duration_ms,
        )


def score_case(
    index: int, case: BatchCase, classification: Classification, duration_ms: float, engine: str = DGPT
) -> CaseResult:
    """Judge one classified utterance on its own, its category with it."""
    return Scorer(engine).score(index, case, classification, duration_ms)


def case_in_error(index: int, case: BatchCase, error: str, duration_ms: float = 0) -> CaseResult:
    """An utterance that could not be classified: in no figure but its own count."""
    return CaseResult(index=index, case=case, error=error, duration_ms=duration_ms)


def by_traits_alone(case: BatchCase) -> bool:
    """Whether a case is about no intent at all."""
    return bool(case.traits) and not case.intents and not category_of(case.fulfillment_type)


def _shortened(case: BatchCase, classification: Classification) -> Classification:
    """Without the candidates that nobody will ask for: beyond the best ones, and not expected."""
    expected = {fold(name) for name in case.intents}
    best, rest = classification.candidates[:KEPT_CANDIDATES], classification.candidates[KEPT_CANDIDATES:]
    asked_for = tuple(candidate for candidate in rest if fold(candidate.name) in expected)
    return replace(classification, candidates=best + asked_for)


def outcome_of(case: BatchCase, classification: Classification) -> Outcome:
    """What a case that is about intents would come to by another classification."""
    outcome = _outcome(case, classification)
    if outcome == "TP" and case.bot_names and not _bot_fits(case.bot_names, classification.bot_names):
        return "FP"
    return outcome


def _outcome(case: BatchCase, classification: Classification) -> Outcome:
    won = classification.winning
    if len(won) == 1 and not case.parent_intents and not case.fulfillment_type:
        if (quick := _of_one(case.intents, won[0])) is not None:
            return quick
    winning = [fold(winner.name) for winner in won if not is_none(winner.name)]
    if case.fulfillment_type and (category := category_of(case.fulfillment_type)):
        if classification.fulfillment and not winning:
            winning = fulfilled_by(classification.fulfillment)
        return _by_category(category, case, classification, winning)
    expected = [fold(name) for name in case.intents if not is_none(name)]
    if not winning:
        return "FN" if expected and len(expected) == len(case.intents) else "TN"
    if not expected or not _parent_fits(case.parent_intents, classification.parent_intent):
        return "FP"
    return "TP" if _accepted(expected, winning, classification) else "FP"


def _of_one(intents: Sequence[str], winner: Candidate) -> Outcome | None:
    """What most cases of most runs come to, as the rules below would have it, in half the time; None: those
    have to be asked."""
    name = fold(winner.name)
    if name in NONE_NAMES:
        return None
    if len(intents) == 1:
        expected = fold(intents[0])
        return None if expected in NONE_NAMES else "TP" if name == expected else "FP"
    if winner.type in ("dialog", "faq") and winner.name in intents and not is_pattern(name):
        return "TP"
    return None


def _by_category(
    category: Category, case: BatchCase, classification: Classification, winning: list[str]
) -> Outcome:
    names = expected_names(case)
    if not winning:
        return "FN" if names else "TN"
    if not names or not _parent_fits(case.parent_intents, classification.parent_intent):
        return "FP"
    told = category_of(classification.fulfillment)
    if told and told != category:
        return "FP"
    return "TP" if _fulfills(category, case, names, classification, winning) else "FP"


def _fulfills(
    category: Category,
    case: BatchCase,
    names: Sequence[str],
    classification: Classification,
    winning: list[str],
) -> bool:
    expected = [fold(name) for name in names]
    match category:
        case "single":
            return len(set(winning)) == 1 and winning[0] in expected
        case "multi":
            return winning == expected
        case "ambiguous":
            return set(winning) == set(expected)
        case "small talk":
            if len(case.intents) and names == case.intents:
                return set(winning) == set(expected)
            talk = _small_talk(classification) | {fold(SMALL_TALK)}
            return all(is_pattern(name) or name in talk for name in winning)
        case "answer generation":
            generated = category_of(classification.fulfillment) == "answer generation" or all(
                key(name) == key(ANSWER_GENERATION) for name in winning
            )
            return generated if not case.intents else generated or set(winning) <= set(expected)
        case _:
            return {key(name) for name in winning} == {key(name) for name in names}


def fulfilled_by(told: str) -> list[str]:
    """What is matched where no intent is but the bot's category says that it did something."""
    match category_of(told):
        case "answer generation":
            return [fold(ANSWER_GENERATION)]
        case "small talk":
            return [fold(SMALL_TALK)]
        case "conversation" if name := conversation_intent(told):
            return [fold(name)]
        case _:
            return []


def _accepted(expected: list[str], winning: list[str], classification: Classification) -> bool:
    if len(expected) == 1 == len(winning):
        return expected == winning
    small_talk = _small_talk(classification)
    if all(is_pattern(name) or name in small_talk for name in winning):
        return set(winning) == {name for name in expected if is_pattern(name) or name in small_talk}
    return set(winning) <= set(expected)


def _small_talk(classification: Classification) -> set[str]:
    """What the bot itself calls small talk."""
    considered = (*classification.winning, *classification.candidates)
    return {fold(candidate.name) for candidate in considered if candidate.type == "smalltalk"}


def _parent_fits(expected: Sequence[str], reported: str) -> bool:
    """Whether one of the two, innermost levels compared first, is the tail of the other."""
    if not expected or not reported:
        return True
    wanted = [fold(level) for level in expected if level.strip()]
    levels = [fold(level) for level in reported.replace(">>", "||").split("||") if level.strip()]
    return all(left == right for left, right in zip(reversed(wanted), reversed(levels), strict=False))


def _bot_fits(expected: Sequence[str], told: Sequence[str]) -> bool:
    """Whether all that answered are among the expected bots; also where the bot does not tell."""
    return {fold(name) for name in told} <= {fold(name) for name in expected}


def _place(case: BatchCase, index: int) -> str:
    return f"line {case.line}: " if case.line else f"case {index + 1}: "
