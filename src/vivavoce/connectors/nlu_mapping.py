"""From a bot's answer to a Classification, by the JSONPaths of its `nlu` section."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from vivavoce.connectors.entity_values import flat_values
from vivavoce.connectors.jsonpath import Path
from vivavoce.connectors.mapping import as_text
from vivavoce.connectors.none_names import NO_INTENT, NoneNames
from vivavoce.domain.batch.names import fold
from vivavoce.domain.batch.utterance import Candidate, Classification, FoundEntity, IntentType
from vivavoce.formats.bot_keys import NLU_PATHS

_TYPES: dict[str, IntentType] = {
    "dialog": "dialog",
    "dialogue": "dialog",
    "intent": "dialog",
    "task": "dialog",
    "faq": "faq",
    "faqs": "faq",
    "question": "faq",
    "smalltalk": "smalltalk",
}
"""How bots call the types of intents, blanks, `-` and `_` aside."""


class NluMapping:
    """Reads a classification from an answer."""

    def __init__(self, nlu: Mapping[str, Any]) -> None:
        """The checked `nlu` section. Raises BadPath."""
        self.paths = {name: Path(nlu[name]) for name in NLU_PATHS if name in nlu}
        self._none = NoneNames(nlu.get("none", ()))

    def read(self, answer: Any) -> Classification:
        """The intents that the bot says have won; where there is no path for that, the first candidate
        wins. What means none wins nothing. Raises JSONPathError, RecursionError."""
        found = [self._candidate(each) for each in self._find("intents", answer)]
        candidates = tuple([each for each in found if each.name])
        winning = self._won(answer, candidates) if "winning" in self.paths else found[:1]
        return Classification(
            winning=tuple([each for each in winning if each.name not in ("", NO_INTENT)]),
            candidates=candidates,
            traits=self._texts("traits", answer),
            entities=tuple(
                FoundEntity(name, value)
                for entity in self._find("entities", answer)
                for name in map(as_text, self._find("entity_name", entity)[:1])
                for value in flat_values(next(iter(self._find("entity_value", entity)), None))
            ),
            parent_intent="||".join(self._texts("parent_intent", answer)),
            task_state=", ".join(self._texts("task_state", answer)),
            elimination="; ".join(self._texts("elimination", answer)),
            bot_names=self._texts("bot_name", answer),
            fulfillment=next(iter(self._texts("fulfillment", answer)), ""),
        )

    def _won(self, answer: Any, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
        """Each once; one that is told by name alone has its score and type from the candidates."""
        known = {fold(each.name): each for each in candidates}
        won: dict[str, Candidate] = {}
        for each in self._items("winning", answer):
            found = self._candidate(each)
            key = fold(found.name)
            if found.score is None:
                found = known.get(key, found)
            if found.name:
                won.setdefault(key, found)
        return tuple(won.values())

    def _candidate(self, found: Any) -> Candidate:
        """One without a name has the empty one; one that means none is called `None`."""
        named: Sequence[Any] = (found,)
        if "intent" in self.paths:
            named = self._find("intent", found) or ((found,) if isinstance(found, str) else ())
        name = as_text(named[0]) if named else ""
        if name and self._none.has(name):
            name = NO_INTENT if name.strip() else ""
        return Candidate(name, _number(self._find("score", found)), self._type(found))

    def _type(self, found: Any) -> IntentType:
        told = self._texts("intent_type", found)
        return _TYPES.get("".join(filter(str.isalpha, fold(told[0]))), "") if told else ""

    def _texts(self, name: str, value: Any) -> tuple[str, ...]:
        if name not in self.paths:
            return ()
        return tuple([text for each in self._items(name, value) if (text := as_text(each).strip())])

    def _items(self, name: str, value: Any) -> Sequence[Any]:
        """All matches; a single one that is a list stands for its items."""
        found = self._find(name, value)
        return found[0] if len(found) == 1 and isinstance(found[0], list) else found

    def _find(self, name: str, value: Any) -> Sequence[Any]:
        path = self.paths.get(name)
        return path.find(value) if path else ()


def _number(found: Sequence[Any]) -> float | None:
    """A score, also where it is told as text; `nan` and `inf` are no scores."""
    try:
        number = float(found[0]) if found and not isinstance(found[0], bool) else None
    except (TypeError, ValueError, OverflowError):
        return None
    return number if number is None or isfinite(number) else None
