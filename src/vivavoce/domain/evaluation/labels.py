"""What one judged case says about each intent, one against the rest."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from vivavoce.domain.batch.fulfillment import category_of, expected_names
from vivavoce.domain.batch.names import fold, is_none, is_pattern
from vivavoce.domain.batch.scoring import fulfilled_by
from vivavoce.domain.batch.utterance import BatchCase, CaseResult, Classification, IntentType, Outcome
from vivavoce.domain.evaluation.values import NO_INTENT

_TYPES: Final[tuple[IntentType, ...]] = (
    "dialog",
    "faq",
    "smalltalk",
    "",
)  # a bot that contradicts itself: the first
_NONE: Final = (NO_INTENT,)


class Compared(NamedTuple):
    """The intents of a case by their key; each stands on one side only."""

    hits: tuple[str, ...]  # expected and matched
    missed: tuple[str, ...]  # expected, not matched
    wrong: tuple[str, ...]  # matched, not expected


_TRUE_NEGATIVE: Final = Compared(_NONE, (), ())


class Labels:
    """The names of a run's intents: how they compare (once a name), how they are spelt, what type they are.

    A key is a name's comparable form; `NO_INTENT` is the key of every name that says that there is none. What
    is kept depends on the number of names, and on how many pairs of them were met.
    """

    def __init__(self) -> None:
        self._keys: dict[str, str] = {}  # by name
        self._spelt: dict[str, str] = {NO_INTENT: NO_INTENT}  # by key, as first seen
        self._types: dict[str, IntentType] = {}  # by name, of all that the bot named
        self._known: dict[tuple[str, str | None, Outcome | None], Compared] = {}  # of plain cases

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_known": {}}  # what is quickly found out again does not travel

    def key(self, name: str) -> str:
        """The form in which a name is compared."""
        key = self._keys.get(name)
        if key is None:
            key = self._keys[name] = NO_INTENT if is_none(name) else fold(name)
            self._spelt.setdefault(key, name.strip())
        return key

    def keys(self, names: Sequence[str]) -> tuple[str, ...]:
        """The keys of the names that mean an intent, each once."""
        return tuple(dict.fromkeys(key for key in map(self.key, names) if key))

    def name(self, key: str) -> str:
        """How a name was first spelt."""
        return self._spelt[key]

    def learn(self, classification: Classification) -> None:
        """Note which intents the bot considered, and what it calls them."""
        for candidate in classification.candidates or classification.winning:
            known = self._types.get(candidate.name)
            if known != candidate.type and (candidate.type or known is None):
                self._note(candidate.name, candidate.type)

    def absorb(self, later: "Labels") -> None:
        """Add what another one knows, of results that follow."""
        self._keys = later._keys | self._keys
        self._spelt = later._spelt | self._spelt
        for name, told in later._types.items():
            self._note(name, told)

    def types(self) -> dict[str, IntentType]:
        """The types by key: what the bot called it anywhere in the run; empty where it only named it."""
        found: dict[str, IntentType] = {}
        for name, told in self._types.items():
            key = fold(name)
            found[key] = min(found.get(key, told), told, key=_TYPES.index)
        for key in self._spelt:
            if is_pattern(key) and not found.get(key):
                found[key] = "smalltalk"
        return found

    def compare(self, result: CaseResult, found: Classification) -> Compared:
        """A judged case that is about intents.

        - One that expects none has `NO_INTENT` as what it expects, one that matched none as what it matched.
        - Several accepted intents (`A | B`, `A | None`) are one expectation: the case counts for the matched
          one when it is right (for none, when none was matched and that is right), else for the first.
        - Where all are expected (fulfillment *multi* and *ambiguous*, lists of small talk) each counts: found
          or missed. Their order is judged in the case's outcome, not here.
        - Of several winning intents each unexpected one is wrong. When the case failed for them, the expected
          intent counts as missed, though it was among them: so says the outcome (testing-api.md 8.19).
        - The right name below another parent intent, or of another app's bot, is another intent. It is named
          with that.
        """
        case, outcome = result.case, result.outcome
        if outcome == "TN":
            return _TRUE_NEGATIVE
        winning, intents = found.winning, case.intents
        if (
            len(intents) != 1
            or len(winning) > 1
            or case.parent_intents
            or case.bot_names
            or case.fulfillment_type
            or found.fulfillment
        ):
            return self._compare(result, found)
        pair = intents[0], winning[0].name if winning else None, outcome  # most cases of most runs
        known = self._known.get(pair)
        if known is None:
            known = self._known[pair] = self._compare(result, found)
        return known

    def _compare(self, result: CaseResult, found: Classification) -> Compared:
        case, outcome, winning = result.case, result.outcome, found.winning
        expected = self.keys(expected_names(case) if case.fulfillment_type else case.intents)
        matched = self.keys([winner.name for winner in winning] or fulfilled_by(found.fulfillment))
        if not expected:
            return Compared((), _NONE, matched)
        together = len(expected) > 1 and _expected_together(case, expected)
        if outcome == "FN":
            return Compared((), expected if together else expected[:1], _NONE)
        if outcome == "TP":
            first = next((key for key in expected if key in matched), expected[0])
            return Compared(expected if together else (first,), (), ())
        wrong = tuple([key for key in matched if key not in expected])
        if wrong and not together:
            return Compared((), expected[:1], wrong)
        other = "" if together else _told_beside(case, found)
        if other:
            return Compared(
                (), expected[:1], tuple(self.key(f"{other} || {self.name(key)}") for key in matched)
            )
        return Compared(
            tuple(key for key in expected if key in matched),
            tuple(key for key in expected if key not in matched),
            wrong,
        )

    def _note(self, name: str, told: IntentType) -> None:
        self._types[name] = min(self._types.get(name, told), told, key=_TYPES.index)


def _expected_together(case: BatchCase, expected: tuple[str, ...]) -> bool:
    """Whether a case asks for all of its intents, where `A | B` asks for one."""
    return category_of(case.fulfillment_type) in ("multi", "ambiguous") or all(map(is_pattern, expected))


def _told_beside(case: BatchCase, found: Classification) -> str:
    """By what a match of the right name is a wrong one."""
    if case.parent_intents and found.parent_intent:
        return found.parent_intent
    return " | ".join(found.bot_names) if case.bot_names else found.fulfillment
