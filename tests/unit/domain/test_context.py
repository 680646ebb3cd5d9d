"""The context assertion: looking variables up, strict equality, and variables that cannot be read."""

from typing import Any

import pytest

from vivavoce.domain.assertions.context import check_context, look_up
from vivavoce.domain.check import NOT_EVALUATED
from vivavoce.domain.output import Fact
from vivavoce.domain.suite import ContextAssertion, ContextEntry

READS: frozenset[Fact] = frozenset({"context"})
CANNOT: frozenset[Fact] = frozenset({"intent", "node"})
SESSION: dict[str, Any] = {
    "BotUserSession": {"x": 1, "items": [{"name": "a"}, {"name": "b"}], "a.b": "dotted", "none": None},
    "BotUserSession.flat": "flat",
    "BotUserSession.x.y": "flat wins",
    "list": [True, [2]],
}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("BotUserSession.x", 1),
        ("BotUserSession.flat", "flat"),
        ("BotUserSession.x.y", "flat wins"),
        ("BotUserSession.items[1].name", "b"),
        ("BotUserSession.items.1.name", "b"),
        ("BotUserSession.none", None),
        ("list[1][0]", 2),
        ("list", [True, [2]]),
    ],
)
def test_keys_are_flat_first_and_then_paths(key: str, value: Any) -> None:
    assert look_up(SESSION, key) == value


@pytest.mark.parametrize(
    "key",
    ["", "x", "BotUserSession.y", "BotUserSession.items[2]", "list[-1]", "BotUserSession.x.z", "list.a"],
)
def test_what_is_not_there_is_a_key_error(key: str) -> None:
    with pytest.raises(KeyError):
        look_up(SESSION, key)


@pytest.mark.parametrize(
    ("expected", "holds"),
    [
        (ContextEntry("BotUserSession.x", 1), True),
        (ContextEntry("BotUserSession.x", 1.0), True),
        (ContextEntry("BotUserSession.x", True), False),
        (ContextEntry("BotUserSession.x", "1"), False),
        (ContextEntry("BotUserSession.flat", "flat"), True),
        (ContextEntry("BotUserSession.flat", "Flat"), False),
        (ContextEntry("list", [True, [2]]), True),
        (ContextEntry("list", [1, [2]]), False),
        (ContextEntry("BotUserSession.none", None), True),
        (ContextEntry("BotUserSession.absent", None), False),
    ],
)
def test_equality_is_strict(expected: ContextEntry, holds: bool) -> None:
    check, warnings = check_context(ContextAssertion(True, (expected,)), SESSION, READS)
    assert check.passed is holds
    assert check.entries == (holds,)
    assert len(check.reasons) == (not holds)
    assert warnings == ()


def test_every_entry_must_hold_and_each_failure_is_told() -> None:
    entries = (ContextEntry("list[0]", True), ContextEntry("gone", 1), ContextEntry("list", [True, [3]]))
    check, _ = check_context(ContextAssertion(True, entries), SESSION, READS)
    assert check.passed is False
    assert check.entries == (True, False, False)
    assert check.reasons == (
        "expected the context variable gone to be 1, but it is not set",
        "expected the context variable list to be [true,[3]], but it is [true,[2]]; "
        "they differ at $[1][0]: 3 was expected, 2 stands there",
    )


def test_variables_that_cannot_be_read_are_neither_passed_nor_failed() -> None:
    assertion = ContextAssertion(True, (ContextEntry("x", 1),))
    check, warnings = check_context(assertion, None, CANNOT)
    assert check.passed is None
    assert check.entries == (None,)
    assert warnings == ("the connector cannot read the session's context variables: not evaluated",)


def test_a_reply_that_tells_none_although_it_could_does_not_hold() -> None:
    check, warnings = check_context(ContextAssertion(True, (ContextEntry("x", 1),)), None, READS)
    assert check.entries == (False,)
    assert warnings == ()


def test_off_is_not_evaluated() -> None:
    assert check_context(ContextAssertion(), SESSION, READS) == (NOT_EVALUATED, ())
    off = ContextAssertion(False, (ContextEntry("x", 1),))
    assert check_context(off, SESSION, READS)[0].entries == (None,)
    assert check_context(ContextAssertion(True), None, CANNOT) == (NOT_EVALUATED, ())
