"""Expected entities against the ones that a bot found (testing-api.md 4.1, 4.4, 8.18).

A value is right when it is equal (outer blanks aside), when it is the same composite with its components in
any order, or when the whole of it matches the expectation as an expression. Several items (`v1||v2`) must be
the whole list of found values, in any order; a single value must be among the found ones. An expectation
without a value asks only that the entity was found.
"""

from collections.abc import Sequence

from vivavoce.domain.batch.names import fold
from vivavoce.domain.batch.timed_matching import TimedMatching
from vivavoce.domain.batch.utterance import EntityExpectation, EntityResult, FoundEntity

_ITEMS = "||"


class EntityJudge:
    """Judges the entities of a run's cases; gathers warnings about expressions, each once."""

    def __init__(self) -> None:
        self._matching = TimedMatching()
        self._where = ""

    def warnings(self) -> tuple[str, ...]:
        """What there is to tell since this was asked last."""
        return self._matching.warnings()

    def judge(
        self, expected: EntityExpectation, found: Sequence[FoundEntity], where: str = ""
    ) -> EntityResult:
        """One expected entity against everything that was found; `where` begins warnings: `line 3: `."""
        self._where = where
        name = fold(expected.name)
        values = [entity.value.strip() for entity in found if fold(entity.name) == name]
        shown = _ITEMS.join(values)
        accepted = [value for value in (value.strip() for value in expected.values) if value]
        if not accepted:
            return EntityResult(expected.name, expected.values, shown, bool(values))
        for wanted in accepted:
            if _ITEMS in wanted:
                if self._same_items(_split(wanted), [item for value in values for item in _split(value)]):
                    return EntityResult(expected.name, expected.values, shown, True)
            else:
                right = next((value for value in values if self._matches(wanted, value)), None)
                if right is not None:
                    return EntityResult(expected.name, expected.values, right, True)
        return EntityResult(expected.name, expected.values, shown, False)

    def _same_items(self, wanted: Sequence[str], items: Sequence[str]) -> bool:
        """Whether the items can be paired off with the expectations (augmenting paths)."""
        if len(wanted) != len(items):
            return False
        fits = [[i for i, item in enumerate(items) if self._matches(each, item)] for each in wanted]
        taken: dict[int, int] = {}

        def place(each: int, tried: set[int]) -> bool:
            for item in fits[each]:
                if item not in tried:
                    tried.add(item)
                    if item not in taken or place(taken[item], tried):
                        taken[item] = each
                        return True
            return False

        return all(place(each, set()) for each in range(len(wanted)))

    def _matches(self, wanted: str, value: str) -> bool:
        if wanted == value:
            return True
        composite = _components(wanted)
        if composite is not None:  # no expression: as an alternation, one component would be enough
            return self._same_components(composite, _components(value))
        return self._expression_matches(wanted, value)

    def _same_components(self, wanted: dict[str, str], actual: dict[str, str] | None) -> bool:
        return (
            actual is not None
            and wanted.keys() == actual.keys()
            and all(
                value == actual[name] or self._expression_matches(value, actual[name])
                for name, value in wanted.items()
            )
        )

    def _expression_matches(self, expression: str, value: str) -> bool:
        return self._matching.matches(expression, value, self._where)


def order_agrees(expected: Sequence[str], actual: Sequence[str]) -> bool | None:
    """Whether the expected entities were found in that order, others between them aside; None: no order is
    expected. It is shown and not judged (8.11)."""
    if not expected:
        return None
    left = iter([fold(name) for name in actual])
    return all(fold(name) in left for name in expected)  # `in` reads on from where the last one was


def _split(value: str) -> list[str]:
    return [item.strip() for item in value.split(_ITEMS) if item.strip()]


def _components(value: str) -> dict[str, str] | None:
    """`name:value|name:value` as a mapping; None for anything else, such as `10:30|11:30`."""
    if "|" not in value:
        return None
    found: dict[str, str] = {}
    for part in value.split("|"):
        name, colon, inner = part.partition(":")
        name = fold(name)
        if not colon or not name[:1].isalpha() or name in found:
            return None
        found[name] = inner.strip()
    return found
