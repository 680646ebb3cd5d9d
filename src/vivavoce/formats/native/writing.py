"""Writes a suite as a native file that reads as the same suite.

What cases share goes up: variables that all of them have to the suite, openings to fixtures.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from vivavoce.domain.suite import Step, SuiteHead, TestCase
from vivavoce.domain.values.expanding import is_verbatim
from vivavoce.domain.values.variables import Unique, Variable
from vivavoce.formats.native.emit import OneLine, emit
from vivavoce.formats.native.write_outputs import write_step

_SCHEMA_LINE = "# yaml-language-server: $schema={}\n"


def write_native(head: SuiteHead, cases: Iterable[TestCase], schema: str = "") -> str:
    """The file's text. `schema`: where its JSON Schema stands, for editors."""
    listed = list(cases)
    shared = _shared_variables(listed)
    fixtures = _Fixtures(listed)
    parts = [_SCHEMA_LINE.format(schema)] if schema else []
    top = _head(head)
    if top:
        parts.append(emit(top))
    if shared:
        parts.append(emit({"variables": _variables(shared)}))
    if fixtures.written:
        parts.append(emit({"fixtures": fixtures.written}))
    parts.append("cases:\n" + "\n".join(_case_blocks(listed, shared, fixtures)))
    first = 1 if schema else 0
    return "".join(parts[:first]) + "\n".join(parts[first:])


def _case_blocks(
    cases: Sequence[TestCase], shared: dict[str, Variable], fixtures: "_Fixtures"
) -> Iterator[str]:
    for number, case in enumerate(cases, 1):
        block = emit({"cases": [_case(case, number, shared, fixtures)]})
        yield block.partition("\n")[2]


def _head(head: SuiteHead) -> dict[str, Any]:
    stated: dict[str, Any] = {
        "suite": head.name,
        "description": head.description,
        "tags": list(head.tags),
        "language": head.language,
        "bot": head.bot_name,
        "preprocessor": head.preprocessor,
        "welcome_messages": head.welcome_message_count,
        "discard_message": head.discard_message,
        "metadata_available": head.metadata_available,
    }
    return {key: value for key, value in stated.items() if value}


def _case(case: TestCase, number: int, shared: dict[str, Variable], fixtures: "_Fixtures") -> dict[str, Any]:
    by_name = fixtures.opens(case)
    steps = [write_step(step) for step in case.steps[case.opening if by_name else 0 :]]
    (only, *others) = steps or ({}, None)
    flat = not others and "opening" not in (only or {}) and bool(steps)
    written: dict[str, Any] = {}
    if case.name != f"Case {number}" or not flat:
        written["case"] = case.name
    stated: dict[str, Any] = {
        "description": case.description,
        "tags": list(case.tags),
        "fixture": case.fixture,
        "opening": 0 if by_name else case.opening,
    }
    written |= {key: value for key, value in stated.items() if value}
    if case.fixture and not by_name:
        written["opening"] = case.opening
    variables = _own_variables(case, shared)
    if variables is not None:
        written["variables"] = variables
    if case.context is not None and not (by_name and fixtures.gives(case, "context")):
        written["context"] = case.context
    if case.preprocessor and not (by_name and fixtures.gives(case, "preprocessor")):
        written["preprocessor"] = case.preprocessor
    if case.threshold is not None:
        written["threshold"] = case.threshold
    if case.pass_rule is not None:
        written["passes"] = case.pass_rule
    if case.discard_before is not None:
        written["discard_before"] = case.discard_before
    if flat:
        return written | ({"say": only} if isinstance(only, str) else only)
    return {**written, "steps": steps} if steps else written


# --- variables ----------------------------------------------------------------------------------


def _shared_variables(cases: Sequence[TestCase]) -> dict[str, Variable]:
    """What all cases have in common."""
    first = cases[0].variables if cases else None
    if not first:
        return {}
    return {
        name: value
        for name, value in first.items()
        if all(
            case.variables is not None and name in case.variables and _same(case.variables[name], value)
            for case in cases
        )
    }


def _same(one: Variable, other: Variable) -> bool:
    return type(one) is type(other) and one == other


def _own_variables(case: TestCase, shared: dict[str, Variable]) -> Any:
    """What stands under the case's `variables`; None: nothing need stand there."""
    filled = any(step.captures for step in case.steps) or not is_verbatim((case.steps, case.context))
    if case.variables is None:
        return False if filled else None
    own = {name: value for name, value in case.variables.items() if name not in shared}
    if own:
        return _variables(own)
    return None if shared or filled else {}


def _variables(variables: dict[str, Variable]) -> dict[str, Any]:
    return {name: _variable(value) for name, value in variables.items()}


def _variable(value: Variable) -> Any:
    if not isinstance(value, Unique):
        return value
    return (
        OneLine(unique=value.unique) if value.per == "case" else OneLine(unique=value.unique, per=value.per)
    )


# --- fixtures -----------------------------------------------------------------------------------


class _Fixtures:
    """The openings of a suite by name, each written once; what differs from the first of a name stays in its
    case."""

    def __init__(self, cases: Sequence[TestCase]) -> None:
        self._openings: dict[str, tuple[Step, ...]] = {}
        users: dict[str, list[TestCase]] = {}
        for case in cases:
            if case.fixture:
                self._openings.setdefault(case.fixture, case.steps[: case.opening])
                if self.opens(case):
                    users.setdefault(case.fixture, []).append(case)
        self.written: dict[str, dict[str, Any]] = {
            name: _shared_notes(using) for name, using in users.items()
        }
        for name, steps in self._openings.items():
            if steps:
                self.written[name]["steps"] = [write_step(step) for step in steps]

    def opens(self, case: TestCase) -> bool:
        """Whether the fixture gives the case's first steps."""
        if not case.fixture:
            return not case.opening
        return _same_json(self._openings[case.fixture], case.steps[: case.opening])

    def gives(self, case: TestCase, key: str) -> bool:
        """Whether the fixture says this for the case."""
        return bool(case.fixture) and key in self.written[case.fixture]


def _shared_notes(cases: Sequence[TestCase]) -> dict[str, Any]:
    """What all cases of a fixture say alike."""
    first, notes = cases[0], dict[str, Any]()
    if first.context is not None and all(_same_json(case.context, first.context) for case in cases):
        notes["context"] = first.context
    if first.preprocessor and all(case.preprocessor == first.preprocessor for case in cases):
        notes["preprocessor"] = first.preprocessor
    return notes


def _same_json(one: Any, other: Any) -> bool:
    """Equal, and also in whether numbers and truth values are written as such."""
    return msgspec.json.encode(one) == msgspec.json.encode(other)
