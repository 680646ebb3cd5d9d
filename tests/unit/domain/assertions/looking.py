"""What assertions look at, made from texts or outputs, and what they say of it."""

from datetime import date
from typing import Any

import msgspec

from vivavoce.domain.assertions.base import Assertion, Seen
from vivavoce.domain.output import Fact, Output, Reply

ALL_FACTS: frozenset[Fact] = frozenset(
    {"intent", "node", "category", "transitions", "prompt", "context", "entities", "tools", "usage"}
)


def seen(
    *said: str | dict[str, Any] | list[Any] | Output,
    facts: frozenset[Fact] = ALL_FACTS,
    duration_ms: float = 0.0,
    **reply: Any,
) -> Seen:
    """A whole reply: texts, templates as JSON values, or outputs in full."""
    outputs = tuple(_output(each) for each in said)
    return Seen(outputs, Reply(outputs, **reply), facts, date(2026, 11, 22), duration_ms=duration_ms)


def one_of(whole: Seen, position: int) -> Seen:
    """One output of the reply."""
    return Seen((whole.outputs[position],), whole.reply, whole.facts, whole.today)


def reason(assertion: Assertion, what: Seen) -> str:
    """Why it failed; it must have failed."""
    finding = assertion.check(what)
    assert finding.passed is False, finding
    return finding.reason


def holds(assertion: Assertion, what: Seen) -> bool:
    """Whether it holds, and that its negation says the opposite."""
    passed = assertion.check(what).passed
    assert passed is not None
    assert msgspec.structs.replace(assertion, negated=True).check(what).passed is not passed
    return passed


def undecided(assertion: Assertion, what: Seen) -> str:
    """Why it could not be evaluated, negated or not."""
    finding, negated = assertion.check(what), msgspec.structs.replace(assertion, negated=True).check(what)
    assert finding.passed is None and negated.passed is None
    assert finding.undecided and finding.reason == negated.reason
    return finding.reason


def _output(said: str | dict[str, Any] | list[Any] | Output) -> Output:
    if isinstance(said, Output):
        return said
    return Output(said if isinstance(said, str) else msgspec.json.encode(said).decode())
