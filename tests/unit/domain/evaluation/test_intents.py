"""Figures by intent, averages and confusions: against scikit-learn, and what no library defines, by hand."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    multilabel_confusion_matrix,
    precision_recall_fscore_support,
)
from tests.unit.domain.evaluation.results import NONE, judged

from vivavoce.domain.batch.scoring import case_in_error, score_case
from vivavoce.domain.batch.utterance import BatchCase, Candidate, CaseResult, Classification
from vivavoce.domain.evaluation.confusions import FULLY_SHOWN
from vivavoce.domain.evaluation.evaluating import Evaluator, evaluate
from vivavoce.domain.evaluation.values import EXAMPLES, NO_INTENT, Evaluation, LabelMetrics, Rate
from vivavoce.domain.metrics import f1, tally_of

LABELS = st.sampled_from(["a", "b", "c", "d", NONE])
PAIRS = st.lists(st.tuples(LABELS, LABELS), min_size=1, max_size=60)


def played(pairs: list[tuple[str, str]]) -> list[CaseResult]:
    return [judged(expected, matched, index=at) for at, (expected, matched) in enumerate(pairs)]


def known(value: float | None) -> float:
    return math.nan if value is None else value


def counts(row: LabelMetrics) -> tuple[str, int, int, int, int, int]:
    return row.name, row.support, row.tp, row.fp, row.fn, row.tn


@given(PAIRS)
def test_rows_equal_scikit_learns(pairs: list[tuple[str, str]]) -> None:
    truth, found = zip(*pairs, strict=True)
    evaluation = evaluate(played(pairs))
    labels = [row.name for row in evaluation.intents]
    assert labels == sorted({label for pair in pairs for label in pair} - {NONE})
    rows = [*evaluation.intents, evaluation.no_intent]
    theirs = precision_recall_fscore_support(truth, found, labels=[*labels, NONE], zero_division=math.nan)
    ours = [(known(row.precision), known(row.recall), known(row.f1), row.support) for row in rows]
    for column, wanted in zip(zip(*ours, strict=True), theirs, strict=True):
        assert column == pytest.approx(tuple(wanted), nan_ok=True)
    one_against_the_rest = multilabel_confusion_matrix(truth, found, labels=[*labels, NONE])
    assert [(row.tn, row.fp, row.fn, row.tp) for row in rows] == [
        tuple(matrix.ravel()) for matrix in one_against_the_rest
    ]
    assert evaluation.accuracy.value == pytest.approx(accuracy_score(truth, found))


@given(PAIRS)
def test_averages_equal_scikit_learns(pairs: list[tuple[str, str]]) -> None:
    truth, found = zip(*pairs, strict=True)
    evaluation = evaluate(played(pairs))
    labels = [row.name for row in evaluation.intents]
    if not labels:
        assert evaluation.averages.macro.f1 is evaluation.averages.micro.f1 is None
        return
    for kind in ("micro", "macro", "weighted"):
        ours = getattr(evaluation.averages, kind)
        theirs = precision_recall_fscore_support(
            truth, found, labels=labels, average=kind, zero_division=math.nan
        )
        for name, value in zip(("precision", "recall", "f1"), theirs, strict=False):
            own = getattr(ours, name)
            weighed = any(getattr(row, name) is not None and row.support for row in evaluation.intents)
            if kind == "weighted" and not weighed:
                assert own is None, "where scikit-learn says 0 for a mean over no weight at all"
            else:
                assert known(own) == pytest.approx(value, nan_ok=True), (kind, name)


@given(PAIRS)
def test_confusions_are_the_matrix_off_its_diagonal(pairs: list[tuple[str, str]]) -> None:
    truth, found = zip(*pairs, strict=True)
    evaluation = evaluate(played(pairs))
    names = ["a", "b", "c", "d", NONE]
    matrix = confusion_matrix(truth, found, labels=names)
    wanted = {
        (names[row], names[column]): int(matrix[row, column])
        for row in range(5)
        for column in range(5)
        if row != column and matrix[row, column]
    }
    ours = {(pair.expected or NONE, pair.matched or NONE): pair.count for pair in evaluation.confusions}
    assert ours == wanted
    order = [(-pair.count, pair.expected, pair.matched) for pair in evaluation.confusions]
    assert order == sorted(order)


@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_results_does_not_matter(pairs: list[tuple[str, str]], shuffler: random.Random) -> None:
    results = [
        judged(expected, Candidate(matched, at / 60) if matched != NONE else NONE, index=at)
        for at, (expected, matched) in enumerate(pairs)
    ]
    first = evaluate(results)
    shuffler.shuffle(results)
    second = evaluate(results)
    assert without_examples(first) == without_examples(second)


def without_examples(evaluation: Evaluation) -> tuple[object, ...]:
    return (
        evaluation.tally,
        evaluation.intents,
        evaluation.averages,
        evaluation.calibration,
        evaluation.sweep,
        [(pair.expected, pair.matched, pair.count) for pair in evaluation.confusions],
    )


def test_one_row_a_name_however_it_is_spelt() -> None:
    evaluation = evaluate(
        [
            judged("Beta", "beta"),
            judged("beta ", "Alpha"),
            judged("Alpha"),
            judged((), "Gamma"),
            judged((), ""),
            judged(("Alpha", "Beta"), "Beta"),  # counts for the matched one
            judged(("Alpha", "Beta"), "Delta"),  # counts for the first
            judged("Delta", "Delta", "Gamma"),  # only Gamma is wrong; Delta is missed: the case failed
            case_in_error(0, BatchCase("x", intents=("Alpha",)), "no answer"),
            CaseResult(0, BatchCase("x", intents=("Alpha",))),  # not executed
            score_case(0, BatchCase("x", traits=("T",)), Classification(winning=(Candidate("Alpha"),)), 1.0),
        ]
    )
    assert [counts(row) for row in evaluation.intents] == [
        ("Alpha", 2, 0, 1, 2, 5),
        ("Beta", 3, 2, 0, 1, 5),
        ("Delta", 1, 0, 1, 1, 6),
        ("Gamma", 0, 0, 2, 0, 6),
    ]
    assert counts(evaluation.no_intent) == (NO_INTENT, 2, 1, 1, 1, 5)
    assert [(pair.expected, pair.matched) for pair in evaluation.confusions] == [
        ("", "Gamma"),
        ("Alpha", ""),
        ("Alpha", "Delta"),
        ("Beta", "Alpha"),
        ("Delta", "Gamma"),
    ]
    assert evaluation.tally.fn == 2, "the trait-only case is in the tally"
    assert evaluation.judged == 9


def test_none_among_the_accepted() -> None:
    evaluation = evaluate(
        [judged(("A", "None"), NONE), judged(("A", "None"), "A"), judged(("A", "None"), "B")]
    )
    assert [counts(row)[:5] for row in evaluation.intents] == [("A", 2, 1, 0, 1), ("B", 0, 0, 1, 0)]
    assert counts(evaluation.no_intent)[:5] == (NO_INTENT, 1, 1, 0, 0)


MANY = st.lists(st.sampled_from(["a", "b", "c", "d"]), min_size=2, max_size=4, unique=True)
SOME = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=4, unique=True)


@given(st.lists(st.tuples(MANY, SOME), min_size=1, max_size=30), st.sampled_from(["multi", "ambiguous"]))
def test_where_all_are_expected_each_counts(cases: list[tuple[list[str], list[str]]], kind: str) -> None:
    """As scikit-learn counts several labels a case."""
    evaluation = evaluate(
        [judged(tuple(expected), *matched, fulfillment_type=kind) for expected, matched in cases]
    )
    names = ["a", "b", "c", "d"]
    truth = [[int(name in expected) for name in names] for expected, _ in cases]
    found = [[int(name in matched) for name in names] for _, matched in cases]
    wanted = {
        name: tuple(matrix.ravel())
        for name, matrix in zip(names, multilabel_confusion_matrix(truth, found), strict=True)
    }
    ours = {row.name: (row.tn, row.fp, row.fn, row.tp) for row in evaluation.intents}
    touched = {name for expected, matched in cases for name in (*expected, *matched)}
    assert ours == {name: counts for name, counts in wanted.items() if name in touched}


def test_what_goes_wrong_where_all_are_expected() -> None:
    evaluation = evaluate(
        [
            judged(("A", "B"), "A", "C", fulfillment_type="multi"),
            judged(("A", "B"), "B", fulfillment_type="multi"),
            judged(("A", "B"), "A", "B", "C", fulfillment_type="multi"),
            judged(("A", "B"), "B", "A", fulfillment_type="multi"),  # the order: wrong, and nothing confused
        ]
    )
    assert evaluation.tally.fp == 4
    assert {(pair.expected, pair.matched) for pair in evaluation.confusions} == {
        ("B", "C"),
        ("A", NO_INTENT),
        (NO_INTENT, "C"),
    }


def test_the_right_name_below_another_parent_is_another_intent() -> None:
    found = Classification(winning=(Candidate("Amount"),), parent_intent="Pay bill")
    asked = BatchCase("x", intents=("Amount",), parent_intents=("Transfer",))
    evaluation = evaluate([score_case(0, asked, found, 1.0)])
    assert [counts(row) for row in evaluation.intents] == [
        ("Amount", 1, 0, 0, 1, 0),
        ("Pay bill || Amount", 0, 0, 1, 0, 0),
    ]
    [pair] = evaluation.confusions
    assert (pair.expected, pair.matched) == ("Amount", "Pay bill || Amount")


def test_the_answer_of_another_app_is_another_intent() -> None:
    found = Classification(winning=(Candidate("Amount"),), bot_names=("HR",))
    asked = BatchCase("x", intents=("Amount",), bot_names=("Bank",))
    [pair] = evaluate([score_case(0, asked, found, 1.0)]).confusions
    assert (pair.expected, pair.matched) == ("Amount", "HR || Amount")


def test_what_a_bot_fulfilled_without_an_intent_counts_as_its_match() -> None:
    asked = BatchCase("x", intents=("A",), fulfillment_type="single")
    evaluation = evaluate([score_case(0, asked, Classification(fulfillment="Small talk"), 1.0)])
    [pair] = evaluation.confusions
    assert (pair.expected, pair.matched) == ("A", "small talk")
    assert evaluation.calibration.unscored == 1


def test_lists_of_small_talk_are_expected_together() -> None:
    evaluation = evaluate([judged(("~hello", "~thanks"), "~hello")])
    assert [counts(row)[:5] for row in evaluation.intents] == [
        ("~hello", 1, 1, 0, 0),
        ("~thanks", 1, 0, 0, 1),
    ]


def test_types_are_what_the_bot_says_anywhere_or_a_pattern() -> None:
    asked = Candidate("Where is the bank?", type="faq")
    evaluation = evaluate(
        [
            judged("pay", Candidate("PAY", type="dialog")),
            judged("pay", asked),
            judged("Move", Candidate("pay", type="dialog"), candidates=(Candidate("move", type="dialog"),)),
            judged("~thanks", "~thanks"),
            judged("Nobody's", NONE),
        ]
    )
    assert {row.name: row.type for row in evaluation.intents} == {
        "pay": "dialog",
        "Move": "dialog",
        "Where is the bank?": "faq",
        "~thanks": "smalltalk",
        "Nobody's": "",
    }
    assert [(row.name, row.type, row.support, row.tp, row.fp, row.fn) for row in evaluation.types] == [
        ("dialog", "dialog", 3, 1, 1, 2),
        ("faq", "faq", 0, 0, 1, 0),
        ("smalltalk", "smalltalk", 1, 1, 0, 0),
        ("unknown", "", 1, 0, 0, 1),
    ]


def test_a_bot_that_contradicts_itself_about_types_is_the_same_in_any_order() -> None:
    both = [judged("a", Candidate("a", type="faq")), judged("a", Candidate("A", type="dialog"))]
    for results in (both, both[::-1]):
        assert [row.type for row in evaluate(results).intents] == ["dialog"]


@given(PAIRS)
def test_out_of_scope_rates(pairs: list[tuple[str, str]]) -> None:
    found = evaluate(played(pairs)).out_of_scope
    nothing = [matched for expected, matched in pairs if expected == NONE]
    meant = [matched for expected, matched in pairs if expected != NONE]
    unmatched = [expected for expected, matched in pairs if matched == NONE]
    assert found.rejected == Rate(nothing.count(NONE), len(nothing))
    assert found.accepted == Rate(len(meant) - meant.count(NONE), len(meant))
    assert found.precision == Rate(unmatched.count(NONE), len(unmatched))


@given(PAIRS)
def test_the_tally_is_the_wires(pairs: list[tuple[str, str]]) -> None:
    results = played(pairs)
    assert evaluate(results).tally == tally_of(results)


@given(PAIRS)
def test_the_wires_f1_is_never_below_the_micro_f1(pairs: list[tuple[str, str]]) -> None:
    """As the documentation says: a confusion costs the one once, the other twice."""
    evaluation = evaluate(played(pairs))
    wires, micro = f1(evaluation.tally), evaluation.averages.micro.f1
    assert wires is None or micro is None or wires >= micro
    confused = any(expected != matched != NONE != expected for expected, matched in pairs)
    if confused and evaluation.tally.tp:
        assert wires and micro and wires > micro


def test_nothing_is_undefined_and_not_zero() -> None:
    evaluation = evaluate([case_in_error(0, BatchCase("x", intents=("A",)), "no answer")])
    assert evaluation.tally.failed_utterances == 1
    assert evaluation.judged == 0
    assert (evaluation.passed.value, evaluation.passed.interval, evaluation.accuracy.value) == (None,) * 3
    assert (evaluation.intents, evaluation.confusions, evaluation.sweep) == ((), (), ())
    averages = evaluation.averages
    for average in (averages.micro, averages.macro, averages.weighted):
        assert (average.precision, average.recall, average.f1) == (None, None, None)
    assert evaluation.calibration.error is None
    assert evaluation.out_of_scope.rejected.value is None


def test_examples_are_the_first_ones_with_where_they_stand() -> None:
    evaluator = Evaluator()
    for at in range(EXAMPLES + 3):
        evaluator.add(judged("a", Candidate("b", 0.5), index=at, line=at + 2))
    [pair] = evaluator.evaluation().confusions
    assert pair.count == EXAMPLES + 3
    shown = [(each.index, each.utterance, each.line, each.score) for each in pair.examples]
    assert shown == [(at, f"utterance {at}", at + 2, 0.5) for at in range(EXAMPLES)]


def test_of_thousands_of_pairs_the_rare_ones_show_one_example() -> None:
    names = [f"intent {at}" for at in range(46)]
    twice = [judged(one, other) for one in names for other in names if one != other] * 2
    shown = [len(pair.examples) for pair in evaluate([*twice, judged("intent 45", "intent 44")]).confusions]
    assert shown == [3] + [2] * (FULLY_SHOWN - 1) + [1] * (46 * 45 - FULLY_SHOWN)


def test_what_an_intent_is_lost_to() -> None:
    evaluation = evaluate([judged("a", "b"), judged("a", "c"), judged("a", "c"), judged("b", "c")])
    assert [(pair.matched, pair.count) for pair in evaluation.lost_to("a")] == [("c", 2), ("b", 1)]
