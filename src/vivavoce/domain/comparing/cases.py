"""The cases of a run as they are compared: an utterance, or a conversation over all its repeats."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import groupby
from typing import Protocol, cast

from vivavoce.domain.batch.fulfillment import expected_names
from vivavoce.domain.batch.names import fold
from vivavoce.domain.batch.scoring import by_traits_alone, fulfilled_by
from vivavoce.domain.batch.utterance import CaseResult, Classification, Outcome
from vivavoce.domain.evaluation.labels import Compared, Labels
from vivavoce.domain.evaluation.values import NO_INTENT
from vivavoce.domain.metrics import verdict_of
from vivavoce.domain.repeats import case_sum, repeats_of, rule_of, verdict_of_case
from vivavoce.domain.run import Run, RunKind
from vivavoce.domain.verdict import StepResult, Verdict

Explain = Callable[[CaseResult], Sequence[str]]


class PlayedRun(Protocol):
    """A run and where its results come from: a fresh iterator at each call, in order of index."""

    @property
    def run(self) -> Run: ...
    @property
    def results(self) -> Callable[[], Iterable[StepResult] | Iterable[CaseResult]]: ...


class Row:
    """How a case came out. Cases that came out alike share one, so that a million of them need few."""

    __slots__ = ("compared", "expected", "matched", "outcome", "verdict")

    def __init__(
        self,
        verdict: Verdict,
        outcome: Outcome | None = None,
        expected: tuple[str, ...] = (),
        matched: tuple[str, ...] = (),
        compared: Compared | None = None,
    ) -> None:
        self.verdict = verdict
        self.outcome = outcome
        self.expected = expected  # intents, as the file spells them
        self.matched = matched
        self.compared = compared  # None: not judged, or not about intents


class Case:
    """One case of a run, while it is looked at."""

    __slots__ = ("_result", "_steps", "asks", "expectation", "id", "row")

    def __init__(
        self,
        row: Row,
        asks: str,
        *,
        id: str = "",
        expectation: str = "",
        result: CaseResult | None = None,
        steps: Sequence[StepResult] = (),
    ) -> None:
        self.row = row
        self.asks = asks  # the utterance below its parent intents, or the conversation's name
        self.id = id
        self.expectation = expectation
        self._result = result
        self._steps = steps

    @property
    def name(self) -> str:
        return self._result.case.utterance if self._result else self.asks

    @property
    def results(self) -> int:
        """How many results it is made of: steps, over all repeats, or 1."""
        return len(self._steps) or 1

    @property
    def line(self) -> int:
        return self._result.case.line if self._result else 0

    def reasons(self, explain: Explain) -> tuple[str, ...]:
        """Why it did not pass."""
        if self.row.verdict is Verdict.PASSED:
            return ()
        if self._result is not None:
            return tuple(explain(self._result))
        return tuple(reason for step in self._steps for reason in step.reasons)


def key_of(*parts: str) -> int:
    """A number that stands for these texts: 60 bits, so that two of a million cases share one in one of two
    million comparisons, and a machine word holds it."""
    text = "\0".join(parts)
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") >> 4


class Reader:
    """Reads the cases of both runs, so that they share rows and the names of intents."""

    def __init__(self) -> None:
        self.labels = Labels()
        self._rows: dict[object, Row] = {verdict: Row(verdict) for verdict in Verdict}
        self._intents: dict[tuple[str, ...], str] = {}

    def cases(self, played: PlayedRun) -> Iterator[Case]:
        """Every case, in the order in which it was played."""
        if played.run.kind is RunKind.BATCH:
            return map(self._utterance, cast(Iterable[CaseResult], played.results()))
        return self._conversations(played.run, cast(Iterable[StepResult], played.results()))

    def _conversations(self, run: Run, results: Iterable[StepResult]) -> Iterator[Case]:
        for unit, together in groupby(results, key=lambda step: step.unit):
            steps = list(together)
            verdict = verdict_of_case(case_sum(list(repeats_of(steps)), run.repeats, rule_of(run, unit)))
            yield Case(self._rows[verdict], steps[0].case.strip(), steps=steps)

    def _utterance(self, result: CaseResult) -> Case:
        case = result.case
        asks = case.utterance.strip()
        if case.parent_intents:
            asks = "\0".join((asks, *map(fold, case.parent_intents)))
        return Case(self._row(result), asks, id=case.id, expectation=self._expectation(result), result=result)

    def _row(self, result: CaseResult) -> Row:
        found = result.classification
        if result.outcome is None or found is None:
            return self._rows[verdict_of(result)]
        case, outcome = result.case, result.outcome
        matched = tuple([winner.name for winner in found.winning])
        key: object = (result.passed, outcome, case.intents, matched)
        if case.traits or case.fulfillment_type or outcome == "FP":  # what else decides
            traits = tuple([(trait.name, trait.matched) for trait in result.traits])
            told = (found.parent_intent, found.bot_names, found.fulfillment) if outcome == "FP" else ()
            key = (key, case.fulfillment_type, case.parent_intents, case.bot_names, traits, told)
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = self._new_row(result, found)
        return row

    def _new_row(self, result: CaseResult, found: Classification) -> Row:
        case = result.case
        if by_traits_alone(case):
            met = tuple([trait.name for trait in result.traits if trait.matched])
            return Row(verdict_of(result), result.outcome, case.traits, met)
        matched = tuple([winner.name for winner in found.winning]) or fulfilled_by(found.fulfillment)
        compared = self.labels.compare(result, found)
        expected = expected_names(case) if case.fulfillment_type else case.intents
        return Row(verdict_of(result), result.outcome, expected, tuple(matched), compared)

    def _expectation(self, result: CaseResult) -> str:
        """What a case expects, in a form that does not depend on spelling or order."""
        case = result.case
        intents = self._intents.get(case.intents)
        if intents is None:
            keys = sorted({self.labels.key(name) for name in case.intents} or {NO_INTENT})
            intents = self._intents[case.intents] = "\0".join(keys)
        if not (case.traits or case.entities or case.fulfillment_type or case.bot_names):
            return intents
        entities = sorted((fold(entity.name), *entity.values) for entity in case.entities)
        traits, bots = sorted(map(fold, case.traits)), sorted(map(fold, case.bot_names))
        # Several intents may have to come in their order, where a category is stated.
        ordered = case.intents if case.fulfillment_type else ()
        return repr((intents, traits, entities, case.fulfillment_type, ordered, bots))
