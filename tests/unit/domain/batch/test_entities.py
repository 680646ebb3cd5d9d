"""Entities: equal values, expressions in bounded time, several items, composites."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivavoce.domain.batch.entities import EntityJudge, order_agrees
from vivavoce.domain.batch.utterance import EntityExpectation, EntityResult, FoundEntity


def judge(values: str | tuple[str, ...], *found: str) -> EntityResult:
    accepted = (values,) if isinstance(values, str) else values
    entities = [FoundEntity("city", value) for value in found]
    return EntityJudge().judge(EntityExpectation("city", accepted), entities)


@pytest.mark.parametrize(
    ("expected", "found", "matched"),
    [
        ("Paris", ("Paris",), True),
        ("Paris", (" Paris ",), True),
        ("Paris", ("paris",), False),
        ("Paris", ("Paris, France",), False),
        ("Paris", (), False),
        ("Paris", ("London", "Paris"), True),  # one of the found values
        ("100 USD", ("100 USD",), True),
        (r"\d{4}", ("2024",), True),
        (r"\d{4}", ("20245",), False),  # the whole value
        (r"\d{4}", ("x 2024",), False),
        ("(?i)paris", ("PARIS",), True),
        ("Paris|London", ("London",), True),
        ("$5.00", ("$5.00",), True),  # equal before it is tried as an expression
        ("a+b", ("a+b",), True),
        ("[", ("[",), True),
        ("a||b", ("a", "b"), True),
        ("a||b", ("b", "a"), True),
        ("a||b", ("a||b",), True),
        ("a || b", ("a", "b"), True),
        ("a||b", ("a",), False),
        ("a||b", ("a", "b", "c"), False),  # the whole list
        ("a||b", ("a", "a"), False),
        ("a||a", ("a", "b"), False),
        (r"\d+||a", ("a", "7"), True),
        (r".*||a", ("a", "b"), True),  # paired off: `.*` must leave `a` to the other
        ("amount:5|unit:kg", ("unit:kg|amount:5",), True),
        ("Amount: 5 | unit:kg", ("amount:5|unit:kg",), True),
        ("amount:5|unit:kg", ("amount:5|unit:g",), False),
        ("amount:5|unit:kg", ("amount:5",), False),
        ("10:30|11:30", ("11:30",), True),  # no composite: an expression
        ("amount:5|unit:kg", ("amount:5|unit:kg|source:x",), False),
        (r"amount:\d+|unit:kg", ("unit:kg|amount:12",), True),
        ("amount:5|unit:kg||amount:6|unit:g", ("unit:g|amount:6", "unit:kg|amount:5"), True),
        ("a:1|a:2", ("a:2",), True),  # no composite, since a name repeats: an expression
        (("Rome", "Paris"), ("Paris",), True),
        (("Rome", "Paris"), ("London",), False),
        ((), ("anything",), True),
        ((" ",), ("anything",), True),
        ((), (), False),
    ],
)
def test_values(expected: str | tuple[str, ...], found: tuple[str, ...], matched: bool) -> None:
    result = judge(expected, *found)
    assert result.matched is matched


def test_names_compare_without_case_and_outer_blanks() -> None:
    expected = EntityExpectation("City", ("Paris",))
    assert EntityJudge().judge(expected, [FoundEntity(" city", "Paris")]).matched
    assert not EntityJudge().judge(expected, [FoundEntity("town", "Paris")]).matched


@pytest.mark.parametrize(
    ("expected", "found", "actual"),
    [
        ("Paris", ("London", "Paris"), "Paris"),
        ("Paris", ("London", "Rome"), "London||Rome"),
        ("a||b", ("b", "a"), "b||a"),
        ("Paris", (), ""),
    ],
)
def test_what_is_shown_as_found(expected: str, found: tuple[str, ...], actual: str) -> None:
    result = judge(expected, *found)
    assert (result.name, result.expected, result.actual) == ("city", (expected,), actual)


def test_an_expression_that_does_not_compile_is_a_text_with_one_warning_a_run() -> None:
    judge = EntityJudge()
    expected = EntityExpectation("city", ("St. (John",))
    found = [FoundEntity("city", "St. John"), FoundEntity("city", "x")]
    assert not judge.judge(expected, found, "line 7: ").matched
    (warning,) = judge.warnings()
    assert warning.startswith('line 7: "St. (John" is no expression: compared as a text')
    assert judge.judge(expected, [FoundEntity("city", "St. (John")], "line 8: ").matched
    assert not judge.judge(expected, found, "line 9: ").matched
    assert judge.warnings() == ()


def test_plain_values_warn_about_nothing() -> None:
    judge = EntityJudge()
    judge.judge(EntityExpectation("city", ("Paris", "$5", "a||b")), [FoundEntity("city", "London")])
    assert judge.warnings() == ()


@pytest.mark.parametrize(
    ("expected", "actual", "agrees"),
    [
        ("", "", None),
        ("", "a", None),
        ("a>b", "a>b", True),
        ("a>b", "b>a", False),
        ("a>b", "A > B", True),
        ("a>c", "a>b>c", True),  # a partial order: what stands between is not asked for
        ("a>b>c", "a>c", False),  # one was not found
        ("a", "", False),
        ("amount>amount", "amount", False),
        ("amount>amount", "amount>to>amount", True),
        ("b", "a>b>c", True),
        ("b>a", "a>b>a", True),
    ],
)
def test_whether_the_order_agrees(expected: str, actual: str, agrees: bool | None) -> None:
    def names(text: str) -> list[str]:
        return [name.strip() for name in text.split(">") if name]

    assert order_agrees(names(expected), names(actual)) is agrees


@given(st.text(min_size=1))
def test_any_value_matches_itself(value: str) -> None:
    if value.strip() and "||" not in value:
        assert judge(value, value).matched


@given(st.lists(st.text("abc.*", min_size=1, max_size=3), min_size=2, max_size=5), st.data())
def test_items_match_in_any_order(items: list[str], data: st.DataObject) -> None:
    assert judge("||".join(items), *data.draw(st.permutations(items))).matched
