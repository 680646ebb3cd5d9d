"""Cross-validation: each part of a training set classified by what was learned of the others."""

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from vivavoce.domain.batch.scoring import Scorer
from vivavoce.domain.batch.utterance import BatchCase, CaseResult
from vivavoce.domain.bot import Bot, Version
from vivavoce.domain.evaluation.evaluating import evaluate
from vivavoce.domain.metrics import counts_of, run_verdict, tally_of
from vivavoce.domain.run import Run, RunKind
from vivavoce.domain.training.folds import Folds
from vivavoce.domain.training.spread import FoldFigures, Spread
from vivavoce.engine.ports.clock import Clock
from vivavoce.engine.ports.learning import Learner


class CrossValidation(msgspec.Struct, frozen=True):
    """What came of it. `results`: of all tested utterances in the order of the training set, in memory, as
    the training set is."""

    results: tuple[CaseResult, ...]
    folds: tuple[FoldFigures, ...]

    @property
    def accuracy(self) -> Spread:
        return Spread.of([fold.accuracy for fold in self.folds])

    @property
    def macro_f1(self) -> Spread:
        return Spread.of([fold.macro_f1 for fold in self.folds])


def cross_validate(
    learner: Learner,
    cases: Sequence[BatchCase],
    folds: Folds,
    clock: Clock,
    on_fold: Callable[[FoldFigures], None] = lambda figures: None,
) -> CrossValidation:
    """Learn and test each fold in turn. Blocking: a second or two a fold of 2,000 utterances."""
    # Results count on from 0, whichever utterances are never tested.
    tested = sorted(index for part in folds.parts for index in part)
    numbers = {index: number for number, index in enumerate(tested)}
    results: list[CaseResult | None] = [None] * len(tested)
    figures: list[FoldFigures] = []
    for at, part in enumerate(folds.parts):
        learned = folds.learned(at)
        classifier = learner.learn([cases[index] for index in learned])
        began = clock.monotonic()
        answers = classifier.classify([cases[index] for index in part])
        took_ms = (clock.monotonic() - began) * 1000 / len(part)
        scorer = Scorer()
        scored = [
            scorer.score(numbers[index], cases[index], answer, took_ms)
            for index, answer in zip(part, answers, strict=True)
        ]
        for result in scored:
            results[result.index] = result
        evaluation = evaluate(scored)
        macro = evaluation.averages.macro.f1
        figures.append(FoldFigures(at + 1, len(learned), len(part), evaluation.accuracy.value, macro))
        on_fold(figures[-1])
    return CrossValidation(tuple(result for result in results if result is not None), tuple(figures))


def cross_validation_run(
    done: CrossValidation,
    *,
    id: str,
    bot: Bot,
    version: Version,
    name: str,
    notes: str,
    thresholds: dict[str, str],
    started_on: datetime,
    ended_on: datetime,
) -> Run:
    """The same as a run, so that every report can show it. It is kept nowhere."""
    counts = counts_of(done.results)
    return Run(
        id=id,
        kind=RunKind.BATCH,
        bot=bot,
        suite_id="",
        suite_name=name,
        revision=1,
        version=version,
        language=bot.language,
        total=len(done.results),
        created_on=started_on,
        engine="regression",
        notes=notes,
        status=run_verdict(counts),
        done=len(done.results),
        started_on=started_on,
        ended_on=ended_on,
        modified_on=ended_on,
        counts=counts,
        tally=tally_of(done.results),
        thresholds=thresholds,
    )
