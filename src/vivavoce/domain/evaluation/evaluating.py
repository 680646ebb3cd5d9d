"""Adds case results up to an evaluation, in one pass and in memory that depends on the intents alone."""

from collections.abc import Iterable, Mapping

from vivavoce.domain.batch.scoring import by_traits_alone
from vivavoce.domain.batch.utterance import CaseResult
from vivavoce.domain.evaluation.averages import averages_of
from vivavoce.domain.evaluation.calibration import Calibrating
from vivavoce.domain.evaluation.confusions import Confusions, by_type
from vivavoce.domain.evaluation.expectations import Expectations
from vivavoce.domain.evaluation.labels import Labels
from vivavoce.domain.evaluation.sweeping import Sweeping
from vivavoce.domain.evaluation.values import WARNINGS, Evaluation, Rate
from vivavoce.domain.metrics import Tallying


class Evaluator:
    """Takes results one by one, in order of index; `evaluation()` may be asked at any time.

    Kept are: a row for each name of an intent, an entity or a trait; a cell with a few examples for each pair
    of intents that was confused (so at most the square of the intents); and grids of fixed size. Figures do
    not depend on the order of results; examples (the first ones) and the spelling of names (the first) do.

    - A case in error, or not executed, enters nothing but the tally's failed utterances, and the warnings.
    - A case that is judged by traits alone enters the tally, `passed`, its traits and entities and, with the
      same outcome at each threshold, the sweep; it is about no intent.
    - How cases with several accepted, expected or winning intents count: `labels.Labels.compare`.
    """

    def __init__(self) -> None:
        self._tally = Tallying()
        self._warnings: dict[str, int] = {}
        self._passed = 0
        self._labels = Labels()
        self._confusions = Confusions()
        self._expectations = Expectations()
        self._calibrating = Calibrating()
        self._sweeping = Sweeping()

    def add(self, result: CaseResult) -> None:
        self._tally.add(result)
        if result.warnings:
            self._warn(dict.fromkeys(result.warnings, 1))
        outcome = result.outcome
        if outcome is None:
            return
        self._passed += result.passed
        if result.entities or result.traits:
            self._expectations.add(result)
        self._sweeping.add(result, outcome)
        found, case = result.classification, result.case
        if found is None:
            return
        self._labels.learn(found)
        if by_traits_alone(case):
            return
        self._confusions.add(result, self._labels.compare(result, found))
        if outcome == "TP" or outcome == "FP":  # something was matched
            score = found.winning[0].score if found.winning else None
            self._calibrating.add(score, right=outcome == "TP")

    def absorb(self, later: "Evaluator") -> None:
        """Add what another one took, of results that follow this one's; the other is used up."""
        self._tally.absorb(later._tally)
        self._warn(later._warnings)
        self._passed += later._passed
        self._labels.absorb(later._labels)
        self._confusions.absorb(later._confusions)
        self._expectations.absorb(later._expectations)
        self._calibrating.absorb(later._calibrating)
        self._sweeping.absorb(later._sweeping)

    def evaluation(self) -> Evaluation:
        """The figures of what was added so far."""
        tally = self._tally.tally()
        intents = self._confusions.intents(self._labels)
        return Evaluation(
            tally=tally,
            passed=Rate(self._passed, tally.tp + tally.tn + tally.fp + tally.fn),
            intents=intents,
            no_intent=self._confusions.no_intent(),
            types=by_type(intents),
            entities=self._expectations.entities(),
            traits=self._expectations.traits(),
            averages=averages_of(intents),
            confusions=self._confusions.pairs(self._labels),
            out_of_scope=self._confusions.out_of_scope(),
            calibration=self._calibrating.calibration(),
            sweep=self._sweeping.points(),
            warnings=tuple(sorted(self._warnings.items(), key=lambda item: (-item[1], item[0]))),
        )

    def _warn(self, warnings: Mapping[str, int]) -> None:
        for text, count in warnings.items():
            if text in self._warnings or len(self._warnings) < WARNINGS:
                self._warnings[text] = self._warnings.get(text, 0) + count


def evaluate(results: Iterable[CaseResult]) -> Evaluation:
    """The figures of these results."""
    evaluator = Evaluator()
    for result in results:
        evaluator.add(result)
    return evaluator.evaluation()
