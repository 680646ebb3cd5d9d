"""JSON values compared as JSON, and the plain paths into them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivavoce.domain.json_values import Path, difference, locate, parse_path, same, show_path

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        (None, False, False),
        ("1", 1, False),
        (2**60, 2**60 + 1, False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": 1}, {"a": 1, "b": None}, False),
        ({"a": None}, {}, False),
        ([1, 2], [2, 1], False),
        ([1, 2], [1], False),
        ((1, 2), [1, 2], True),
        ([], {}, False),
        ([[True]], [[1]], False),
        ("é", "e\u0301", False),
    ],
)
def test_equality(left: Any, right: Any, equal: bool) -> None:
    assert same(left, right) is equal
    assert same(right, left) is equal


@pytest.mark.parametrize(
    ("left", "right", "path"),
    [
        ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}, ("a", 1, "b")),
        ({"a": 1}, {}, ("a",)),
        ({}, {"b": 1}, ("b",)),
        ([1], [1, 2], (1,)),
        (1, 2, ()),
        ({"x": 1, "y": 1}, {"y": 2, "x": 2}, ("x",)),
    ],
)
def test_the_first_difference_is_found(left: Any, right: Any, path: Path) -> None:
    found = difference(left, right)
    assert found is not None
    assert found.path == path


def test_ignored_places_take_any_value_but_must_be_there() -> None:
    assert difference({"a": [1, 2]}, {"a": [9, 2]}, {("a", 0)}) is None
    assert difference({"a": [1, 2]}, {"a": [9, 3]}, {("a", 0)}) is not None
    assert difference({"a": 1}, {"a": {"deep": []}}, {("a",)}) is None
    assert difference({"a": 1}, {}, {("a",)}) is not None


def test_deep_values_are_compared() -> None:
    left: Any = 1
    right: Any = 2
    for _ in range(20_000):
        left, right = [left], [right]
    found = difference(left, right)
    assert found is not None
    assert len(found.path) == 20_000
    while isinstance(left, list):  # taken apart by hand: freeing it at once would be deep as well
        left, right = left[0], right[0]


@given(JSON)
def test_a_value_equals_itself(value: Any) -> None:
    assert same(value, value)


@given(JSON, JSON)
def test_equality_has_no_direction(left: Any, right: Any) -> None:
    assert same(left, right) == same(right, left)


@pytest.mark.parametrize(
    ("path", "keys"),
    [
        ("$", ()),
        ("$.a.b[0].c", ("a", "b", 0, "c")),
        ("$['a']", ("a",)),
        ('$["a b"].c', ("a b", "c")),
        (r"$['it\'s']", ("it's",)),
        ("$.a[-1]", ("a", -1)),
        ("$.übung_1", ("übung_1",)),
        ("", None),
        ("a.b", None),
        ("$.", None),
        ("$.a[*]", None),
        ("$..a", None),
        ("$.a[01]", None),
        ("$.a[?@.b]", None),
        ("$.a[0:1]", None),
        ("$.a b", None),
    ],
)
def test_plain_paths(path: str, keys: Path | None) -> None:
    assert parse_path(path) == keys


@given(st.lists(st.text(min_size=1, max_size=6) | st.integers(0, 9), max_size=4))
def test_shown_paths_can_be_read_again(keys: list[str | int]) -> None:
    assert parse_path(show_path(keys)) == tuple(keys)


def test_locating_counts_from_the_start() -> None:
    value = {"a": [1, 2, {"b": 3}]}
    assert locate(value, ("a", -1, "b")) == ("a", 2, "b")
    assert locate(value, ("a", 3)) is None
    assert locate(value, ("b",)) is None
    assert locate(value, (0,)) is None
