"""The figures of a batch run as the JSON report writes them."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from vivavoce.domain.advising.values import Advice
from vivavoce.domain.evaluation.values import (
    NO_INTENT,
    Average,
    Confusion,
    Evaluation,
    Example,
    LabelMetrics,
    Rate,
)
from vivavoce.domain.metrics import f1
from vivavoce.domain.run import Tally
from vivavoce.formats.reports.shapes import figures as shape


def written_figures(evaluation: Evaluation, advice: Sequence[Advice]) -> shape.Evaluation:
    """Everything that an evaluation holds or says, and what to do next."""
    tally, scope, calibration = evaluation.tally, evaluation.out_of_scope, evaluation.calibration
    return shape.Evaluation(
        tally=_sums(tally),
        judged=evaluation.judged,
        passed=_rate(evaluation.passed),
        accuracy=_rate(evaluation.accuracy),
        precision=_rate(Rate(tally.tp, tally.tp + tally.fp)),
        recall=_rate(Rate(tally.tp, tally.tp + tally.fn)),
        f1=f1(tally),
        averages=shape.Averages(
            micro=_mean(evaluation.averages.micro),
            macro=_mean(evaluation.averages.macro),
            weighted=_mean(evaluation.averages.weighted),
        ),
        intents=_labels(evaluation.intents),
        no_intent=_label(evaluation.no_intent),
        types=_labels(evaluation.types),
        entities=tuple(_entity(row) for row in evaluation.entities),
        traits=tuple(_trait(row) for row in evaluation.traits),
        confusions=tuple(_confused(cell) for cell in evaluation.confusions),
        out_of_scope=shape.OutOfScope(
            rejected=_rate(scope.rejected), accepted=_rate(scope.accepted), precision=_rate(scope.precision)
        ),
        calibration=shape.Calibration(
            bins=tuple(
                shape.ScoreBin(
                    low=one.low, high=one.high, right=one.right, wrong=one.wrong, mean_score=one.mean_score
                )
                for one in calibration.bins
            ),
            scored=calibration.scored,
            unscored=calibration.unscored,
            error=calibration.error,
        ),
        sweep=tuple(shape.SweepPoint.of(point, threshold=point.threshold) for point in evaluation.sweep),
        warnings=tuple(shape.Warned(text=text, count=count) for text, count in evaluation.warnings),
        advice=tuple(_advice(each) for each in advice),
    )


def _sums(tally: Tally) -> shape.Tally:
    return shape.Tally(
        tp=tally.tp,
        tn=tally.tn,
        fp=tally.fp,
        fn=tally.fn,
        errors=tally.failed_utterances,
        trait_success=tally.trait_success,
        trait_failure=tally.trait_failure,
        total_traits=tally.total_traits,
        matched_traits=tally.matched_traits,
        total_entities=tally.total_entities,
        matched_entities=tally.matched_entities,
        failed_entities=tally.failed_entities,
    )


def _rate(rate: Rate) -> shape.Rate:
    return shape.Rate(hits=rate.hits, of=rate.of, value=rate.value, interval=rate.interval)


def _mean(average: Average) -> shape.Average:
    return shape.Average(precision=average.precision, recall=average.recall, f1=average.f1)


def _labels(rows: tuple[LabelMetrics, ...]) -> tuple[shape.Label, ...]:
    return tuple(_label(row) for row in rows)


def _label(row: LabelMetrics) -> shape.Label:
    return shape.Label(
        name=row.name,
        type=row.type,
        support=row.support,
        tp=row.tp,
        fp=row.fp,
        fn=row.fn,
        tn=row.tn,
        precision=row.precision,
        precision_interval=row.precision_rate.interval,
        recall=row.recall,
        recall_interval=row.recall_rate.interval,
        f1=row.f1,
        f1_interval=row.f1_interval,
        extra=row.extra,
        accuracy=row.accuracy,
    )


def _entity(row: LabelMetrics) -> shape.Label:
    """Nothing is a true negative, and one found with another value is wrong twice: so there is no accuracy,
    and no interval of F1."""
    return replace(_label(row), accuracy=None, f1_interval=None)


def _trait(row: LabelMetrics) -> shape.Label:
    """Traits found besides are right, so precision would be 1 for any bot: only recall says something."""
    figures = _label(row)
    return replace(figures, accuracy=None, precision=None, precision_interval=None, f1=None, f1_interval=None)


def _confused(cell: Confusion) -> shape.Confusion:
    return shape.Confusion(
        expected=_named(cell.expected),
        matched=_named(cell.matched),
        count=cell.count,
        examples=_examples(cell.examples),
    )


def _examples(examples: Iterable[Example]) -> tuple[shape.Example, ...]:
    return tuple(
        shape.Example(index=one.index, utterance=one.utterance, line=one.line, score=one.score)
        for one in examples
    )


def _advice(advice: Advice) -> shape.Advice:
    return shape.Advice(
        topic=advice.topic,
        tag=advice.tag,
        intents=advice.intents,
        text=advice.text,
        cases=advice.cases,
        examples=_examples(advice.examples),
    )


def _named(name: str) -> str | None:
    return None if name == NO_INTENT else name
