"""What reports say about single results, in words that are the same in every report."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from vivavoce.domain.batch.entities import order_agrees
from vivavoce.domain.batch.fulfillment import expected_names
from vivavoce.domain.batch.scoring import fulfilled_by
from vivavoce.domain.batch.utterance import BatchCase, CaseResult
from vivavoce.domain.verdict import StepResult

NO_INTENT = "None"
"""What stands for "no intent", expected or matched; an empty cell is an unknown one."""

ALTERNATIVES = " | "


def conversations(results: Iterable[StepResult]) -> Iterator[list[StepResult]]:
    """The steps of each conversation, one conversation at a time; each repeat of a case is one."""
    for _, steps in groupby(results, key=lambda result: (result.unit, result.repeat, result.case)):
        yield list(steps)


def repeated_cases(results: Iterable[StepResult]) -> Iterator[list[list[StepResult]]]:
    """The conversations of each case, one case at a time."""
    for _, repeats in groupby(conversations(results), key=lambda steps: (steps[0].unit, steps[0].case)):
        yield list(repeats)


def said(result: StepResult) -> str:
    """What the user said at a step, or the trigger that stood for it."""
    return result.step.input or result.step.trigger or ""


def evidence_lines(result: StepResult) -> list[str]:
    """What went over the wire at a step, in full; nothing where none was kept."""
    if result.evidence is None:
        return []
    reply = result.evidence.reply or "(none came)"
    return ["sent:", *result.evidence.request.splitlines(), "", "received:", *reply.splitlines()]


def expected_outputs(result: StepResult) -> str:
    return "\n".join(output.text for output in result.step.outputs)


def actual_outputs(result: StepResult) -> str:
    return "\n".join(output.text for output in result.reply.outputs) if result.reply else ""


def expected_intent(case: BatchCase) -> str:
    """As a batch file writes it, except that no intent is `None`."""
    names = expected_names(case) if case.fulfillment_type else case.intents
    if case.traits:
        return ALTERNATIVES.join([*names, traits_text(case.traits)])
    return ALTERNATIVES.join(names) or NO_INTENT


def matched_intent(result: CaseResult) -> str:
    """Several winners joined; traits where they were asked for; empty where nothing is known."""
    found = result.classification
    if found is None:
        return ""
    names = [winner.name for winner in found.winning]
    if not names and result.case.fulfillment_type and fulfilled_by(found.fulfillment):
        names = [found.fulfillment]
    if result.case.traits and found.traits:
        names.append(traits_text(found.traits))
    return ALTERNATIVES.join(names) or NO_INTENT


def traits_text(names: Iterable[str]) -> str:
    return f"trait: {'||'.join(names)}"


def case_reasons(result: CaseResult) -> list[str]:
    """Why a batch case did not pass: its error, or its intent, traits and entities that came out wrong."""
    if result.outcome is None:
        return [result.error or "not executed"]
    reasons = []
    if result.outcome in ("FP", "FN"):
        reasons.append(f"{result.outcome}: {_intent_reason(result)}")
    elif missing := [trait.name for trait in result.traits if not trait.matched]:
        reasons.append(f"traits not found: {', '.join(missing)}")
    for entity in result.entities:
        if not entity.matched:
            found = f"found {entity.actual!r}" if entity.actual else "found nothing"
            reasons.append(f"entity {entity.name}: expected {ALTERNATIVES.join(entity.expected)!r}, {found}")
    if order_agrees(result.case.entity_order, result.actual_order) is False:
        reasons.append(f"{order_note(result)} (not judged)")
    return reasons


def _intent_reason(result: CaseResult) -> str:
    expected, matched = expected_intent(result.case), matched_intent(result)
    parents, parent = "||".join(result.case.parent_intents), ""
    if result.classification is not None:
        parent = result.classification.parent_intent
    if parents and parent:  # the parent may be all that is wrong
        expected, matched = f"{expected} below {parents}", f"{matched} below {parent}"
    return f"expected {expected}, matched {matched}{other_reasons(result)}"


def other_reasons(result: CaseResult) -> str:
    """Who answered and how, where that may be what is wrong; begins with a semicolon."""
    case, found, reasons = result.case, result.classification, ""
    if found is not None and found.bot_names and case.bot_names:
        reasons = f"; expected of {ALTERNATIVES.join(case.bot_names)}, answered by "
        reasons += ALTERNATIVES.join(found.bot_names)
    if found is not None and case.fulfillment_type:
        reasons += f"; expected as {case.fulfillment_type}"
        reasons += f", fulfilled as {found.fulfillment}" if found.fulfillment else ""
    return reasons


def order_note(result: CaseResult) -> str:
    """Whether the entities stood in the expected order, which is not judged; empty where none is expected."""
    agrees = order_agrees(result.case.entity_order, result.actual_order)
    if agrees is None or result.outcome is None:
        return ""
    expected, actual = ">".join(result.case.entity_order), ">".join(result.actual_order) or "nothing"
    return f"entity order {'agrees' if agrees else 'differs'}: expected {expected}, found {actual}"
