"""Figures by entity and by trait."""

from vivavoce.domain.batch.scoring import case_in_error, score_case
from vivavoce.domain.batch.utterance import (
    BatchCase,
    Candidate,
    CaseResult,
    Classification,
    EntityExpectation,
    FoundEntity,
)
from vivavoce.domain.evaluation.evaluating import evaluate
from vivavoce.domain.evaluation.values import LabelMetrics


def with_entities(expected: dict[str, str], found: dict[str, str]) -> CaseResult:
    asked = BatchCase(
        "x",
        intents=("A",),
        entities=tuple(EntityExpectation(name, (value,)) for name, value in expected.items()),
    )
    answer = Classification(
        winning=(Candidate("A"),), entities=tuple(FoundEntity(*entity) for entity in found.items())
    )
    return score_case(0, asked, answer, 1.0)


def with_traits(expected: tuple[str, ...], *found: str, intent: str = "") -> CaseResult:
    asked = BatchCase("x", intents=(intent,) if intent else (), traits=expected)
    winning = (Candidate(intent),) if intent else ()
    return score_case(0, asked, Classification(winning=winning, traits=found), 1.0)


def test_entities() -> None:
    evaluation = evaluate(
        [
            with_entities({"Amount": "5", "Payee": "Ann"}, {"amount": "5", "payee": "Ann"}),
            with_entities({"amount ": "5", "Payee": "Ann"}, {"amount": "50", "date": "today"}),
            case_in_error(0, BatchCase("x", entities=(EntityExpectation("Amount", ("5",)),)), "down"),
        ]
    )
    amount, payee = evaluation.entities
    assert amount == LabelMetrics(name="Amount", support=2, tp=1, fp=1, fn=1)  # found with another value
    assert payee == LabelMetrics(name="Payee", support=2, tp=1, fp=0, fn=1)  # not found; "date" is not asked
    assert (amount.precision, amount.recall, payee.precision, payee.recall) == (0.5, 0.5, 1.0, 0.5)
    assert evaluation.passed.hits == 1


def test_traits_found_beside_the_expected_ones_are_no_error() -> None:
    evaluation = evaluate(
        [
            with_traits(("Polite",), "polite", "Angry"),
            with_traits(("Polite", "angry"), "Angry"),
            with_traits(("Angry",), "ANGRY", "Loud", intent="A"),
            with_traits((), "Polite", intent="A"),  # asks for no trait: says nothing about any
        ]
    )
    assert evaluation.traits == (
        LabelMetrics(name="Angry", support=2, tp=2, extra=1),
        LabelMetrics(name="Polite", support=2, tp=1, fn=1),
    )
    assert evaluation.tally.trait_success == 2
    assert [row.name for row in evaluation.intents] == ["A"]
    assert evaluation.intents[0].support == 2, "a case with both counts for its intent, too"
