"""How an LLM-orchestrated bot (engine `dgpt`) is expected to fulfil an utterance: the categories of a case.

The words are those of testing-api.md 4.1; they compare without case, blanks and punctuation, and the word
"intent" may follow (`Multi Intent`). A run with the engine `regression` leaves categories aside.
"""

from difflib import get_close_matches
from typing import Final, Literal

from vivavoce.domain.batch.names import fold, is_none
from vivavoce.domain.batch.utterance import BatchCase

Category = Literal[
    "", "single", "multi", "ambiguous", "small talk", "no intent", "answer generation", "conversation"
]
"""`conversation`: one of the CONVERSATION_INTENTS. Empty: none is stated, or it is not a known one."""

NluEngine = Literal["regression", "dgpt"]
"""What a batch run is judged as: an intent model, or an LLM's orchestration, whose categories count."""

NLU_ENGINES: Final[tuple[NluEngine, ...]] = ("regression", "dgpt")

CONVERSATION_INTENTS: Final = tuple(
    f"ConversationIntent-{name}" for name in ("Hold", "Restart", "Refuse", "End", "AgentTransfer", "Repeat")
)
ANSWER_GENERATION: Final = "Answer Generation"
SMALL_TALK: Final = "Small Talk"
MOST_INTENTS: Final = 5  # of `multi` and `ambiguous`

SPELLED: Final = (
    "single",
    "multi",
    "ambiguous",
    "small talk",
    "no intent",
    "answer generation",
    *CONVERSATION_INTENTS,
)
"""Every category as a file may write it."""


def key(text: str) -> str:
    """The letters and digits alone, folded: `Conversation Intent - Hold` is `conversationintenthold`."""
    return "".join(filter(str.isalnum, fold(text)))


_CONVERSATION: Final = {key(name): name for name in CONVERSATION_INTENTS}
_CATEGORIES: Final[dict[str, Category]] = {
    "single": "single",
    "singleintent": "single",
    "multi": "multi",
    "multiple": "multi",
    "multiintent": "multi",
    "multiintents": "multi",
    "multipleintents": "multi",
    "ambiguous": "ambiguous",
    "ambiguousintent": "ambiguous",
    "ambiguousintents": "ambiguous",
    "smalltalk": "small talk",
    "nointent": "no intent",
    "none": "no intent",
    "answergeneration": "answer generation",
    "conversation": "conversation",
    "conversationintent": "conversation",
    "conversationintents": "conversation",
    **dict.fromkeys(_CONVERSATION, "conversation"),
}


def category_of(text: str) -> Category:
    """The category that a fulfillment type names."""
    return _CATEGORIES.get(key(text), "") if text else ""


def conversation_intent(text: str) -> str:
    """The conversation intent that a text names, as the platform spells it; else empty."""
    return _CONVERSATION.get(key(text), "")


def expected_names(case: BatchCase) -> tuple[str, ...]:
    """The intents that a case expects, by name, with what its category alone expects.

    Empty: no intent is expected (or the case is judged by traits alone).
    """
    named = tuple(name for name in case.intents if not is_none(name))
    if not case.fulfillment_type:
        return named
    match category_of(case.fulfillment_type):
        case "no intent":
            return ()
        case "conversation":
            own = conversation_intent(case.fulfillment_type)
            return (own,) if own else named
        case "answer generation":
            return named or (ANSWER_GENERATION,)
        case "small talk":
            return named or (SMALL_TALK,)
        case _:
            return named


def problem(case: BatchCase) -> str:
    """What contradicts itself between a case's fulfillment type and its intents, with the way out; empty
    when nothing does. The case is judged all the same, by its category."""
    if not case.fulfillment_type:
        return ""
    category, named = category_of(case.fulfillment_type), [name for name in case.intents if not is_none(name)]
    stated = f"the fulfillment type {case.fulfillment_type.strip()!r}"
    count = f"{len(named)} {'is' if len(named) == 1 else 'are'} named" if named else "none is named"
    match category:
        case "":
            near = _closest(case.fulfillment_type)
            hint = f"did you mean {near!r}?" if near else f"there are {', '.join(SPELLED)}"
            return f"{stated} is unknown, so it does not count; {hint}"
        case "single" if len(named) != 1:
            return f"{stated} expects one intent, but {count}"
        case "multi" | "ambiguous" if not 2 <= len(named) <= MOST_INTENTS:
            return f"{stated} expects 2 to {MOST_INTENTS} intents, but {count}: write `A | B`"
        case "multi" | "ambiguous" if len({fold(name) for name in named}) < len(named):
            return f"{stated} expects different intents, but one is named twice"
        case "no intent" if named:
            return f"{stated} expects no intent, but {count}: leave the intent empty"
        case "conversation":
            return _conversation_problem(case.fulfillment_type, stated, named)
    return ""


def _conversation_problem(text: str, stated: str, named: list[str]) -> str:
    own = conversation_intent(text)
    if own:
        others = [name for name in named if conversation_intent(name) != own]
        return f"{stated} expects that intent alone, but {others[0]!r} is named" if others else ""
    if len(named) == 1 and conversation_intent(named[0]):
        return ""
    return f"{stated} expects one of {', '.join(CONVERSATION_INTENTS)} as the intent"


def _closest(text: str) -> str:
    spelled = {key(name): name for name in SPELLED}
    near = get_close_matches(key(text), spelled, n=1, cutoff=0.6)
    return spelled[near[0]] if near else ""
