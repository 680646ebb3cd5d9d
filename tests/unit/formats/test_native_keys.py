"""Every key of native files: read, written under the same key, in the schema, told when it is wrong."""

from datetime import date
from typing import Any, get_args

import pytest
import yaml
from jsonschema import Draft7Validator

from vivavoce.domain.assertions.base import Seen
from vivavoce.domain.errors import Malformed
from vivavoce.domain.output import Fact, Reply
from vivavoce.domain.suite import Step, TestCase
from vivavoce.formats.conversations import read_conversations
from vivavoce.formats.native.contradictions import NEED_AN_OUTPUT
from vivavoce.formats.native.keys import ASSERTIONS, OUTPUT_KEYS
from vivavoce.formats.native.schema import suite_schema
from vivavoce.formats.native.writing import write_native

VALID = Draft7Validator(suite_schema())

SAMPLES: dict[str, list[str]] = {
    "equals": ["hello", "[hello, hi]", "{text: It is 42., dynamic: ['42']}", "{text: aa, dynamic: [[0, 1]]}"],
    "one_of": [],  # written as `equals`
    "contains": ["open", "[open, hours]"],
    "contains_all": ["[open, hours]"],
    "matches": ["a.c", "['a+b', 'c']"],
    "finds": ["a.c"],
    "starts_with": ["Hello", "[Hello, Hi]"],
    "ends_with": ["bye"],
    "number": ["120", "{near: 120, within: 5}", "{near: 1.5, decimal: ','}"],
    "date": ["'2026-11-25'", "today+3d", "{near: today, within: 1 day}", "{near: today, within: 3 days}"],
    "length": ["{max: 200}", "{min: 1, max: 5, unit: words}"],
    "json_equals": ["{a: 1}"],
    "json_subset": ["{a: [1, null]}"],
    "json_schema": ["{type: object}"],
    "json_path": ["{$.a.b: 1}"],
    "buttons": ["[Block it, Cancel]", "Cancel"],
    "cards": ["[A card, Another]", "A card"],
    "refusal": ["true"],
    "language": ["en", "[en, de]"],
    "similar": ["We are open.", "{to: We are open., at_least: 0.7}"],
    "judge": ["The reply is polite.", "{criterion: It is polite., votes: 3, agree: 0.6}"],
    "intent": ["transfer", "[transfer, pay]"],
    "node": ["start", "[start, end]"],
    "transitions": ["[a, b]"],
    "prompt": ["userPrompt"],
    "context": ["{user.name: Ann, n: 1}"],
    "context_present": ["[a, b]"],
    "context_absent": ["a"],
    "replies": ["2", "{min: 1, max: 3}"],
    "silence": ["true"],
    "entities": ["{city: Berlin, amount: [{amount: 1}, 2]}"],
    "latency": ["2 s", "800 ms"],
    "tokens": ["500", "{input: 100, output: 50}"],
    "cost": ["0.01"],
    "tools": ["{called: [a, b], not_called: [c], arguments: {a: {x: 1}}, order: [a, b]}"],
}
CASES = [(key, sample) for key, samples in SAMPLES.items() for sample in samples]


def read(text: str) -> list[TestCase]:
    file = read_conversations(text.encode(), "suite.yaml")
    assert file.warnings == []
    return list(file.cases())


def step(text: str) -> Step:
    [case] = read(text)
    return case.steps[0]


def test_every_key_has_samples() -> None:
    assert SAMPLES.keys() == ASSERTIONS.keys()


@pytest.mark.parametrize(("key", "sample"), CASES)
def test_of_the_whole_reply(key: str, sample: str) -> None:
    text = f"cases:\n  - say: hi\n    expect:\n      {key}: {sample}\n"
    assert VALID.is_valid(yaml.safe_load(text))
    found = step(text)
    [assertion] = found.assertions
    assert assertion.__struct_config__.tag == ASSERTIONS[key].kind
    [written] = yaml.safe_load(write_native(read_conversations(text.encode()).head, read(text)))["cases"]
    assert written["expect"] == {key: yaml.safe_load(sample)}


@pytest.mark.parametrize(("key", "sample"), CASES)
def test_negated_soft_and_weighted(key: str, sample: str) -> None:
    checks = f"[{{not: {{{key}: {sample}}}, weight: 2, soft: true}}]"
    text = f"cases:\n  - say: hi\n    expect:\n      checks: {checks}\n"
    assert VALID.is_valid(yaml.safe_load(text))
    [assertion] = step(text).assertions
    assert (assertion.negated, assertion.soft, assertion.weight) == (True, True, 2.0)
    [written] = yaml.safe_load(write_native(read_conversations(text.encode()).head, read(text)))["cases"]
    assert written["expect"] == {"checks": yaml.safe_load(checks)}


@pytest.mark.parametrize(("key", "sample"), [one for one in CASES if not ASSERTIONS[one[0]].reply_only])
def test_of_one_output(key: str, sample: str) -> None:
    text = f"cases:\n  - say: hi\n    expect:\n      - {key}: {sample}\n"
    assert VALID.is_valid(yaml.safe_load(text))
    [output] = step(text).outputs
    own = list(output.also)
    contract = output.assertions
    assert (
        len(own)
        + bool(contract.text.contains)
        + bool(contract.flow.contains)
        + bool(contract.context.contains)
        == 1
    )
    again = write_native(read_conversations(text.encode()).head, read(text))
    assert read(again) == read(text)


@pytest.mark.parametrize("key", [key for key in ASSERTIONS if ASSERTIONS[key].reply_only])
def test_what_is_about_the_whole_reply_is_refused_in_an_output(key: str) -> None:
    text = f"cases:\n  - say: hi\n    expect:\n      - contains: x\n        {key}: {SAMPLES[key][0]}\n"
    assert not VALID.is_valid(yaml.safe_load(text))
    with pytest.raises(Malformed, match=f"line 5, column 9: `{key}` is about the whole reply"):
        read(text)


NOT_OF_OUTPUTS_ALONE = set(
    "intent context context_present context_absent replies silence entities latency tokens cost tools".split()
)


def test_every_key_is_known_to_need_an_output_or_not() -> None:
    assert ASSERTIONS.keys() - NOT_OF_OUTPUTS_ALONE == NEED_AN_OUTPUT


@pytest.mark.parametrize("key", sorted(NEED_AN_OUTPUT))
def test_what_needs_an_output_fails_on_silence(key: str) -> None:
    sample = (SAMPLES[key] or ["[hello]"])[0]
    [assertion] = step(f"cases:\n  - say: hi\n    expect: {{{key}: {sample}}}\n").assertions
    silent = Seen((), Reply(), frozenset(get_args(Fact)), date(2026, 11, 22))
    assert assertion.check(silent).passed is False


@pytest.mark.parametrize("key", [key for key in OUTPUT_KEYS if len(key) > 4])
def test_a_mistyped_key_is_named_with_the_closest(key: str) -> None:
    typo = key[:-2] + key[-1] + key[-2] if key[-1] != key[-2] else key + "x"
    text = f"cases:\n  - say: hi\n    expect:\n      - {typo}: x\n"
    assert not VALID.is_valid(yaml.safe_load(text))
    with pytest.raises(Malformed, match=f"line 4, column 9: unknown key `{typo}` .did you mean `{key}`"):
        read(text)


WRONG: list[tuple[str, Any]] = [
    ("contains", "3"),  # a text without quotes
    ("contains", "[]"),
    ("matches", "'('"),
    ("finds", "{a: 1}"),
    ("number", "abc"),
    ("number", "{within: 3}"),
    ("date", "someday"),
    ("length", "{}"),
    ("length", "{mim: 3}"),
    ("json_schema", "3"),
    ("json_path", "{a b: 1}"),
    ("refusal", "false"),
    ("similar", "{at_least: 0.3}"),
    ("judge", "{votes: 3}"),
    ("replies", "many"),
    ("silence", "yes"),
    ("entities", "{}"),
    ("latency", "soon"),
    ("tokens", "{}"),
    ("cost", "cheap"),
    ("tools", "{call: [a]}"),
    ("any_of", "[]"),
    ("any_of", "[{}]"),
    ("not", "{not: {contains: x}}"),
    ("checks", "[{weight: 2}]"),
    ("checks", "[{contains: x, weight: 0}]"),
    ("assertions", "[{kind: unknown}]"),
]


@pytest.mark.parametrize(("key", "value"), WRONG[1:])
def test_wrong_values_are_told_with_their_line(key: str, value: str) -> None:
    with pytest.raises(Malformed, match=r"line 4, column \d+: "):
        read(f"cases:\n  - say: hi\n    expect:\n      {key}: {value}\n")


def test_texts_need_no_quotes() -> None:
    text = "cases: [{say: yes, expect: no}, {say: 10:30, expect: 1.50}, {say: 007, expect: 2026-11-25}]\n"
    assert [(case.steps[0].input, case.steps[0].outputs[0].text) for case in read(text)] == [
        ("yes", "no"),
        ("10:30", "1.50"),
        ("007", "2026-11-25"),
    ]
