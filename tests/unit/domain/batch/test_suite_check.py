from collections.abc import Iterable
from typing import Any

import pytest

from vivavoce.domain.batch import suite_check
from vivavoce.domain.batch.backtracking import may_backtrack
from vivavoce.domain.batch.duplicates import Duplicates
from vivavoce.domain.batch.suite_check import SuiteCheck
from vivavoce.domain.batch.utterance import BatchCase, EntityExpectation
from vivavoce.domain.errors import Malformed


def warnings(*cases: BatchCase) -> list[str]:
    check = SuiteCheck()
    assert list(check.watched(cases)) == list(cases)
    check.raise_if_wrong()
    return list(check.warnings())


def said(*expected: str, text: str = "hi", **more: Any) -> BatchCase:
    return BatchCase(text, expected, **more)


def at_lines(cases: Iterable[BatchCase]) -> list[BatchCase]:
    return [BatchCase(case.utterance, case.intents, line=line) for line, case in enumerate(cases, 2)]


class TestContradictions:
    def test_both_lines_and_expectations_are_named(self) -> None:
        found = warnings(*at_lines([said("A"), said("B", text="other"), said("B", "C", text=" HI ".strip())]))
        assert found == ["line 4: expects 'B' | 'C', but line 2 expects 'A' of the same utterance"]

    def test_none_against_an_intent_is_one(self) -> None:
        [found] = warnings(said("A"), said())
        assert found == (
            "$.testCases[1]: expects no intent, but $.testCases[0] expects 'A' of the same utterance"
        )

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            (said("A", "B"), said("B", "C")),
            (said("A"), said(" a ")),
            (said("A", "None"), said()),
            (said("A"), said("B", parent_intents=("P",))),
            (said("A", bot_names=("X",)), said("B", bot_names=("Y",))),
            (said("A"), said(traits=("T",))),
            (said(traits=("T",)), said(traits=("U",))),
            (said("A"), said("B", text="hi!")),
        ],
    )
    def test_what_is_none(self, first: BatchCase, second: BatchCase) -> None:
        assert not [found for found in warnings(first, second) if "expects" in found]

    def test_it_is_seen_beside_a_case_that_agrees_with_both(self) -> None:
        [found] = warnings(*at_lines([said("A", "B"), said("A"), said("B")]))
        assert found.startswith("line 4: expects 'B', but line 3 expects 'A'")

    def test_ten_are_told_in_order_and_the_rest_is_counted(self) -> None:
        cases = at_lines(said(intent, text=f"text {number}") for intent in "AB" for number in range(300))
        found = warnings(*cases)
        assert [line.split(":")[0] for line in found[:10]] == [f"line {302 + at}" for at in range(10)]
        assert found[10:] == ["and 290 more contradictory expectations of the same utterance"]

    def test_what_a_category_expects_counts(self) -> None:
        found = warnings(said("A"), said(fulfillment_type="No intent"))
        assert "expects no intent" in found[0]


class TestRepetitions:
    def test_are_summed_up(self) -> None:
        found = warnings(*at_lines([said("A"), said("a"), said("A", text="HI"), said("B", text="two")]))
        assert found == [
            "2 utterances stand there again with the same expectations and count twice "
            "(first line 3, as line 2)"
        ]

    def test_other_entities_are_another_expectation(self) -> None:
        assert warnings(said("A"), said("A", entities=(EntityExpectation("e", ("1",)),))) == []


class TestIds:
    def test_given_twice_are_refused_with_both_lines(self) -> None:
        with pytest.raises(Malformed) as refused:
            warnings(*[said(text=str(n), id=i, line=n) for n, i in enumerate(["x", "", "", "y", "x"], 2)])
        assert [str(problem) for problem in refused.value.problems] == [
            "line 6: the case id of line 2 stands there again (give it another one, or leave it empty)"
        ]

    def test_the_rest_is_counted(self) -> None:
        with pytest.raises(Malformed, match="and 15 more case ids"):
            warnings(*[said(text=str(number), id="x") for number in range(26)])


class TestExpressions:
    def expecting(self, *values: str) -> BatchCase:
        return said("A", entities=(EntityExpectation("e", values),), line=7)

    def test_one_that_does_not_compile(self) -> None:
        [found] = warnings(self.expecting("[A-Z]", "5 (five", "5 (five"))
        assert found.startswith("line 7: `5 (five` is no regular expression: missing )")
        assert found.endswith("; the value is compared as a text")

    def test_each_item_is_looked_at(self) -> None:
        assert len(warnings(self.expecting("fine||*bad"))) == 1

    def test_one_that_may_not_end(self) -> None:
        [found] = warnings(self.expecting(r"(\w+\s?)*"))
        assert found.startswith(r"line 7: the expression `(\w+\s?)*` may backtrack without end")

    def test_ten_are_told(self) -> None:
        found = warnings(self.expecting(*[f"({number}" for number in range(15)]))
        assert found[10:] == ["and 5 more entity values that do not compile"]

    def test_so_many_are_looked_at(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(suite_check, "MOST_EXPRESSIONS", 2)
        assert len(warnings(self.expecting("(1", "(2", "(3"))) == 2


def test_more_expectations_than_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite_check, "MOST_EXPECTATIONS", 1)
    assert warnings(said("A"), said("B"), said("C")) == []


def test_a_fulfillment_type_at_odds_with_its_intents() -> None:
    [found] = warnings(said("A", fulfillment_type="multi", line=3))
    assert found.startswith("line 3: the fulfillment type 'multi' expects 2 to 5 intents")


@pytest.mark.parametrize(
    "expression",
    ["(a+)+", "(a*)*b", r"(\w+\s?)*", "(a|b*)*", "((a+))*", "(?:x+x?)+", "(.*,)+", "([a-z]+)*$", "(a{2,})+"],
)
def test_repeats_within_repeats(expression: str) -> None:
    assert may_backtrack(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "a+",
        r"\d+(,\d+)*",
        "(a+,)*",
        "(ab)+",
        "(a+)?",
        "(a+){2}",
        "(?>a+)+",
        "(a+)*+",
        "[(a+)+]",
        r"\(a+\)+",
        "(?i)a+",
        "5 EUR",
        "(a|b)*",
        "",
        ")",
        "*",
    ],
)
def test_repeats_that_end(expression: str) -> None:
    assert not may_backtrack(expression)


def test_doubles_are_groups_of_ascending_numbers() -> None:
    duplicates = Duplicates()
    for number, value in enumerate([*range(1_000), 5, "x", 900, 5, "x"]):
        duplicates.add(value, number)
    assert sorted(list(group) for group in duplicates.groups()) == [
        [5, 1000, 1003],
        [900, 1002],
        [1001, 1004],
    ]
