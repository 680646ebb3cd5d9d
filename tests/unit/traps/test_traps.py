"""Replies that look right and are wrong, and the other way round: each verdict was decided by hand."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from msgspec.structs import replace

from vivavoce.domain.assertions.base import Assertion
from vivavoce.domain.assertions.kinds import AnyAssertion
from vivavoce.domain.judging import Circumstances, judge_step
from vivavoce.domain.output import Output, Reply
from vivavoce.domain.suite import Assertions, ExpectedOutput, Span, Step, TextAssertion, TextEntry
from vivavoce.domain.verdict import Verdict

TODAY = Circumstances(today=date(2026, 11, 22))
FILES = sorted(Path(__file__).parent.glob("*.yaml"))
GROUPS = [group for file in FILES for group in yaml.safe_load(file.read_text("utf-8"))]
OURS = [group for group in GROUPS if "expect" in group]
CONTRACTS = [group for group in GROUPS if "text" in group]

Trap = tuple[Any, list[str], bool]  # the expectation, the reply's outputs, whether it holds


def traps(groups: list[dict[str, Any]]) -> Iterator[Any]:
    for group in groups:
        for word, right in (("holds", True), ("fails", False)):
            for reply in group[word]:
                outputs = reply if isinstance(reply, list) else [reply]
                name = f"{group['about']}: {word} for {reply!r}"
                yield pytest.param(group.get("expect") or group.get("text"), outputs, right, id=ascii(name))


def verdict(step: Step, outputs: list[str]) -> Verdict:
    reply = Reply(tuple(Output(text) for text in outputs))
    return judge_step(0, "trap", step, reply, frozenset(), 0.0, TODAY).verdict


def of_the_reply(assertion: AnyAssertion) -> Step:
    return Step("hi", arrangement="among", assertions=(assertion,))


def of_the_output(assertion: AnyAssertion) -> Step:
    nothing = Assertions(text=TextAssertion(enabled=False))
    return Step("hi", (ExpectedOutput("", nothing, also=(assertion,)),))


def ours(expectation: dict[str, Any]) -> AnyAssertion:
    return msgspec.convert(expectation, AnyAssertion)


def spans(entry: dict[str, Any]) -> tuple[Span, ...]:
    return tuple(msgspec.convert(span, Span) for span in entry.get("dynamic", ()))


@pytest.mark.parametrize(("expectation", "outputs", "right"), list(traps(OURS)))
def test_our_assertions(expectation: dict[str, Any], outputs: list[str], right: bool) -> None:
    assertion = ours(expectation)
    wanted, opposite = (Verdict.PASSED, Verdict.FAILED) if right else (Verdict.FAILED, Verdict.PASSED)
    assert verdict(of_the_reply(assertion), outputs) is wanted
    assert verdict(of_the_reply(replace(assertion, negated=True)), outputs) is opposite
    if len(outputs) == 1:
        assert verdict(of_the_output(assertion), outputs) is wanted
        assert verdict(of_the_output(replace(assertion, negated=True)), outputs) is opposite


@pytest.mark.parametrize(("expectation", "outputs", "right"), list(traps(CONTRACTS)))
def test_the_contracts_text_assertion(
    expectation: list[dict[str, Any]], outputs: list[str], right: bool
) -> None:
    entries = tuple(
        TextEntry(
            text=entry["text"],
            match=entry.get("match", "equals"),
            texts=tuple(entry.get("texts", ())),
            dynamic=spans(entry),
            dynamic_paths=tuple(entry.get("dynamicPaths", ())),
        )
        for entry in expectation
    )
    asserted = Assertions(text=TextAssertion(contains=entries))
    wanted = Verdict.PASSED if right else Verdict.FAILED
    assert verdict(Step("hi", (ExpectedOutput(entries[0].text, asserted),)), outputs) is wanted


def test_there_are_enough_traps() -> None:
    assert len(list(traps(GROUPS))) >= 200


@pytest.mark.parametrize("group", OURS, ids=lambda group: group["about"])
def test_what_is_expected_is_no_bad_input(group: dict[str, Any]) -> None:
    assertion: Assertion = ours(group["expect"])
    assert assertion.problems() == []
