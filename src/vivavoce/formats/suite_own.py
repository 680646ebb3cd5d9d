"""The keys of our own in suite documents and transcripts: what only the native format says in words.

They stand there only where they say something, so that no client of the platform's meets them unawares.
"""

from collections.abc import Sequence
from typing import Any, TypeVar, get_args

import msgspec

from vivavoce.domain.assertions.kinds import KINDS, AnyAssertion
from vivavoce.domain.suite import Arrangement, PassRule, Step, TestCase
from vivavoce.domain.values.expanding import names_in
from vivavoce.domain.values.variables import Capture, Variable
from vivavoce.formats.capture_checks import capture_problems
from vivavoce.formats.json_text import unsound
from vivavoce.formats.places import Findings, Path, did_you_mean
from vivavoce.formats.suite_shapes import CaseNotes, MessageShape, StepShape

T = TypeVar("T")

_CASE_KEYS = ("variables", "context", "fixture", "opening", "threshold", "pass_rule")
_ARRANGEMENTS: tuple[Arrangement, ...] = get_args(Arrangement)


# --- to the wire --------------------------------------------------------------------------------


def step_keys(step: Step) -> dict[str, Any]:
    document: dict[str, Any] = {}
    if step.arrangement != "exact":
        document["arrangement"] = step.arrangement
    if step.assertions:
        document["assertions"] = msgspec.to_builtins(step.assertions)
    if step.captures:
        document["captures"] = msgspec.to_builtins(step.captures)
    return document


def case_keys(case: TestCase) -> dict[str, Any]:
    stated: dict[str, Any] = {
        "variables": None if case.variables is None else msgspec.to_builtins(case.variables),
        "context": case.context,
        "fixture": case.fixture or None,
        "opening": case.opening or None,
        "threshold": case.threshold,
        "passRule": case.pass_rule,
    }
    return {key: value for key, value in stated.items() if value is not None}


# --- from the wire ------------------------------------------------------------------------------


def assertions_of(raws: Sequence[Any] | None, path: Path, findings: Findings) -> tuple[AnyAssertion, ...]:
    """Assertions of our own, without those that cannot be read."""
    found = []
    for index, raw in enumerate(raws or ()):
        assertion: AnyAssertion | None = _converted(raw, AnyAssertion, (*path, index), findings)
        if assertion is None:
            continue
        for problem in () if b"{{" in msgspec.json.encode(raw) else assertion.problems():
            findings.problem((*path, index), problem)
        found.append(assertion)
    return tuple(found)


def own_step(step: Step, shape: MessageShape | StepShape, path: Path, findings: Findings) -> Step:
    """The step with what its keys of our own say."""
    if shape.arrangement is None and shape.assertions is None and shape.captures is None:
        return step
    arrangement: Arrangement = next((one for one in _ARRANGEMENTS if one == shape.arrangement), "exact")
    if shape.arrangement not in (None, *_ARRANGEMENTS):
        hint = did_you_mean(str(shape.arrangement), _ARRANGEMENTS) or f"one of {', '.join(_ARRANGEMENTS)}"
        findings.problem((*path, "arrangement"), f"unknown arrangement `{shape.arrangement}`", hint)
    captures: list[Capture] = []
    for index, raw in enumerate(shape.captures or ()):
        capture: Capture | None = _converted(raw, Capture, (*path, "captures", index), findings)
        if capture is not None and any(one.name == capture.name for one in captures):
            findings.problem((*path, "captures", index), f"`{capture.name}` is captured twice")
        elif capture is not None:
            captures.append(capture)
    step = msgspec.structs.replace(
        step,
        arrangement=arrangement,
        assertions=assertions_of(shape.assertions, (*path, "assertions"), findings),
        captures=tuple(captures),
    )
    for capture, problem in capture_problems(step):
        findings.problem((*path, "captures", captures.index(capture)), problem)
    return step


def own_case(case: TestCase, notes: CaseNotes, path: Path, findings: Findings) -> TestCase:
    """The case with what its keys of our own say."""
    if all(getattr(notes, name) is None for name in _CASE_KEYS):
        return case
    variables = None
    if notes.variables is not None:
        variables = _converted(notes.variables, dict[str, Variable], (*path, "variables"), findings)
    rule = notes.pass_rule
    if rule not in (None, "all", "any") and (isinstance(rule, str) or rule is None or rule < 1):
        findings.problem(
            (*path, "passRule"), f"unknown rule `{rule}`", "all, any, or how many repeats must pass"
        )
    if notes.threshold is not None and not 0 < notes.threshold <= 1:
        findings.problem((*path, "threshold"), f"must be over 0 and at most 1, not {notes.threshold:g}")
    if not 0 <= (notes.opening or 0) <= len(case.steps):
        findings.problem((*path, "opening"), f"{notes.opening} steps, but the case has {len(case.steps)}")
    if notes.context is not None and (reason := unsound(notes.context)):
        findings.problem((*path, "context"), reason)
    case = msgspec.structs.replace(
        case,
        variables=variables,
        context=notes.context,
        fixture=notes.fixture or "",
        opening=notes.opening or 0,
        threshold=notes.threshold,
        pass_rule=_rule(rule),
    )
    if variables is not None:
        _check_names(case, path, findings)
    return case


def _rule(rule: str | int | None) -> PassRule | None:
    if isinstance(rule, str):
        return "any" if rule == "any" else "all"
    return rule


def _check_names(case: TestCase, path: Path, findings: Findings) -> None:
    known = set(case.variables or ())
    for step in case.steps:
        for name in names_in(step):
            if name not in known:
                hint = did_you_mean(name, sorted(known)) or r"declare it under `variables`, or write `\{{`"
                findings.problem(path, f"unknown name `{{{{{name}}}}}` in the case `{case.name}`", hint)
        known.update(one.name for one in step.captures)


def _converted(raw: Any, type_: Any, path: Path, findings: Findings) -> Any:
    """The value as what it must be; None after the problem was told."""
    if reason := unsound(raw):
        findings.problem(path, reason)
        return None
    try:
        return msgspec.convert(raw, type_)
    except msgspec.ValidationError as error:
        kind = raw.get("kind") if isinstance(raw, dict) else None
        if type_ is AnyAssertion and isinstance(kind, str) and kind not in KINDS:
            findings.problem(path, f"unknown kind of assertion `{kind}`", did_you_mean(kind, KINDS))
        else:
            findings.problem(path, str(error))
        return None
