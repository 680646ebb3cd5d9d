"""What is wrong with the captures of a step, whatever format they were written in."""

from collections.abc import Iterator

import regex

from vivavoce.domain.assertions.json_path import path_problem
from vivavoce.domain.suite import Step
from vivavoce.domain.values.variables import Capture

_TIMEOUT_S = 0.2


def capture_problems(step: Step) -> Iterator[tuple[Capture, str]]:
    """Captures that cannot be carried out, or that match nothing in any reply that passes."""
    for capture in step.captures:
        if problem := _expression_problem(capture) or _hopeless(step, capture):
            yield capture, problem


def _expression_problem(capture: Capture) -> str:
    expression = capture.expression
    if not expression.strip():
        return "the expression is empty: nothing can be read"
    if "{{" in expression:
        return ""  # known when the step is played
    if capture.source == "path":
        return path_problem(expression)
    if capture.source == "regex":
        try:
            pattern = regex.compile(expression)
        except regex.error as error:
            return f"`{expression}` is no regular expression: {error}"
        group = capture.group
        known = group in pattern.groupindex if isinstance(group, str) else 0 <= group <= pattern.groups
        if not known:
            return f"the expression has no group `{group}`"
    return ""


def _hopeless(step: Step, capture: Capture) -> str:
    if capture.source == "context" or step.arrangement != "exact":
        return ""
    if not step.outputs:
        return "nothing can be read: the step expects silence"
    if capture.output is not None and capture.output >= len(step.outputs):
        return f"there is no output {capture.output + 1}: the step expects {len(step.outputs)}"
    if capture.source == "regex" and "{{" not in capture.expression:
        texts = _only_texts(step, capture.output)
        if texts is not None and not any(_found(capture.expression, text) for text in texts):
            return f"`{capture.expression}` matches nothing in the text that the step expects"
    return ""


def _only_texts(step: Step, output: int | None) -> list[str] | None:
    """All texts that a passing reply may have at the outputs that count; None where they are not known."""
    texts: list[str] = []
    for expected in step.outputs if output is None else (step.outputs[output],):
        text = expected.assertions.text
        if not (text.enabled and text.contains):
            return None
        for entry in text.contains:
            if entry.match != "equals" or entry.dynamic or entry.dynamic_paths:
                return None
            if "{{" in entry.text or entry.text.lstrip().startswith(("{", "[", "&")):
                return None
            texts.append(entry.text)
    return texts


def _found(expression: str, text: str) -> bool:
    try:
        return regex.search(expression, text, timeout=_TIMEOUT_S) is not None
    except (regex.error, TimeoutError):
        return True  # not known
