"""What is proposed as a value of a kind is accepted as one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivavoce.domain.aligning.kinds import kind_of
from vivavoce.domain.assertions.value_kinds import VALUE_KINDS, is_a

VALUES = {
    "number": ["3", "-3", "1,234.50", "1.234,50", "15 %", "1'000"],
    "amount": ["$5", "EUR 20", "1,234.50 €", "5USD", "£-3"],
    "date": ["2026-11-25", "25.11.26", "25 November 2026", "Nov 25, 2026", "3rd May", "May 3rd"],
    "time": ["15:30", "3 pm", "3:30 p.m.", "09:05:10"],
    "id": ["AB-15", "#1234", "550e8400-e29b-41d4-a716-446655440000", "a_b_1-"],
    "name": ["Ann", "Jean-Luc", "Vincent van Gogh", "O'Neil"],
}


@pytest.mark.parametrize("kind", VALUE_KINDS)
def test_what_is_proposed_is_accepted(kind: str) -> None:
    assert all(kind_of([value]) == kind for value in VALUES[kind])
    assert all(is_a(kind, value) for value in VALUES[kind])


@given(st.from_regex(r"\A[$#A-Z]?[0-9A-Za-z]{0,4}[ .,:-]?[0-9a-z%]{1,4}\Z") | st.text(max_size=12))
def test_nothing_is_proposed_that_would_not_be_accepted(value: str) -> None:
    assert is_a(kind_of([value]), value.strip())


def test_every_text_is_of_no_kind_and_none_of_an_unknown_one() -> None:
    assert is_a("", "anything at all")
    assert not is_a("money", "42")
    assert not is_a("number", "1" * 201)
