"""Strategies for stored suites: all that a file or an import can leave in the store."""

from typing import Any

import msgspec
from hypothesis import strategies as st

from vivavoce.domain.assertions.kinds import KINDS, AnyAssertion
from vivavoce.domain.output import EMPTY_METADATA, Metadata
from vivavoce.domain.suite import (
    Assertions,
    ContextAssertion,
    ContextEntry,
    ExpectedOutput,
    FlowAssertion,
    FlowEntry,
    Match,
    Span,
    Step,
    SuiteHead,
    TestCase,
    TextAssertion,
    TextEntry,
)
from vivavoce.domain.values.variables import Capture, Unique

AWKWARD = [
    "yes",
    "no",
    "on",
    "null",
    "~",
    "",
    " ",
    "1",
    "1.50",
    "012",
    "10:30",
    "0x1F",
    "1e5",
    "2026-11-25",
    "- a",
    "a: b",
    "# x",
    "{",
    "[1]",
    '{"a":1}',
    '{"type":"template","payload":{"text":"hi"}}',
    "'",
    '"',
    "a\nb",
    "a\n\nb\n",
    "a \nb",
    "\n",
    " a\nb",
    "\ta",
    "a\tb\nc",
    "|",
    ">",
    "%",
    "@",
    "`",
    "&a",
    "*a",
    "!x",
    "?",
    "=",
    "<<",
    "{{",
    "\\{{x}}",
    "$5",
    "é",
    "👍🏽",
    "\u05e9\u05dc\u05d5\u05dd",
    "a\r\nb",
    "\x85",
    "\u2028",
    "\ufeff",
    "x" * 200,
    "---",
    "...",
    "a #b",
    "NULL",
    ".inf",
]

text = st.sampled_from(AWKWARD) | st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), max_size=12
)  # verbatim cases only: braces may mean something elsewhere
plain = text.map(lambda value: value.replace("{", "(").replace("$", "S"))
worded = plain.filter(lambda value: bool(value.strip()))
words = st.lists(worded, min_size=1, max_size=3)
number = st.integers(0, 10_000) | st.floats(0, 1e6, allow_nan=False)
json_value: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | plain,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(plain, inner, max_size=3),
    max_leaves=6,
)
json_object = st.dictionaries(worded, json_value, min_size=1, max_size=3)


@st.composite
def text_entries(draw: st.DrawFn) -> TextEntry:
    matches: list[Match] = ["equals", "equals", "contains", "allOf"]
    match = draw(st.sampled_from(matches))
    if match == "allOf":
        texts = tuple(draw(words))
        return TextEntry(draw(st.just("\n".join(texts)) | plain), "allOf", texts)
    content = draw(plain)
    dynamic: tuple[Span, ...] = ()
    if content and draw(st.booleans()):
        spans = st.tuples(st.integers(0, len(content)), st.integers(0, len(content))).map(sorted)
        kinds = st.sampled_from(["", "", "number", "name"])
        dynamic = tuple(Span(start, end, draw(kinds)) for start, end in draw(st.lists(spans, max_size=2)))
    paths = draw(st.sampled_from([(), (), ("$.payload.text",)]))
    return TextEntry(content, match, (), dynamic, paths)


def _wire(kind: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(fields).map(lambda found: {"kind": kind, **found})


_entries = st.lists(text_entries(), min_size=1, max_size=3).map(msgspec.to_builtins)
_count = st.integers(0, 50)

_PLAIN_KINDS = [
    _wire("equals", entries=_entries),
    _wire("contains", texts=words, every=st.booleans()),
    _wire(
        "regex",
        patterns=st.lists(st.sampled_from(["a.c", r"(\w+)@x", "^yes$"]), min_size=1),
        anywhere=st.booleans(),
    ),
    _wire("startsWith", texts=words),
    _wire("endsWith", texts=words),
    _wire("number", near=number, within=number, decimal=st.sampled_from([".", ","])),
    _wire("date", near=st.sampled_from(["2026-11-25", "today", "today+3d"]), withinDays=st.integers(0, 9)),
    _wire(
        "length", min=st.integers(1, 5), max=st.integers(6, 99), unit=st.sampled_from(["characters", "words"])
    ),
    _wire("length", max=st.integers(6, 99)),
    _wire("jsonEquals", value=json_object),
    _wire("jsonSubset", value=json_object),
    _wire("jsonSchema", schema=st.sampled_from([{"type": "object"}, {"type": "array", "minItems": 1}])),
    _wire("jsonPath", paths=st.fixed_dictionaries({"$.a": json_value})),
    _wire("buttons", titles=words),
    _wire("cards", titles=words),
    _wire("refusal"),
    _wire("language", codes=st.sampled_from([["en"], ["de", "fr"]])),
    _wire("similar", to=worded, atLeast=st.sampled_from([0.5, 0.8])),
    _wire("judge", criterion=worded, votes=st.sampled_from([1, 3]), agree=st.sampled_from([0.5, 0.6])),
    _wire("intent", names=words),
    _wire("node", ids=words),
    _wire("transitions", ids=st.lists(worded, min_size=1, max_size=2)),
    _wire("prompt", types=st.sampled_from([["userPrompt"], ["errorPrompt", "userPrompt"]])),
    _wire("contextEquals", values=json_object),
    _wire("contextPresent", keys=words),
    _wire("contextAbsent", keys=words),
]
_REPLY_KINDS = [
    _wire("replies", min=st.integers(1, 3), max=st.integers(3, 5)),
    _wire("silence"),
    _wire(
        "entities", values=st.dictionaries(worded, st.lists(json_value, min_size=1, max_size=2), min_size=1)
    ),
    _wire("latency", maxMs=st.integers(1, 100_000) | st.floats(0.5, 9_999)),
    _wire("tokens", total=st.integers(1, 500)),
    _wire("tokens", input=st.integers(1, 500), output=_count.map(lambda count: count + 1)),
    _wire("cost", max=st.floats(0.001, 5)),
    _wire("tools", called=words),
    _wire("tools", called=words, arguments=st.dictionaries(worded, json_object, max_size=2)),
]


def _flagged(wires: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[AnyAssertion]:
    flags = st.fixed_dictionaries(
        {},
        optional={
            "negated": st.booleans(),
            "soft": st.booleans(),
            "weight": st.sampled_from([0.5, 1.0, 2.0]),
        },
    )
    built = st.builds(lambda wire, more: msgspec.convert({**wire, **more}, AnyAssertion), wires, flags)
    return built.filter(lambda assertion: not assertion.problems())


output_assertions = _flagged(st.one_of(_PLAIN_KINDS))
reply_assertions = _flagged(st.one_of([*_PLAIN_KINDS, *_REPLY_KINDS]))


def _with_groups(single: st.SearchStrategy[AnyAssertion]) -> st.SearchStrategy[AnyAssertion]:
    group = st.lists(single, min_size=1, max_size=2)
    wires = st.lists(group, min_size=1, max_size=2).map(
        lambda groups: {"kind": "anyOf", "groups": msgspec.to_builtins(groups)}
    )
    return single | _flagged(wires)


def _several(single: st.SearchStrategy[AnyAssertion]) -> st.SearchStrategy[tuple[AnyAssertion, ...]]:
    return st.just(()) | st.lists(_with_groups(single), max_size=4).map(tuple)


metadata = st.just(EMPTY_METADATA) | st.builds(
    Metadata,
    node_id=plain,
    node_name=plain,
    intent_id=plain,
    intent_type=st.sampled_from(["", "dialog", "faq"]),
    transitions=st.lists(plain | st.integers(0, 5), max_size=2).map(tuple),
    prompt_type=st.sampled_from(["", "userPrompt"]),
    category=plain,
    is_standard_response=st.booleans(),
)
flow_entries = st.builds(
    FlowEntry,
    intent_id=st.none() | plain,
    node_id=st.none() | plain,
    transitions=st.none() | st.lists(plain | st.integers(0, 5), max_size=2).map(tuple),
    prompt_type=st.none() | plain,
)
contract = st.builds(
    Assertions,
    text=st.builds(
        TextAssertion, st.booleans() | st.just(True), st.lists(text_entries(), max_size=3).map(tuple)
    ),
    flow=st.builds(FlowAssertion, st.none() | st.booleans(), st.lists(flow_entries, max_size=2).map(tuple)),
    context=st.builds(
        ContextAssertion,
        st.booleans(),
        st.lists(st.builds(ContextEntry, worded, json_value), max_size=2).map(tuple),
    ),
)
simple_output = plain.map(
    lambda said: ExpectedOutput(said, Assertions(TextAssertion(contains=(TextEntry(said),))))
)
outputs = simple_output | st.builds(
    ExpectedOutput, plain, contract, metadata, also=_several(output_assertions)
)
captures = st.sampled_from(
    [
        Capture("ref", "regex", r"(\w+)"),
        Capture("ref", "regex", r"(?P<first>a)b", "first", 0),
        Capture("p", "path", "$.x.y"),
        Capture("c", "context", "user.name"),
    ]
)


@st.composite
def steps(draw: st.DrawFn, capturing: bool = False) -> Step:
    trigger = draw(st.none() | worded)
    free = draw(st.booleans())
    return Step(
        input=trigger if trigger is not None and draw(st.booleans()) else draw(plain),
        outputs=tuple(draw(st.lists(outputs, max_size=2))),
        trigger=trigger,
        arrangement="among" if capturing or free else draw(st.sampled_from(["exact", "anyOrder"])),
        assertions=draw(_several(reply_assertions)),
        captures=tuple({one.name: one for one in draw(st.lists(captures, max_size=2))}.values())
        if capturing
        else (),
    )


variables = st.dictionaries(
    worded.map(lambda name: name.replace("}", ")").strip()).filter(
        lambda name: bool(name) and "\n" not in name and name.isprintable()
    ),
    plain
    | st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.builds(Unique, st.just("user-*"), st.sampled_from(["case", "run"])),
    max_size=3,
)


@st.composite
def suites(draw: st.DrawFn) -> tuple[SuiteHead, list[TestCase]]:
    head = draw(
        st.builds(
            SuiteHead,
            name=plain,
            description=plain,
            tags=st.lists(plain, max_size=2).map(tuple),
            preprocessor=text,
            bot_name=plain,
            welcome_message_count=st.integers(0, 3),
            discard_message=plain,
            language=st.sampled_from(["", "en"]),
            metadata_available=st.booleans(),
        )
    )
    shared = draw(variables)
    openings = [tuple(draw(st.lists(steps(), min_size=1, max_size=2))) for _ in range(2)]
    cases = [draw(_cases(shared, openings)) for _ in range(draw(st.integers(1, 4)))]
    return head, cases


@st.composite
def _cases(draw: st.DrawFn, shared: dict[str, Any], openings: list[tuple[Step, ...]]) -> TestCase:
    declared = draw(st.none() | variables.map(lambda own: {**shared, **own}) | st.just(shared))
    own = tuple(
        draw(st.lists(steps(capturing=declared is not None and draw(st.booleans())), min_size=1, max_size=2))
    )
    fixture = draw(st.sampled_from(["", "", "signed in", "on"]))
    opening = draw(st.sampled_from(openings)) if fixture else ()
    case = TestCase(
        name=draw(text if declared is None else plain),
        steps=(*opening, *own),
        description=draw(plain),
        tags=tuple(draw(st.lists(plain, max_size=2))),
        preprocessor=draw(text),
        discard_before=draw(st.none() | st.booleans()),
        variables=declared,
        context=draw(st.none() | st.just({}) | json_object),
        fixture=fixture,
        opening=len(opening),
        threshold=draw(st.none() | st.sampled_from([0.5, 1.0])),
        pass_rule=draw(st.sampled_from([None, "all", "any", 2])),
    )
    if declared is None and draw(st.booleans()):
        said = ExpectedOutput(
            "{{x}} ${VIVA_BOT_A}", Assertions(TextAssertion(contains=(TextEntry("\\{{x}}"),)))
        )
        case = msgspec.structs.replace(case, steps=(*case.steps, Step("{{city}}", (said,))))
    return case


assert {"startsWith", "anyOf", "tools"} <= KINDS.keys()
