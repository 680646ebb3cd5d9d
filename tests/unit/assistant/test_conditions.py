"""Conditions of logic nodes, and patterns of utterances."""

from typing import Any

import pytest

from vivavoce.assistant.conditions import Comparison, Every, HasTrait, Not, Some, holds, look_up
from vivavoce.assistant.patterns import Patterns
from vivavoce.assistant.speech import placeholders, render

VARIABLES: dict[str, Any] = {
    "amount": {"amount": 50, "code": "USD"},
    "day": "2025-03-14",
    "member": True,
    "name": "Kim",
    "empty": None,
    "a.b": 1,
}


@pytest.mark.parametrize(
    ("variable", "operator", "value", "expected"),
    [
        ("name", "is", "Kim", True),
        ("name", "is", "kim", False),
        ("name", "is_not", "Ann", True),
        ("member", "is", True, True),
        ("member", "is", 1, False),  # a flag is no number
        ("name", "in", ["Ann", "Kim"], True),
        ("name", "in", [], False),
        ("amount", "above", 49, True),
        ("amount.amount", "above", 50, False),
        ("amount.amount", "at_least", 50, True),
        ("amount.amount", "at_most", 50, True),
        ("amount.code", "is", "USD", True),
        ("day", "below", "2025-04-01", True),
        ("name", "above", 3, False),
        ("missing", "above", 3, False),
        ("missing", "known", False, True),
        ("empty", "known", True, False),
        ("name", "known", True, True),
    ],
)
def test_comparisons(variable: str, operator: str, value: Any, expected: bool) -> None:
    assert holds(Comparison(variable, operator, value), VARIABLES, frozenset()) is expected


def test_conditions_combine() -> None:
    yes, no = Comparison("name", "is", "Kim"), Comparison("name", "is", "Ann")
    urgent = HasTrait("urgent")
    assert holds(Every((yes, Not(no))), VARIABLES, frozenset())
    assert holds(Some((no, yes)), VARIABLES, frozenset())
    assert not holds(Some((no,)), VARIABLES, frozenset())
    assert holds(urgent, VARIABLES, frozenset({"urgent"})) and not holds(urgent, VARIABLES, frozenset())


def test_a_flat_name_wins_over_a_path() -> None:
    assert look_up(VARIABLES, "a.b") == 1
    assert look_up(VARIABLES, "amount.nothing") is None
    assert look_up(VARIABLES, "name.length") is None


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("Thanks!", "thanks"),
        ("thank you so much", "thanks"),
        ("thank you", "thanks"),
        ("well thank you", None),
        ("how are you", "how"),
        ("so how are you today?", "how"),
        ("thanks a lot", None),
        ("", None),
    ],
)
def test_patterns_cover_whole_utterances(text: str, meaning: str | None) -> None:
    patterns = Patterns([("thanks", "thanks"), ("thank you *", "thanks"), ("* how are you *", "how")])
    assert patterns.match(text) == meaning


def test_the_first_pattern_that_covers_wins() -> None:
    assert Patterns([("good *", "first"), ("good day", "second")]).match("Good day") == "first"
    assert Patterns([("good day", "second"), ("good *", "first")]).match("Good day") == "second"


def test_many_stars_stay_quick() -> None:
    assert Patterns([("a * a * a * a * b", "x")]).match("a " * 2_000) is None


def test_placeholders_are_filled_in_texts_and_templates() -> None:
    assert render("{name} pays {amount}, {{not}} {missing}.", VARIABLES) == "Kim pays 50 USD, {not} ."
    assert render("{member} {amount.code}", VARIABLES) == "true USD"
    template = {"text": "Hi {name}", "buttons": [{"title": "{day}", "size": 3}]}
    assert render(template, VARIABLES) == '{"text":"Hi Kim","buttons":[{"title":"2025-03-14","size":3}]}'
    assert list(placeholders(template)) == ["name", "day"]


def test_a_price_is_no_placeholder() -> None:
    assert render("That is $5 {5} or {}", VARIABLES) == "That is $5 {5} or {}"
