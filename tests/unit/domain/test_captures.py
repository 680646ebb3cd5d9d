"""What a step reads off its reply, and what it says when there is nothing to read."""

import time

import pytest

from vivavoce.domain.judging import judge_step
from vivavoce.domain.output import Output, Reply
from vivavoce.domain.suite import Step
from vivavoce.domain.values.captures import capture
from vivavoce.domain.values.variables import Capture
from vivavoce.domain.verdict import Verdict

CARD = '{"type": "template", "card": {"id": 7, "tags": ["x"]}}'
REPLY = Reply(
    (Output("Hello."), Output("Your reference is AB12."), Output(CARD)), context={"user": {"id": 3}}
)


@pytest.mark.parametrize(
    ("one", "value"),
    [
        (Capture("x", "regex", r"reference is (\w+)"), "AB12"),
        (Capture("x", "regex", r"[A-Z]+\d+"), "AB12"),
        (Capture("x", "regex", r"(\w+) is (\w+)"), "reference is AB12"),
        (Capture("x", "regex", r"(\w+) is (\w+)", group=2), "AB12"),
        (Capture("x", "regex", r"is (?P<ref>\w+)", group="ref"), "AB12"),
        (Capture("x", "regex", r"\w+", output=1), "Your"),
        (Capture("x", "path", "$.card.id"), 7),
        (Capture("x", "path", "$.card.tags"), ["x"]),
        (Capture("x", "context", "user.id"), 3),
    ],
)
def test_found(one: Capture, value: object) -> None:
    assert capture((one,), REPLY, frozenset()) == ({"x": value}, ())


def test_outer_white_space_is_not_captured() -> None:
    """Assertions do not see it either: what was captured is found again in the reply it came from."""
    reply = Reply((Output("\n ref AB 12 \n"),))
    assert capture((Capture("x", "regex", "ref (.*)"),), reply, frozenset())[0] == {"x": "AB 12"}


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (
            Capture("x", "regex", "order (.*)", output=0),
            'expected to capture {{x}} by `order (.*)`, but the bot said "Hello."',
        ),
        (
            Capture("x", "regex", "Hello|(a)", output=0),
            "by `Hello|(a)`",
        ),  # a group that took no part is nothing
        (Capture("x", "regex", ".*", output=3), "from output 4, but there is none"),
        (Capture("x", "path", "$.card.name"), "at $.card.name"),
        (Capture("x", "context", "user.name"), "from the context variable user.name, but it is not set"),
    ],
)
def test_nothing_to_capture_makes_the_step_fail(one: Capture, reason: str) -> None:
    result = judge_step(0, "case", Step("hi", arrangement="among", captures=(one,)), REPLY, frozenset(), 1.0)
    assert result.verdict is Verdict.FAILED
    assert any(reason in told for told in result.reasons), result.reasons


def test_it_stands_beside_the_other_failures() -> None:
    step = Step("hi", captures=(Capture("x", "regex", "order"),))
    result = judge_step(0, "case", step, Reply((Output("Hello."),)), frozenset(), 1.0)
    assert len(result.reasons) == 2  # one output too many, and nothing captured


def test_silence() -> None:
    _, findings = capture((Capture("x", "regex", "a"),), Reply(), frozenset())
    assert findings[0].reason == "expected to capture {{x}} by `a`, but the bot said nothing"


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (Capture("x", "regex", "("), "is no regular expression"),
        (Capture("x", "regex", "Hello", group=4), "has no group 4"),
        (Capture("x", "path", "card"), "is no JSONPath"),
    ],
)
def test_what_cannot_be_carried_out_is_no_fault_of_the_bot(one: Capture, reason: str) -> None:
    result = judge_step(0, "case", Step("hi", arrangement="among", captures=(one,)), REPLY, frozenset(), 1.0)
    assert result.verdict is Verdict.ERROR and reason in result.error


def test_a_context_that_cannot_be_read_is_no_fault_of_the_bot() -> None:
    _, (finding,) = capture((Capture("x", "context", "a"),), Reply(), frozenset())
    assert finding.passed is None and "cannot read context" in finding.reason
    _, (finding,) = capture((Capture("x", "context", "a"),), Reply(), frozenset({"context"}))
    assert finding.passed is None and "holds no context object: correct the path" in finding.reason
    _, (finding,) = capture((Capture("x", "context", "a"),), Reply(context={}), frozenset({"context"}))
    assert finding.passed is False


def test_an_expression_without_end_is_ended() -> None:
    began = time.monotonic()
    said = Reply((Output("a" * 60 + "!"),))
    _, (finding,) = capture((Capture("x", "regex", r"(?:a|aa|a{3})+$(?<=b)|(a+)+$"),), said, frozenset())
    assert time.monotonic() - began < 5
    assert finding.passed in (None, False)
