"""What holds of every kind of our own assertions, whatever it looks at.

`EXAMPLES` has an entry for each kind: valid assertions, each with something that meets it and something that
does not.
"""

import json
from collections.abc import Callable
from dataclasses import replace as changed
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from vivavoce.domain.assertions import kinds
from vivavoce.domain.assertions.base import Seen
from vivavoce.domain.assertions.kinds import KINDS, AnyAssertion
from vivavoce.domain.assertions.spans import Span
from vivavoce.domain.assertions.text import TextEntry
from vivavoce.domain.judging import Circumstances, judge_step
from vivavoce.domain.output import Fact, FoundEntity, Metadata, Output, Reply, ToolCall, Usage
from vivavoce.domain.questions import (
    Answer,
    AskJudge,
    AskLanguage,
    Language,
    Question,
    Similarity,
    Vote,
    Votes,
)
from vivavoce.domain.suite import Assertions, ExpectedOutput, Step, TextAssertion
from vivavoce.domain.verdict import StepResult

TODAY = date(2026, 11, 22)
FACTS: frozenset[Fact] = frozenset(
    ("intent", "node", "category", "transitions", "prompt", "context", "entities", "tools", "usage")
)
Example = tuple[AnyAssertion, Seen, Seen]  # what meets it, and what does not


def seen(*texts: str, duration_ms: float = 0.0, **reply: Any) -> Seen:
    return of(Reply(tuple(Output(text) for text in texts), **reply), duration_ms)


def of(reply: Reply, duration_ms: float = 0.0) -> Seen:
    return Seen(reply.outputs, reply, FACTS, TODAY, duration_ms)


def output(**facts: Any) -> Seen:
    return of(Reply((Output("x", **facts),)))


def answered(found: Seen, assertion: AnyAssertion, answer: Callable[[Question], Answer]) -> Seen:
    return changed(found, answers={question: answer(question) for question in assertion.questions(found)})


words = st.text("abcdefgäß字", min_size=1, max_size=8)
lists = st.lists(words, min_size=1, max_size=3, unique=True).map(tuple)
numbers = st.integers(-10_000, 10_000)
OTHER = "xyz"  # of no letter of `words`


def equals(text: str) -> Example:
    return kinds.Equals(entries=(TextEntry(text),)), seen(text), seen(text + OTHER)


def with_a_part(text: str) -> Example:
    entry = TextEntry(f"{text} 12 xx", dynamic=(Span(len(text) + 1, len(text) + 3, "number"),))
    return kinds.Equals(entries=(entry,)), seen(f"{text} 345 xx"), seen(f"{text} none xx")


def contains(texts: tuple[str, ...], every: bool) -> Example:
    return kinds.Contains(texts=texts, every=every), seen(" ".join(texts)), seen(OTHER)


def expression(text: str, anywhere: bool) -> Example:
    return kinds.Regex(patterns=(f"{text}+",), anywhere=anywhere), seen(text), seen(OTHER)


def number(near: int, within: int) -> Example:
    return (
        kinds.Number(near=near, within=within),
        seen(f"It is {near + within} today"),
        seen(f"It is {near + within + 1} today"),
    )


def day(offset: int, within: int) -> Example:
    near = TODAY + timedelta(offset)
    wrong = near + timedelta(within + 1)
    return (
        kinds.Date(near=f"today{offset:+d}d", within_days=within),
        seen(f"On {near.isoformat()}."),
        seen(f"On {wrong.isoformat()}."),
    )


def length(most: int, unit: Any) -> Example:
    one = {"characters": "x", "words": "x ", "sentences": "X. "}[unit]
    assertion = kinds.Length(min=1, max=most, unit=unit)
    return assertion, seen(one * most), seen(one * (most + 1))


def template(value: Any) -> Seen:
    return seen(json.dumps(value))


def titled(kind: type[Any], key: str) -> Callable[[tuple[str, ...]], Example]:
    def example(titles: tuple[str, ...]) -> Example:
        shown = {"type": "template", key: [{"title": title, "subtitle": ""} for title in titles]}
        return kind(titles=titles), template(shown), template({**shown, key: []})

    return example


def judged(criterion: str) -> Example:
    assertion = kinds.MeetsCriterion(criterion=criterion)
    votes = [Votes((Vote(True),)), Votes((Vote(False),))]
    good, bad = (answered(seen(OTHER), assertion, lambda _, vote=vote: vote) for vote in votes)
    return assertion, good, bad


def similar(text: str) -> Example:
    assertion = kinds.Similar(to=text, at_least=0.8)
    good, bad = (answered(seen(OTHER), assertion, lambda _, at=at: Similarity(at)) for at in (0.9, 0.1))
    return assertion, good, bad


def language(code: str) -> Example:
    assertion = kinds.LanguageIs(codes=(code,))
    text = "A text that is long enough for anybody to tell its language."
    good, bad = (answered(seen(text), assertion, lambda _, at=at: Language(at)) for at in (code, "nl"))
    return assertion, good, bad


def any_of(one: str, other: str) -> Example:
    groups = ((kinds.Contains(texts=(one,)),), (kinds.StartsWith(texts=(other,)),))
    return kinds.AnyOf(groups=groups), seen(other), seen(OTHER)


def calls(*names: str) -> Seen:
    return seen(OTHER, tool_calls=tuple(ToolCall(name, {"n": 1}) for name in names))


EXAMPLES: dict[str, st.SearchStrategy[Example]] = {
    "equals": st.builds(equals, words) | st.builds(with_a_part, words),
    "contains": st.builds(contains, lists, st.booleans()),
    "regex": st.builds(expression, words, st.booleans()),
    "startsWith": lists.map(lambda texts: (kinds.StartsWith(texts=texts), seen(texts[0] + "!"), seen(OTHER))),
    "endsWith": lists.map(lambda texts: (kinds.EndsWith(texts=texts), seen("!" + texts[0]), seen(OTHER))),
    "number": st.builds(number, numbers, st.integers(0, 100)),
    "date": st.builds(day, st.integers(-400, 400), st.integers(0, 9)),
    "length": st.builds(length, st.integers(1, 9), st.sampled_from(["characters", "words", "sentences"])),
    "refusal": st.just((kinds.Refusal(), seen("I can't help with that."), seen("Sure."))),
    "jsonEquals": numbers.map(
        lambda n: (kinds.JsonEquals(value={"n": n}), template({"n": n}), template({"n": -1, "m": n}))
    ),
    "jsonSubset": numbers.map(
        lambda n: (kinds.JsonSubset(value={"n": n}), template({"n": n, "m": 1}), template({"m": n}))
    ),
    "jsonSchema": numbers.map(
        lambda n: (
            kinds.JsonSchema(schema={"required": ["n"], "properties": {"n": {"const": n}}}),
            template({"n": n}),
            template({"n": n + 1}),
        )
    ),
    "jsonPath": numbers.map(
        lambda n: (kinds.JsonPath(paths={"$.a.b": n}), template({"a": {"b": n}}), template({"a": n}))
    ),
    "buttons": lists.map(titled(kinds.Buttons, "buttons")),
    "cards": lists.map(titled(kinds.Cards, "elements")),
    "intent": lists.map(
        lambda names: (kinds.Intent(names=names), output(intent=names[0]), output(intent=OTHER))
    ),
    "node": lists.map(
        lambda ids: (
            kinds.Node(ids=ids),
            output(metadata=Metadata(node_id=ids[0])),
            output(metadata=Metadata(node_id=OTHER)),
        )
    ),
    "transitions": lists.map(
        lambda ids: (
            kinds.Transitions(ids=ids),
            output(metadata=Metadata(transitions=ids)),
            output(metadata=Metadata(transitions=(OTHER,))),
        )
    ),
    "prompt": lists.map(
        lambda types: (
            kinds.Prompt(types=types),
            output(metadata=Metadata(prompt_type=types[0])),
            output(metadata=Metadata(prompt_type=OTHER)),
        )
    ),
    "contextEquals": numbers.map(
        lambda n: (
            kinds.ContextEquals(values={"n": n}),
            seen(OTHER, context={"n": n}),
            seen(OTHER, context={"n": str(n)}),
        )
    ),
    "contextPresent": lists.map(
        lambda keys: (
            kinds.ContextPresent(keys=keys),
            seen(OTHER, context=dict.fromkeys(keys)),
            seen(OTHER, context={}),
        )
    ),
    "contextAbsent": lists.map(
        lambda keys: (
            kinds.ContextAbsent(keys=keys),
            seen(OTHER, context={}),
            seen(OTHER, context=dict.fromkeys(keys)),
        )
    ),
    "replies": st.integers(0, 4).map(
        lambda n: (kinds.Replies(min=n, max=n), seen(*["x"] * n), seen(*["x"] * (n + 1)))
    ),
    "silence": st.just((kinds.Silence(), seen(), seen(""))),
    "entities": numbers.map(
        lambda n: (
            kinds.HasEntities(values={"e": (n,)}),
            seen(OTHER, entities=(FoundEntity("e", n),)),
            seen(OTHER, entities=(FoundEntity("f", n),)),
        )
    ),
    "latency": st.integers(1, 9).map(
        lambda ms: (kinds.Latency(max_ms=ms), seen(OTHER, duration_ms=ms), seen(OTHER, duration_ms=ms + 0.1))
    ),
    "tokens": st.integers(0, 99).map(
        lambda n: (kinds.Tokens(total=n), seen(OTHER, usage=Usage(n, 0)), seen(OTHER, usage=Usage(n, 1)))
    ),
    "cost": st.integers(0, 99).map(
        lambda n: (
            kinds.Cost(max=n),
            seen(OTHER, usage=Usage(cost=n)),
            seen(OTHER, usage=Usage(cost=n + 0.01)),
        )
    ),
    "tools": lists.map(lambda names: (kinds.Tools(called=names), calls(*names), calls(*names[1:], OTHER))),
    "judge": words.map(judged),
    "similar": words.map(similar),
    "language": st.sampled_from(["en", "de", "fr"]).map(language),
    "anyOf": st.builds(any_of, words, words),
}
ANY: st.SearchStrategy[Example] = st.one_of(list(EXAMPLES.values()))
REPLIES = st.lists(st.text(max_size=30) | words, max_size=3).map(lambda texts: seen(*texts))


def opposite(assertion: AnyAssertion) -> AnyAssertion:
    return replace(assertion, negated=not assertion.negated)


def test_every_kind_has_an_example() -> None:
    assert set(KINDS) - set(EXAMPLES) == set(), "kinds that lack an example here"
    assert set(EXAMPLES) - set(KINDS) == set(), "examples of kinds that are not registered"


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_no_valid_assertion_passes_on_every_reply_and_no_negation_does(kind: str) -> None:
    @given(EXAMPLES[kind])
    def check(example: Example) -> None:
        assertion, good, bad = example
        assert assertion.problems() == []
        assert opposite(assertion).problems() == []
        assert [assertion.check(each).passed for each in (good, bad)] == [True, False]
        assert [opposite(assertion).check(each).passed for each in (good, bad)] == [False, True]
        assert assertion.check(bad).reason
        assert opposite(assertion).check(good).reason

    check()


@given(ANY, ANY, REPLIES)
def test_a_negation_never_agrees_with_its_assertion(one: Example, other: Example, reply: Seen) -> None:
    assertion = one[0]
    for found in (*one[1:], *other[1:], reply):
        passed, negation = assertion.check(found).passed, opposite(assertion).check(found).passed
        assert negation is (None if passed is None else not passed)


@given(ANY, REPLIES)
def test_judging_is_deterministic_and_an_assertion_survives_the_wire(example: Example, reply: Seen) -> None:
    assertion, *found = example
    again = msgspec.json.decode(msgspec.json.encode(assertion), type=AnyAssertion)
    for each in (*found, reply):
        assert again.check(each) == assertion.check(each) == assertion.check(each)


def step_of(assertions: list[AnyAssertion]) -> Step:
    nothing = Assertions(text=TextAssertion(enabled=False))
    inner = tuple(each for each in assertions if not each.whole_reply)
    return Step("hi", (ExpectedOutput("", nothing, also=inner),), assertions=tuple(assertions))


def judged_step(index: int, step: Step, found: Seen) -> StepResult:
    around = Circumstances(today=TODAY, answers=dict(found.answers))
    return judge_step(index, "case", step, found.reply, FACTS, found.duration_ms, around)


@given(st.lists(ANY, min_size=1, max_size=5), st.data())
def test_the_order_of_assertions_does_not_matter(examples: list[Example], data: st.DataObject) -> None:
    assertions = [example[0] for example in examples]
    order = data.draw(st.permutations(range(len(assertions))))
    shuffled = [assertions[at] for at in order]
    for _, good, bad in examples:
        for found in (good, bad):
            one, other = (judged_step(0, step_of(each), found) for each in (assertions, shuffled))
            assert one.verdict is other.verdict
            assert [one.findings[at] for at in order] == list(other.findings)


@given(st.lists(ANY, min_size=1, max_size=5), st.data())
def test_the_order_of_steps_does_not_matter(examples: list[Example], data: st.DataObject) -> None:
    steps = [(step_of([assertion]), found) for assertion, good, bad in examples for found in (good, bad)]
    order = data.draw(st.permutations(range(len(steps))))
    in_order = [judged_step(at, *step) for at, step in enumerate(steps)]
    assert [judged_step(at, *steps[at]) for at in order] == [in_order[at] for at in order]


MEETS_EVERYTHING = [
    kinds.Equals(entries=()),
    kinds.Equals(entries=(TextEntry("12", dynamic=(Span(0, 2),)),)),
    kinds.Contains(texts=()),
    kinds.Contains(texts=("a", " ")),
    kinds.Contains(texts=("&nbsp;",)),
    kinds.StartsWith(texts=("",)),
    kinds.EndsWith(texts=("",)),
    kinds.Regex(patterns=()),
    kinds.Regex(patterns=(".*",)),
    kinds.Regex(patterns=(".+",)),
    kinds.Regex(patterns=("x*",), anywhere=True),
    kinds.Regex(patterns=("x", "[^x]"), anywhere=True),
    kinds.Regex(patterns=("a{0,3}",), anywhere=True),
    kinds.Regex(patterns=("$",), anywhere=True),
    kinds.Number(near=1, within=-1),
    kinds.Number(near=1, within=float("inf")),
    kinds.Number(near=float("nan")),
    kinds.Date(near="today", within_days=-1),
    kinds.Date(near="today", within_days=float("inf")),
    kinds.Date(near="2026-02-30"),
    kinds.Date(near="tomorrow"),
    kinds.Length(),
    kinds.Length(min=0),
    kinds.Length(max=-1),
    kinds.Length(min=3, max=2),
    kinds.Length(max=10_000_000),
    kinds.AnyOf(groups=()),
    kinds.AnyOf(groups=((kinds.Refusal(),), ())),
    kinds.AnyOf(groups=((kinds.Refusal(),), (kinds.Refusal(negated=True),))),
    kinds.AnyOf(groups=((kinds.Refusal(soft=True),),)),
    kinds.AnyOf(groups=((kinds.Length(),),)),
]


@pytest.mark.parametrize("assertion", MEETS_EVERYTHING, ids=repr)
def test_what_every_reply_meets_or_none_is_bad_input(assertion: AnyAssertion) -> None:
    assert assertion.problems()
    assert opposite(assertion).problems()


UNKNOWN = [
    kinds.Regex(patterns=("(a|a)+$",)),
    kinds.Regex(patterns=("(",)),
    kinds.Date(near="2026-02-30"),
]


@pytest.mark.parametrize("assertion", UNKNOWN, ids=repr)
def test_what_cannot_be_evaluated_neither_passes_nor_fails(assertion: AnyAssertion) -> None:
    found = seen("a" * 40 + "!")
    for each in (assertion, opposite(assertion)):
        finding = each.check(found)
        assert finding.passed is None
        assert finding.reason
        group = kinds.AnyOf(groups=((each,), (kinds.Refusal(),)))
        assert group.check(found).passed is None
        assert opposite(group).check(found).passed is None
    assert kinds.AnyOf(groups=((assertion,), (kinds.Length(min=1),))).check(found).passed is True
    assert kinds.AnyOf(groups=((assertion, kinds.Refusal()),)).check(found).passed is False


def test_today_is_not_known_outside_of_a_run() -> None:
    found = changed(seen("2026-11-22"), today=date.min)
    assert kinds.Date(near="today").check(found).passed is None
    assert kinds.Date(near="2026-11-22").check(found).passed is True


def test_an_alternative_asks_what_its_parts_ask() -> None:
    judge, tongue = kinds.MeetsCriterion(criterion="is polite"), kinds.LanguageIs(codes=("de",))
    asked = kinds.AnyOf(groups=((judge,), (tongue, kinds.Refusal()))).questions(
        seen("Guten Tag, was darf es sein?")
    )
    assert [type(question) for question in asked] == [AskJudge, AskLanguage]
