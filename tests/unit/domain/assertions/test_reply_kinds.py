import math

import pytest
from tests.unit.domain.assertions.looking import holds, reason, seen, undecided

from vivavoce.domain.assertions.entities import HasEntities
from vivavoce.domain.assertions.latency import Latency
from vivavoce.domain.assertions.replies import Replies
from vivavoce.domain.assertions.silence import Silence
from vivavoce.domain.assertions.tools import Tools
from vivavoce.domain.assertions.usage import Cost, Tokens
from vivavoce.domain.output import FoundEntity, ToolCall, Usage

WHOLE = (HasEntities, Latency, Replies, Silence, Tools, Cost, Tokens)


def test_they_are_about_whole_replies():
    assert all(kind.whole_reply for kind in WHOLE)


# --- replies, silence


@pytest.mark.parametrize(
    ("least", "most", "counts"),
    [(1, None, {1, 2, 3}), (None, 1, {0, 1}), (2, 2, {2}), (0, 0, {0}), (1, 2, {1, 2})],
)
def test_replies(least, most, counts):
    assertion = Replies(min=least, max=most)
    assert {count for count in range(4) if holds(assertion, seen(*"abc"[:count]))} == counts
    assert assertion.problems() == []


def test_replies_says_how_many_there_were():
    assert reason(Replies(min=2, max=2), seen("a")) == "expected exactly 2 replies, but there was 1"
    assert reason(Replies(min=1), seen()) == "expected at least 1 reply, but there were none"
    assert reason(Replies(max=1), seen("a", "b")) == "expected at most 1 reply, but there were 2"
    assert reason(Replies(min=2, max=3), seen("a")) == "expected 2 to 3 replies, but there was 1"
    assert (
        reason(Replies(min=1, negated=True), seen("a")) == "did not expect at least 1 reply, but there was 1"
    )


def test_replies_without_a_bound():
    assert Replies().problems() == ["there is no bound: every reply would match"]
    assert Replies(min=0).problems() == ["there is no bound: every reply would match"]
    assert Replies(min=3, max=2).problems() == ["no number of replies is 3 to 2"]
    assert Replies(max=-1).problems() == ["no number of replies is at most -1"]


def test_silence():
    assert holds(Silence(), seen())
    assert not holds(Silence(), seen(""))
    assert reason(Silence(), seen("Hello", "you")) == 'expected silence, but the bot said "Hello\\nyou"'
    assert reason(Silence(negated=True), seen()) == "did not expect silence, but the bot said nothing"
    assert Silence().problems() == []


# --- entities

FOUND = (
    FoundEntity("city", "Berlin"),
    FoundEntity("city", "Bonn"),
    FoundEntity("sum", {"amount": 5, "code": "EUR"}),
)


@pytest.mark.parametrize(
    ("values", "right"),
    [
        ({"city": ("Bonn",)}, True),
        ({"city": ("Bonn", "Berlin"), "sum": ({"code": "EUR", "amount": 5.0},)}, True),
        ({"city": ("Bonn", "Rome")}, False),
        ({"city": ("bonn",)}, False),
        ({"City": ("Bonn",)}, False),
        ({"sum": (5,)}, False),
        ({"town": ("Bonn",)}, False),
    ],
)
def test_entities(values, right):
    assert holds(HasEntities(values=values), seen("ok", entities=FOUND)) is right


def test_entities_say_what_was_found():
    assert reason(HasEntities(values={"city": ("Rome",)}), seen("ok", entities=FOUND[:2])) == (
        'expected to find city "Rome", but the bot found city "Berlin" and city "Bonn"; missing: city "Rome"'
    )
    assert reason(HasEntities(values={"city": ("Rome",)}), seen("ok")) == (
        'expected to find city "Rome", but the bot found nothing'
    )
    assert undecided(HasEntities(values={"a": (1,)}), seen("ok", facts=frozenset())) == (
        "the connector cannot read the entities of a reply: give `entities` a path in the bot file"
    )


def test_entities_that_ask_for_nothing():
    assert HasEntities(values={}).problems() == ["no entity is given: every reply would match"]
    assert HasEntities(values={"a": ()}).problems() == [
        "no value is given for the entity a: every reply would match"
    ]
    assert HasEntities(values={"a": (None,)}).problems() == []


# --- latency


def test_latency():
    assert holds(Latency(max_ms=2000), seen("ok", duration_ms=2000.0))
    assert not holds(Latency(max_ms=2000), seen("ok", duration_ms=2000.1))
    assert reason(Latency(max_ms=2000), seen("ok", duration_ms=2512.4)) == (
        "expected a reply within 2 s, but it took 2.5124 s"
    )
    assert reason(Latency(max_ms=500), seen("ok", duration_ms=800)) == (
        "expected a reply within 500 ms, but it took 800 ms"
    )


@pytest.mark.parametrize("bound", [0, -1, math.nan, math.inf])
def test_latency_without_a_bound(bound):
    assert Latency(max_ms=bound).problems()


# --- tokens, cost

USED = Usage(120, 30, 0.25)


@pytest.mark.parametrize(
    ("assertion", "right"),
    [
        (Tokens(total=150), True),
        (Tokens(total=149), False),
        (Tokens(input=120, output=30), True),
        (Tokens(input=120, output=29), False),
        (Tokens(input=119), False),
        (Cost(max=0.25), True),
        (Cost(max=0.2), False),
    ],
)
def test_usage(assertion, right):
    assert holds(assertion, seen("ok", usage=USED)) is right
    assert assertion.problems() == []


def test_usage_says_what_was_taken():
    assert reason(Tokens(total=1000), seen("ok", usage=Usage(1200, 30))) == (
        "expected at most 1,000 total tokens, but it took 1,230 total tokens"
    )
    assert reason(Tokens(input=100, output=30), seen("ok", usage=USED)) == (
        "expected at most 100 input tokens and at most 30 output tokens, but it took 120 input tokens"
    )
    assert reason(Cost(max=0.2), seen("ok", usage=USED)) == "expected a cost of at most 0.2, but it cost 0.25"


def test_usage_that_is_unknown_is_undecided_unless_what_is_known_is_too_much():
    assert (
        undecided(Tokens(total=1), seen("ok", usage=Usage(5, None)))
        == "the reply does not tell its total tokens"
    )
    assert undecided(Tokens(total=1), seen("ok")) == "the reply does not tell its total tokens"
    assert undecided(Tokens(input=5, output=1), seen("ok", usage=Usage(5))) == (
        "the reply does not tell its output tokens"
    )
    assert not holds(Tokens(input=4, output=1), seen("ok", usage=Usage(5)))
    assert undecided(Cost(max=1), seen("ok", usage=Usage(5, 5))) == "the reply does not tell its cost"
    unread = seen("ok", facts=frozenset(), usage=USED)
    assert undecided(Tokens(total=1), unread) == (
        "the connector cannot read the usage of a reply: give `input_tokens` a path in the bot file"
    )
    assert "give `cost` a path" in undecided(Cost(max=1), unread)


@pytest.mark.parametrize(
    "assertion", [Tokens(), Tokens(total=-1), Cost(max=-1), Cost(max=math.inf), Cost(max=math.nan)]
)
def test_usage_without_a_bound(assertion):
    assert len(assertion.problems()) == 1


# --- tools

CALLS = (
    ToolCall("search", {"query": "tea", "limit": 5}),
    ToolCall("search", {"query": "green tea", "filters": [{"k": "price", "v": 3}, {"k": "stock"}]}),
    ToolCall("order", '{"broken'),
    ToolCall("notify"),
)


@pytest.mark.parametrize(
    ("assertion", "right"),
    [
        (Tools(called=("search", "order")), True),
        (Tools(called=("search", "pay")), False),
        (Tools(not_called=("pay",)), True),
        (Tools(not_called=("pay", "order")), False),
        (Tools(arguments={"search": {"query": "tea"}}), True),
        (Tools(arguments={"search": {"filters": [{"k": "stock"}]}}), True),
        (Tools(arguments={"search": {"query": "tea", "filters": []}}), False),
        (Tools(arguments={"search": {"limit": "5"}}), False),
        (Tools(arguments={"order": {}}), False),
        (Tools(arguments={"order": '{"broken'}), True),
        (Tools(arguments={"pay": {}}), False),
        (Tools(order=("search", "order", "notify")), True),
        (Tools(order=("search", "search", "notify")), True),
        (Tools(order=("order", "search")), False),
        (Tools(order=("search", "search", "search")), False),
        (Tools(called=("order",), not_called=("pay",), order=("search", "notify")), True),
    ],
)
def test_tools(assertion, right):
    assert holds(assertion, seen("ok", tool_calls=CALLS)) is right
    assert assertion.problems() == []


def test_tools_say_what_was_called():
    assert reason(Tools(called=("pay",)), seen("ok", tool_calls=CALLS[:1])) == (
        'expected a call of pay, but the bot called search({"query":"tea","limit":5}); pay was not called'
    )
    assert reason(Tools(called=("pay",)), seen("ok")) == (
        "expected a call of pay, but the bot called none; pay was not called"
    )
    assert reason(Tools(not_called=("notify",)), seen("ok", tool_calls=CALLS[3:])) == (
        "expected no call of notify, but the bot called notify(); notify was called"
    )
    assert reason(Tools(arguments={"search": {"limit": 9}}), seen("ok", tool_calls=CALLS[:1])).endswith(
        "; the arguments of search: they differ at $.limit: 9 was expected, 5 stands there"
    )
    assert reason(Tools(arguments={"search": {"limit": 9}}), seen("ok", tool_calls=CALLS)).endswith(
        "; no call of search had these arguments"
    )
    assert reason(Tools(order=("b", "a")), seen("ok", tool_calls=(ToolCall("a"), ToolCall("b")))) == (
        "expected the order b, a, but the bot called a() and b(); the order is another one"
    )
    assert undecided(Tools(called=("a",)), seen("ok", facts=frozenset())) == (
        "the connector cannot read the tool calls of a reply: give `tool_calls` a path in the bot file"
    )


@pytest.mark.parametrize(
    ("assertion", "problem"),
    [
        (Tools(), "no tool is named: every reply would match"),
        (Tools(called=("a",), not_called=("a",)), "the tool a must be called and must not"),
        (Tools(not_called=("a",), order=("a", "b")), "the tool a must be called and must not"),
        (Tools(called=("",)), "a tool without a name is never called"),
        (Tools(order=("a",)), "`order` needs two tools; write `called: [a]`"),
    ],
)
def test_tools_that_say_nothing_or_too_much(assertion, problem):
    assert assertion.problems() == [problem]


def test_arguments_too_deep():
    deep = {}
    for _ in range(500):
        deep = {"a": deep}
    assert Tools(arguments={"a": deep}).problems() == ["the arguments are nested too deeply"]
    assert (
        undecided(Tools(arguments={"a": deep}), seen("ok"))
        == "the arguments of `tools` are nested too deeply"
    )
