"""Expected entities against the ones that a bot found (testing-api.md 4.1, 4.4, 8.18).

A value is right when it is equal (outer blanks aside), when it is the same composite with its components in
any order, or when the whole of it matches the expectation as an expression. Several items (`v1||v2`) must be
the whole list of found values, in any order; a single value must be among the found ones. An expectation
without a value asks only that the entity was found.
"""

from collections.abc import Sequence

from vivavoce.domain.expressions import BadExpression, compiled
from vivavoce.domain.names import fold
from vivavoce.domain.utterance import EntityExpectation, EntityResult, FoundEntity

_TIMEOUT_S = 0.1  # for one expression against one value
_ITEMS = "||"


class EntityJudge:
    """Judges the entities of one case; gathers warnings about expressions, each once."""

    def __init__(self) -> None:
        self._warnings: dict[str, None] = {}
        self._useless: set[str] = set()  # expressions that do not compile, or that ran out of time

    @property
    def warnings(self) -> tuple[str, ...]:
        return tuple(self._warnings)

    def judge(self, expected: EntityExpectation, found: Sequence[FoundEntity]) -> EntityResult:
        """One expected entity against everything that was found."""
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
        if expression in self._useless:
            return False
        try:
            return compiled(expression).fullmatch(value, timeout=_TIMEOUT_S) is not None
        except TimeoutError:
            self._useless.add(expression)
            self._warnings[f'the expression "{expression}" took too long: no match'] = None
        except BadExpression as error:
            self._useless.add(expression)
            self._warnings[f'"{expression}" is no expression ({error}): compared as a text'] = None
        return False


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
