"""Expressions of users: what is refused, and that none runs without end."""

import time

import pytest

from vivavoce.domain.expressions import TIMEOUT_S, BadExpression, OutOfTime, compiled, fullmatch, search


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("(", "`(` is no regular expression: "),
        (
            "(((a{1000}){1000}){1000}){1000}",
            " repeats a part 1000000000000 times, which takes too much memory",
        ),
        ("a{99999999}", " repeats a part 99999999 times"),
        ("(?:ab{500}c){500}", " repeats a part 250000 times"),
        ("a{9}" * 900 + "x{9999999999999999}", " repeats a part "),
        ("(?R)", "`(?R)` calls itself"),
        ("(a|b(?1))", " calls itself"),
        ("(?P<n>a(?&n)?)", " calls itself"),
        ("(" * 1500 + ")" * 1500, " is nested too deeply"),
        ("a" * 4001, "an expression of 4001 characters is too long"),
    ],
)
def test_an_expression_that_could_hurt_is_refused(expression: str, problem: str) -> None:
    with pytest.raises(BadExpression) as caught:
        compiled(expression)
    assert problem in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    "expression",
    [r"\d{4}-\d{2}", r"\{1000000\}{3}", r"[{1000000}]{3}", "(?i)a(?=b)", "(a)(?(1)b|c)", "x{0,9999}"],
)
def test_an_ordinary_one_is_not(expression: str) -> None:
    assert compiled(expression) is compiled(expression)


@pytest.mark.parametrize("match", [search, fullmatch])
def test_an_expression_without_end_runs_out_of_time(match) -> None:
    started = time.perf_counter()
    with pytest.raises(OutOfTime, match=r"ran out of time \(0\.5 s\)"):
        match("(a|a)+$", "a" * 60 + "!")
    assert time.perf_counter() - started < TIMEOUT_S * 20  # on a busy machine


def test_matches() -> None:
    assert search("b+", "abbc")[0] == "bb"
    assert fullmatch("b+", "abbc") is None
    assert fullmatch("[a-c]+", "abbc")[0] == "abbc"


def test_few_of_the_expressions_that_take_much_memory_are_kept() -> None:
    large = [compiled(f"(?:[a-z]\\d){{9000}}x{number}") for number in range(100)]
    assert compiled("(?:[a-z]\\d){9000}x99") is large[99]
    assert compiled("(?:[a-z]\\d){9000}x0") is not large[0]
