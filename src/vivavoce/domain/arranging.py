"""Which actual output is held against which expected one, by a step's arrangement."""

from collections.abc import Callable, Sequence

from vivavoce.domain.suite import Arrangement

Pair = tuple[int | None, int | None]
"""Positions of an expected and an actual output; None on one side: nothing there."""

Holds = Callable[[int, int], bool]
"""Whether the actual output at the second position is what is expected at the first."""


def pairs(arrangement: Arrangement, expected: int, actual: int, holds: Holds) -> list[Pair]:
    """Every expected position once, in order, then the actual ones that are too many (none for *among*)."""
    if arrangement == "among":
        return _among(expected, actual, holds)
    if arrangement == "anyOrder":
        return _any_order(expected, actual, holds)
    paired: list[Pair] = [(position, position) for position in range(min(expected, actual))]
    paired += [(position, None) for position in range(actual, expected)]
    return paired + [(None, position) for position in range(expected, actual)]


def _among(expected: int, actual: int, holds: Holds) -> list[Pair]:
    """Each expected output takes the first fitting one after its predecessor's, which is never the wrong one
    to take."""
    paired: list[Pair] = []
    at = 0
    for wanted in range(expected):
        found = next((position for position in range(at, actual) if holds(wanted, position)), None)
        paired.append((wanted, found))
        at = at if found is None else found + 1
    return paired


def _any_order(expected: int, actual: int, holds: Holds) -> list[Pair]:
    """As many fitting pairs as there can be; what is left over is paired in order, to be shown as wrong."""
    fitting = [
        [position for position in range(actual) if holds(wanted, position)] for wanted in range(expected)
    ]
    taken: dict[int, int] = {}  # actual position -> expected position
    for wanted in range(expected):
        _augment(wanted, fitting, taken, set())
    chosen = {wanted: position for position, wanted in taken.items()}
    left = iter([position for position in range(actual) if position not in taken])
    paired: list[Pair] = [
        (wanted, chosen[wanted] if wanted in chosen else next(left, None)) for wanted in range(expected)
    ]
    return paired + [(None, position) for position in left]


def _augment(wanted: int, fitting: Sequence[Sequence[int]], taken: dict[int, int], seen: set[int]) -> bool:
    """One step of bipartite matching (Kuhn); as deep as a step has outputs."""
    for position in fitting[wanted]:
        if position in seen:
            continue
        seen.add(position)
        if position not in taken or _augment(taken[position], fitting, taken, seen):
            taken[position] = wanted
            return True
    return False
