"""Cross-validation with a learner that remembers what it was told."""

from collections.abc import Sequence

import pytest

from tests.unit.engine.fakes import FakeClock
from vivavoce.domain.batch.utterance import BatchCase, Candidate, Classification
from vivavoce.domain.bot import Bot
from vivavoce.domain.run import RunKind, RunStatus
from vivavoce.domain.training.folds import deal
from vivavoce.domain.training.spread import FoldFigures
from vivavoce.engine.cross_validating import CrossValidation, cross_validate, cross_validation_run

CASES = [BatchCase(f"{name} {at}", (name,)) for name in ("pay", "card") for at in range(6)] + [
    BatchCase("when do you open", ("hours",))
]


class Parrot:
    """Knows an utterance by its first word, as it learned it; has never heard what it is tested on."""

    def __init__(self) -> None:
        self.lessons: list[set[str]] = []

    def learn(self, cases: Sequence[BatchCase]) -> "Parrot":
        self.lessons.append({case.utterance for case in cases})
        self._known = {case.utterance.split()[0]: case.intents[0] for case in cases}
        return self

    def classify(self, cases: Sequence[BatchCase]) -> list[Classification]:
        assert not {case.utterance for case in cases} & self.lessons[-1]
        # It is never right about the number 5.
        return [
            Classification((Candidate("hours" if "5" in case.utterance else self._known[word], 0.9),))
            for case in cases
            for word in case.utterance.split()[:1]
        ]


def validated(parrot: Parrot, told: list[FoldFigures] | None = None) -> CrossValidation:
    on_fold = (lambda figures: None) if told is None else told.append
    return cross_validate(parrot, CASES, deal(CASES, 3), FakeClock(), on_fold)


def test_each_utterance_is_tested_by_what_was_learned_of_the_other_folds() -> None:
    parrot = Parrot()
    done = validated(parrot)
    assert [result.case for result in done.results] == CASES[:-1]
    assert [result.index for result in done.results] == list(range(12))
    wrong = [result.case.utterance for result in done.results if not result.passed]
    assert wrong == ["pay 5", "card 5"]
    assert len(parrot.lessons) == 3
    assert all("when do you open" in lesson and len(lesson) == 9 for lesson in parrot.lessons)


def test_figures_of_each_fold_and_how_they_vary() -> None:
    told: list[FoldFigures] = []
    done = validated(Parrot(), told)
    assert list(done.folds) == told
    assert [(fold.fold, fold.learned, fold.tested) for fold in told] == [(1, 9, 4), (2, 9, 4), (3, 9, 4)]
    accuracies = [fold.accuracy for fold in told]
    assert done.accuracy.mean == pytest.approx(10 / 12)
    assert sum(accuracy is not None and round(4 - 4 * accuracy) for accuracy in accuracies) == 2
    assert done.macro_f1.mean is not None and done.macro_f1.mean < 1


def test_as_a_run_for_reports() -> None:
    done, clock = validated(Parrot()), FakeClock()
    run = cross_validation_run(
        done,
        id="tr-1",
        bot=Bot(id="st-1", name="Bank", connector={}),
        version="inDevelopment",
        name="cross-validation",
        notes="how",
        thresholds={},
        started_on=clock.now(),
        ended_on=clock.now(),
    )
    assert (run.kind, run.status, run.total, run.done) == (RunKind.BATCH, RunStatus.FAILED, 12, 12)
    assert run.counts is not None and (run.counts.passed, run.counts.failed) == (10, 2)
    assert run.tally is not None and (run.tally.tp, run.tally.fp) == (10, 2)
