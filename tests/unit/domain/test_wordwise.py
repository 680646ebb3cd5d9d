"""The differing words of two texts."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivavoce.domain.assertions.wordwise import differing_words, marked_words


@pytest.mark.parametrize(
    ("expected", "actual", "shown"),
    [
        ("a b", "a b", ""),
        ("See you Monday then", "See you Tuesday then", "differing words: [-Monday-] {+Tuesday+}"),
        ("a b c", "a c", "differing words: [-b-]"),
        ("a c", "a b c", "differing words: {+b+}"),
        ("a b c d e", "x b c d y", "differing words: [-a-] {+x+} … [-e-] {+y+}"),
        ("", "hi", "differing words: {+hi+}"),
        ("a b", "a  b", "only white space differs"),
        ("a b", "a\u00a0b", "only white space differs"),
        ("caf\u00e9", "cafe\u0301", "only the Unicode form differs: the same letters, composed otherwise"),
        ("ab", "a\u200bb", "differing words: [-ab-] {+a<U+200B>b+}"),
        ("a a a", "a a", "differing words: [-a-]"),
    ],
)
def test_words(expected: str, actual: str, shown: str) -> None:
    assert differing_words(expected, actual) == shown


def test_long_texts_are_compared_in_part_and_at_once() -> None:
    expected = " ".join(f"a{n}" for n in range(20_000))
    actual = " ".join(f"b{n}" for n in range(20_000))
    started = time.perf_counter()
    shown = differing_words(expected, actual)
    assert time.perf_counter() - started < 2
    assert shown.endswith("…")
    assert len(shown) < 400


def test_a_difference_far_behind_is_found() -> None:
    body = " ".join(f"w{n}" for n in range(5_000))
    assert differing_words(f"{body} x {body}", f"{body} y {body}") == "differing words: [-x-] {+y+}"


@given(expected=st.text("ab \n\u2003", max_size=30), actual=st.text("ab \n\u2003", max_size=30))
def test_marked_words_are_the_whole_texts_and_leave_the_same_words(expected: str, actual: str) -> None:
    sides = marked_words(expected, actual)
    assert tuple("".join(part.text for part in side) for side in sides) == (expected, actual)
    left, right = (" ".join(part.text for part in side if not part.differs).split() for side in sides)
    assert left == right


def test_only_the_words_that_differ_are_marked() -> None:
    wanted, said = marked_words("open on  Monday at 9", "open on Tuesday at half nine")
    assert [part.text for part in wanted if part.differs] == ["Monday", "9"]
    assert [part.text for part in said if part.differs] == ["Tuesday", "half nine"]
