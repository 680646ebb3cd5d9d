"""Expressions over a whole run: bounded one by one and all together, each told of once."""

import pytest
import regex

from vivavoce.domain.batch import timed_matching
from vivavoce.domain.batch.timed_matching import GIVEN_UP_AFTER, TimedMatching

ENDLESS = "(a|aa)+$"
LONG = "a" * 60


def endless(count: int) -> list[str]:
    return [f"{LONG}b{number}" for number in range(count)]


def test_the_values_of_these_tests_do_take_too_long() -> None:
    with pytest.raises(TimeoutError):
        regex.fullmatch(ENDLESS, endless(1)[0], timeout=0.2)


def test_an_endless_expression_is_bounded_given_up_and_told_of_with_its_line() -> None:
    tried = TimedMatching()
    # Without an end to the tries this would take more than an hour, and the test's own time limit ends it.
    assert not any(tried.matches(ENDLESS, value, f"line {n}: ") for n, value in enumerate(endless(100_000)))
    first, last = tried.warnings()
    assert first.startswith(f'line 0: the expression "{ENDLESS}" took too long on a value of 62 characters')
    assert last.startswith(f'line {GIVEN_UP_AFTER - 1}: the expression "{ENDLESS}" took too long on')
    assert "not tried again in this run" in last
    assert not tried.matches(ENDLESS, "aaa", "")  # given up: only equal texts match, which others look at
    assert tried.warnings() == ()


def test_one_bad_value_does_not_spoil_an_expression_for_others() -> None:
    tried = TimedMatching()
    assert not tried.matches(ENDLESS, endless(1)[0], "line 1: ")
    assert tried.matches(ENDLESS, "aaa", "line 2: ")
    assert len(tried.warnings()) == 1


def test_many_endless_expressions_share_one_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timed_matching, "SLOW_TRIES_OF_RUN", 2)
    monkeypatch.setattr(timed_matching, "SLOW_S", 1.0)  # each for itself, they would take five minutes
    tried = TimedMatching()
    for number in range(300):
        assert not tried.matches(f"(a|aa)+{number}$", endless(1)[0], f"line {number}: ")
    assert len(tried.warnings()) == 300


def test_a_slow_expression_that_matches_is_given_up_at_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timed_matching, "QUICK_S", 0.0)  # whatever looks at the clock is slow now
    monkeypatch.setattr(timed_matching, "SLOW_S", 10.0)
    monkeypatch.setattr(timed_matching, "SLOW_TRIES", 3)
    tried, expression, value = TimedMatching(), "(a|aa)+$|.*b", "a" * 16 + "b"
    with pytest.raises(TimeoutError):
        regex.fullmatch(expression, value, timeout=0.0)
    assert [tried.matches(expression, value, "line 4: ") for _ in range(5)] == [True] * 3 + [False] * 2
    assert tried.warnings() == (
        f'line 4: the expression "{expression}" is slow: it is not tried again in this run, only an equal '
        "text matches",
    )


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timed_matching, "REMEMBERED", 5)
    tried = TimedMatching()
    for number in range(20):
        assert not tried.matches(f"({number}", "x", f"line {number}: ")
    assert 0 < len(tried.warnings()) <= 5


def test_a_long_expression_is_shown_in_part() -> None:
    tried = TimedMatching()
    tried.matches("(" + "x" * 3_000, "y", "line 1: ")
    (warning,) = tried.warnings()
    assert len(warning) < 1_000


@pytest.mark.parametrize("plain", ["Paris", "20 EUR", "St-Denis", "a,b", "10:30", "naïve", "#1 & co"])
def test_a_text_without_special_characters_matches_itself_alone(plain: str) -> None:
    tried = TimedMatching()
    assert tried.matches(plain, plain, "")
    assert not tried.matches(plain, plain + "x", "")
    assert regex.fullmatch(plain, plain)  # as it would as an expression
