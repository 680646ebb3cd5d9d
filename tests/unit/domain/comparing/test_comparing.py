"""What becomes of the cases, and the figures of the pairs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.domain.comparing.making import batch, case, conversations, step

from vivavoce.domain.batch.utterance import CaseResult
from vivavoce.domain.comparing.chance import holm, mcnemar
from vivavoce.domain.comparing.comparing import compare
from vivavoce.domain.comparing.values import EXAMPLES
from vivavoce.domain.errors import InputError
from vivavoce.domain.evaluation.evaluating import evaluate
from vivavoce.domain.run import Counts, Repeated
from vivavoce.domain.verdict import Verdict

PASSED, FAILED, ERROR, SKIPPED = Verdict.PASSED, Verdict.FAILED, Verdict.ERROR, Verdict.NOT_EXECUTED


def test_every_sort_of_case() -> None:
    before = batch(
        case("1", "A", "A"),
        case("2", "A", "A"),
        case("3", "A", "B"),
        case("4", "A", "B"),
        case("5", "A", "A"),
        case("6", "A", None),
        case("7", "A", "A"),
        case("gone", "A", "A"),
    )
    after = batch(
        case("1", "A", "A"),
        case("2", "A", "B"),
        case("3", "A", "A"),
        case("4", "A", ""),
        case("5", "B", "A"),
        case("6", "A", "B"),
        case("7", "A", None),
        case("new", "A", "B"),
    )
    found = compare(before, after, lambda result: ["why"])
    assert (found.still_passing, found.newly_failing.count, found.newly_passing.count) == (1, 1, 1)
    assert (found.still_failing.count, found.changed.count, found.unjudged.count) == (1, 1, 2)
    assert (found.appeared.count, found.disappeared.count, found.pairs, found.common) == (1, 1, 4, 7)
    worse = found.newly_failing.examples[0]
    assert (worse.name, worse.expected, worse.matched_before, worse.matched_after) == (
        "2",
        ("A",),
        ("A",),
        ("B",),
    )
    assert (worse.before, worse.after, worse.reasons) == (PASSED, FAILED, ("why",))
    assert found.newly_passing.examples[0].reasons == ()
    (changed,) = found.changed.examples
    assert (changed.expected_before, changed.expected) == (("A",), ("B",))
    assert found.appeared.examples[0].before is None
    assert found.disappeared.examples[0].after is None


@pytest.mark.parametrize(
    ("was", "now", "hidden"),
    [
        (None, "B", True),  # it fails now, and nobody knows whether it did before
        ("A", None, True),
        (None, None, True),
        (None, "A", False),  # whatever it was, it does not fail now
        ("B", None, False),  # it failed before: it cannot newly fail
    ],
)
def test_errors_hide_what_may_newly_fail(was: str | None, now: str | None, hidden: bool) -> None:
    found = compare(batch(case("x", "A", was)), batch(case("x", "A", now)))
    assert (found.unjudged.count, found.hidden, found.pairs) == (1, hidden, 0)


def test_examples_are_capped_and_counts_are_not() -> None:
    many = range(EXAMPLES + 7)
    found = compare(
        batch(*(case(str(n), "A", "A") for n in many)), batch(*(case(str(n), "A", "B") for n in many))
    )
    assert (found.newly_failing.count, len(found.newly_failing.examples)) == (EXAMPLES + 7, EXAMPLES)


def test_what_a_broken_off_run_lacks_was_not_executed() -> None:
    whole = batch(case("1", "A", "A"), case("2", "A", "A"), case("3", "A", "B"))
    cut = batch(case("1", "A", "A"), total=3)
    found = compare(whole, cut)
    assert (found.disappeared.count, found.unjudged.count, found.hidden) == (0, 2, 1)
    turned = compare(cut, whole)
    assert (turned.appeared.count, turned.unjudged.count, turned.hidden) == (0, 2, 1)


def test_utterances_and_conversations_are_not_compared() -> None:
    with pytest.raises(InputError, match="only runs of one kind"):
        compare(batch(case("1", "A", "A")), conversations(step("x", PASSED, unit=0)))


# --- figures ------------------------------------------------------------------------------------------------

intents = st.sampled_from(["", "A", "B", "C", "A|B"])
results = st.lists(st.tuples(intents, intents, intents), max_size=40)


@given(results)
def test_the_figures_are_those_of_the_reports(cases: list[tuple[str, str, str]]) -> None:
    was: list[CaseResult] = [case(str(n), expected, one) for n, (expected, one, _) in enumerate(cases)]
    now: list[CaseResult] = [case(str(n), expected, other) for n, (expected, _, other) in enumerate(cases)]
    found, before, after = compare(batch(*was), batch(*now)), evaluate(was), evaluate(now)
    assert found.tally_before == before.tally and found.tally_after == after.tally
    rows_before = {row.name: row for row in (*before.intents, before.no_intent)}
    rows_after = {row.name: row for row in (*after.intents, after.no_intent)}
    for change in found.intents:
        for row, rows in ((change.before, rows_before), (change.after, rows_after)):
            if row.name in rows:
                theirs = rows[row.name]
                assert (row.support, row.tp, row.fp, row.fn, row.tn) == (
                    theirs.support,
                    theirs.tp,
                    theirs.fp,
                    theirs.fn,
                    theirs.tn,
                )
            else:
                assert (row.support, row.tp, row.fp, row.fn) == (0, 0, 0, 0)
    unchanged = {*rows_before, *rows_after} - {change.name for change in found.intents}
    for name in unchanged:
        one, other = rows_before.get(name), rows_after.get(name)
        if one and other:
            assert (one.tp, one.fp, one.fn) == (other.tp, other.fp, other.fn)
    cells_before = {(cell.expected, cell.matched): cell.count for cell in before.confusions}
    cells_after = {(cell.expected, cell.matched): cell.count for cell in after.confusions}
    drift = {(one.expected, one.matched): (one.before, one.after) for one in found.drift}
    assert drift == {
        cell: (cells_before.get(cell, 0), cells_after.get(cell, 0))
        for cell in {*cells_before, *cells_after}
        if cells_before.get(cell, 0) != cells_after.get(cell, 0)
    }


def test_intents_worst_first_with_a_test_each_and_what_moved() -> None:
    lost = [(f"a{n}", "A", "A", "B") for n in range(8)]
    won = [(f"c{n}", "C", "", "C") for n in range(7)]
    few = [("d", "D", "D", "C")]
    cases = [*lost, *won, *few, ("e", "E", "E", "E")]
    found = compare(
        batch(*(case(words, expected, was) for words, expected, was, _ in cases)),
        batch(*(case(words, expected, now) for words, expected, _, now in cases)),
    )
    by_name = {change.name: change for change in found.intents}
    assert next(iter(by_name)) == "A" and list(by_name)[-1] == "C"
    assert "E" not in by_name
    a, c, d = by_name["A"], by_name["C"], by_name["D"]
    assert (a.newly_failing, a.newly_passing, a.p_value) == (8, 0, mcnemar(8, 0))
    assert [a.adjusted, c.adjusted] == holm([mcnemar(8, 0), mcnemar(0, 7)])
    assert d.adjusted is None  # one case: no test could tell it from chance, and it is none
    assert [(one.expected, one.matched, one.before, one.after, one.kind) for one in a.moved] == [
        ("A", "B", 0, 8, "new")
    ]
    assert by_name["B"].before.precision is None and by_name["B"].after.precision == 0
    assert [(one.expected, one.matched, one.kind) for one in found.drift] == [
        ("A", "B", "new"),
        ("D", "C", "new"),
        ("C", "", "gone"),
    ]


def test_traits_and_entities_change_no_intent() -> None:
    was, now = (case("x", "", "", traits=("urgent",)) for _ in range(2))
    assert compare(batch(was), batch(now)).intents == ()


def test_the_effect() -> None:
    cases = [("A", "A")] * 60 + [("A", "B")] * 14 + [("B", "A")] * 3 + [("B", "B")] * 23
    turned = {"A": "A", "B": "B"}
    found = compare(
        batch(*(case(str(n), "B", turned[was]) for n, (was, _) in enumerate(cases))),
        batch(*(case(str(n), "B", turned[now]) for n, (_, now) in enumerate(cases))),
    )
    assert (found.newly_failing.count, found.newly_passing.count) == (3, 14)
    assert found.p_value == pytest.approx(0.012726, abs=1e-6)
    assert found.change == pytest.approx(0.11)
    assert (found.pass_rate_before, found.pass_rate_after) == (0.26, 0.37)
    interval = found.change_interval
    assert interval is not None and 0 < interval.low < 0.11 < interval.high
    assert found.least_change() == pytest.approx(0.09)  # 4 against 13 of 17


# --- conversations ------------------------------------------------------------------------------------------


def test_conversations_by_name_in_order() -> None:
    before = conversations(
        step("Pay", PASSED, unit=0), step("Pay", PASSED, unit=1), step("Greet", FAILED, unit=2)
    )
    after = conversations(
        step("Greet", PASSED, unit=0),
        step("Pay", PASSED, unit=1),
        step("Pay", PASSED, unit=2),
        step("Pay", ERROR, unit=2, error="timeout"),
        step("New", FAILED, unit=3),
    )
    found = compare(before, after)
    assert (found.newly_passing.count, found.still_passing, found.unjudged.count) == (1, 1, 1)
    assert (found.appeared.count, found.disappeared.count, found.tally_after) == (1, 0, None)
    assert found.unjudged.examples[0].reasons == ("timeout",)


def test_a_conversation_counts_over_its_repeats_by_its_rule() -> None:
    twice = [step("Pay", verdict, unit=0, repeat=n) for n, verdict in enumerate((PASSED, FAILED))]
    before = conversations(step("Pay", PASSED, unit=0))
    assert compare(before, conversations(*twice, repeats=2)).newly_failing.count == 1
    assert compare(before, conversations(*twice, repeats=2, pass_rule="any")).still_passing == 1
    own = Repeated(cases=Counts(passed=1), own_rules={0: "any"})
    assert compare(before, conversations(*twice, repeats=2, repeated=own)).still_passing == 1
