"""Conditions of logic nodes: plain data, evaluated without running anything."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec


class Comparison(msgspec.Struct, frozen=True):
    """A variable compared with a JSON value; `variable` may be a path (`amount.code`)."""

    variable: str
    operator: str  # one of OPERATORS
    value: Any


class HasTrait(msgspec.Struct, frozen=True):
    """The utterance that started the dialog carried a trait."""

    trait: str


class Every(msgspec.Struct, frozen=True):
    conditions: "tuple[Condition, ...]"


class Some(msgspec.Struct, frozen=True):
    conditions: "tuple[Condition, ...]"


class Not(msgspec.Struct, frozen=True):
    condition: "Condition"


Condition = Comparison | HasTrait | Every | Some | Not


def _same(left: Any, right: Any) -> bool:
    return left == right and isinstance(left, bool) == isinstance(right, bool)


def _ordered(compare: Callable[[float, float], bool]) -> Callable[[Any, Any], bool]:
    def check(left: Any, right: Any) -> bool:
        left = left.get("amount") if isinstance(left, dict) else left
        numeric = [isinstance(side, int | float) and not isinstance(side, bool) for side in (left, right)]
        if all(numeric) or (isinstance(left, str) and isinstance(right, str)):
            return compare(left, right)
        return False

    return check


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "is": _same,
    "is_not": lambda left, right: not _same(left, right),
    "in": lambda left, right: any(_same(left, item) for item in right),
    "above": _ordered(lambda left, right: left > right),
    "below": _ordered(lambda left, right: left < right),
    "at_least": _ordered(lambda left, right: left >= right),
    "at_most": _ordered(lambda left, right: left <= right),
    "known": lambda left, right: (left is not None) is right,
}
"""Each compares the variable's value with the written one. Orders hold between numbers (a currency counts
by its amount) or between texts (ISO dates), and are false for anything else."""


def look_up(variables: Mapping[str, Any], path: str) -> Any:
    """A variable by its name, or a part of it by a dotted path; None where there is none."""
    if path in variables:
        return variables[path]
    value: Any = variables
    for key in path.split("."):
        if not isinstance(value, Mapping) or key not in value:
            return None
        value = value[key]
    return value


def holds(condition: Condition, variables: Mapping[str, Any], traits: frozenset[str]) -> bool:
    """Whether a condition is true of a session's variables and the dialog's traits."""
    match condition:
        case Comparison(variable, operator, value):
            return OPERATORS[operator](look_up(variables, variable), value)
        case HasTrait(trait):
            return trait in traits
        case Every(conditions):
            return all(holds(inner, variables, traits) for inner in conditions)
        case Some(conditions):
            return any(holds(inner, variables, traits) for inner in conditions)
        case Not(inner):
            return not holds(inner, variables, traits)


def variables_of(condition: Condition) -> set[str]:
    """The names of the variables a condition looks at, paths cut to their first part."""
    match condition:
        case Comparison(variable):
            return {variable.split(".", 1)[0]}
        case HasTrait():
            return set()
        case Every(conditions) | Some(conditions):
            return {name for inner in conditions for name in variables_of(inner)}
        case Not(inner):
            return variables_of(inner)


def traits_of(condition: Condition) -> set[str]:
    """The names of the traits a condition asks for."""
    match condition:
        case Comparison():
            return set()
        case HasTrait(trait):
            return {trait}
        case Every(conditions) | Some(conditions):
            return {name for inner in conditions for name in traits_of(inner)}
        case Not(inner):
            return traits_of(inner)
