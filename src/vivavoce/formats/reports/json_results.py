"""Results as the JSON report writes them: a step or an utterance each."""

from msgspec import UNSET

from vivavoce.domain.batch.utterance import BatchCase, Candidate, CaseResult, Classification
from vivavoce.domain.metrics import verdict_of
from vivavoce.domain.verdict import StepResult
from vivavoce.formats.reports.shapes import results as shape
from vivavoce.formats.reports.wording import case_reasons


def written_step(number: int, result: StepResult, *, repeated: bool) -> shape.Step:
    """A step with its number in its case, from 1; with its repeat where cases were played several times."""
    reply, evidence = result.reply, result.evidence
    return shape.Step(
        index=result.index,
        case=result.case,
        step=number,
        unit=result.unit,
        repeat=result.repeat + 1 if repeated else UNSET,
        input=result.step.input,
        trigger=result.step.trigger,
        verdict=result.verdict,
        expected=tuple(output.text for output in result.step.outputs),
        actual=None if reply is None else tuple(output.text for output in reply.outputs),
        intents=() if reply is None else tuple(reply.intents),
        reasons=result.reasons,
        warnings=result.warnings,
        duration_ms=result.duration_ms,
        values=result.values,
        tolerated=result.tolerated,
        evidence=None if evidence is None else shape.Evidence(request=evidence.request, reply=evidence.reply),
    )


def written_utterance(result: CaseResult) -> shape.Utterance:
    case, found = result.case, result.classification
    return shape.Utterance(
        index=result.index,
        case_id=case.id,
        line=case.line,
        utterance=case.utterance,
        verdict=verdict_of(result),
        outcome=result.outcome,
        expected=_expected(case),
        matched=None if found is None else _matched(found, result.actual_order),
        entities=tuple(
            shape.JudgedEntity(name=one.name, expected=one.expected, actual=one.actual, matched=one.matched)
            for one in result.entities
        )
        if result.entities
        else (),
        traits=tuple(shape.JudgedTrait(name=one.name, matched=one.matched) for one in result.traits)
        if result.traits
        else (),
        reasons=() if result.passed else tuple(case_reasons(result)),
        warnings=result.warnings,
        duration_ms=result.duration_ms,
    )


def _expected(case: BatchCase) -> shape.Expected:
    return shape.Expected(
        intents=case.intents,
        traits=case.traits,
        parent_intents=case.parent_intents,
        entity_order=case.entity_order,
        fulfillment_type=case.fulfillment_type,
        bot_names=case.bot_names,
    )


def _matched(found: Classification, order: tuple[str, ...]) -> shape.Matched:
    return shape.Matched(
        intents=_scored(found.winning),
        candidates=_scored(found.candidates),
        traits=found.traits,
        entity_order=order,
        entities=tuple(shape.FoundEntity(name=one.name, value=one.value) for one in found.entities)
        if found.entities
        else (),
        parent_intent=found.parent_intent,
        task_state=found.task_state,
        elimination=found.elimination,
        bot_names=found.bot_names,
        fulfillment=found.fulfillment,
    )


def _scored(candidates: tuple[Candidate, ...]) -> tuple[shape.Candidate, ...]:
    return tuple([shape.Candidate(name=one.name, score=one.score, type=one.type) for one in candidates])
