"""Secrets in every spelling, taken out of texts, JSON values and results."""

import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from vivavoce.domain.assertions.base import Finding
from vivavoce.domain.assertions.regex import Regex
from vivavoce.domain.assertions.starts_with import StartsWith
from vivavoce.domain.assertions.text import TextAssertion, TextEntry
from vivavoce.domain.check import Check
from vivavoce.domain.judging import judge_step
from vivavoce.domain.masking import masked, masked_result
from vivavoce.domain.output import Output, Reply
from vivavoce.domain.secrecy import NO_SECRETS, Secrets
from vivavoce.domain.suite import Assertions, ExpectedOutput, Step
from vivavoce.domain.values.expanding import expand
from vivavoce.domain.verdict import Exchange, OutputResult, StepResult, Verdict

TOKEN = Secrets({"VIVA_BOT_T": "s3cret"})


@pytest.mark.parametrize("value", ['to"k/1', "ü b+c", "a%2Fb", "p&q=r", "x\\y"])
def test_every_spelling_is_known(value: str) -> None:
    secrets = Secrets({"VIVA_BOT_T": value})
    spellings = [
        value,
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        json.dumps(json.dumps(value, ensure_ascii=False)[1:-1], ensure_ascii=False)[1:-1],
        quote(value),
        quote_plus(value),
        str(URL(f"http://bot/{quote(value, safe='')}"))[len("http://bot/") :],
    ]
    for spelling in spellings:
        assert secrets.mask(f"<{spelling}>") == "<${VIVA_BOT_T}>", spelling


def test_the_longest_value_is_masked_first_and_what_is_put_in_stays() -> None:
    secrets = Secrets({"VIVA_BOT_A": "abc", "VIVA_BOT_B": "abcdef", "VIVA_BOT_C": "BOT"})
    assert secrets.mask("abcdef abc") == "${VIVA_BOT_B} ${VIVA_BOT_A}"


def test_no_secrets_change_nothing() -> None:
    assert not NO_SECRETS and not Secrets({"VIVA_BOT_E": ""})
    assert NO_SECRETS.mask("any") == "any" and (TOKEN | NO_SECRETS) is TOKEN
    assert (NO_SECRETS | TOKEN).mask("s3cret") == "${VIVA_BOT_T}"


@given(
    st.recursive(
        st.text() | st.integers() | st.none(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_no_json_value_keeps_a_secret(value: object) -> None:
    hidden = TOKEN.mask_json({"s3cret": [value, "my s3cret", value]})
    assert "s3cret" not in json.dumps(hidden)
    assert hidden["${VIVA_BOT_T}"][1] == "my ${VIVA_BOT_T}"


def test_a_deep_value_is_masked_too() -> None:
    value: object = "s3cret"
    for _ in range(400):
        value = [value]
    assert "s3cret" not in json.dumps(TOKEN.mask_json(value))


def test_a_lone_surrogate_is_no_obstacle() -> None:
    assert TOKEN.mask_json({"a": "\ud800 s3cret"}) == {"a": "\ud800 ${VIVA_BOT_T}"}


def test_a_result_holds_no_secret_anywhere() -> None:
    result = StepResult(
        0,
        "case",
        Step("hi"),
        Verdict.FAILED,
        Reply((Output("s3cret"),), context={"t": "s3cret"}, intents=("s3cret",)),
        (
            OutputResult(
                text=Check(False, (False,), ("said s3cret",)), findings=(Finding("regex", False, "s3cret"),)
            ),
        ),
        error="s3cret",
        warnings=("s3cret",),
        findings=(Finding("judge", False, "s3cret", note="s3cret"),),
        values={"t": "s3cret"},
        evidence=Exchange("s3cret", "s3cret"),
    )
    assert "s3cret" not in repr(masked_result(result, TOKEN))
    assert masked_result(result, TOKEN).findings[0].kind == "judge"


def test_what_holds_no_secret_stays_the_same_object() -> None:
    reply = Reply((Output("hi"),), context={"a": [1]})
    assert masked(reply, TOKEN) is reply


def saying(text: str) -> ExpectedOutput:
    return ExpectedOutput(text, Assertions(TextAssertion(True, (TextEntry(text),))))


LONG = "s3cr3t-tok.en(1)" + "x7" * 150


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ("x", f"{'words ' * 18}{LONG} and more"),  # the quoted text is cut within the secret
        (LONG, "something else"),  # among differing words, long ones are cut
        (LONG, f"{LONG[:200]}!"),  # the quoted window lies within it
        (LONG, f"{'words ' * 30}"),
    ],
)
def test_no_wording_shows_a_piece_of_a_secret(expected: str, said: str) -> None:
    hidden = Secrets({"VIVA_BOT_T": LONG})
    step = Step(input="hi", outputs=(saying(expected),), assertions=(StartsWith(texts=(f"q{expected}",)),))
    result = judge_step(0, "case", step, Reply((Output(said),)), frozenset(), 1.0)
    open_ = " ".join(result.reasons)
    assert "s3cr3t" in open_ or "x7x7" in open_, "else there was nothing to hide"
    shown = " ".join(masked_result(result, hidden).reasons)
    assert "s3cr3t" not in shown and "x7x7" not in shown


def test_words_of_a_secret_are_no_differing_words() -> None:
    hidden = Secrets({"VIVA_BOT_P": "open sesame now"})
    step = Step(input="hi", outputs=(saying("open sesame now"),))
    result = judge_step(0, "case", step, Reply((Output("open says me now"),)), frozenset(), 1.0)
    assert "[-sesame-]" in result.reasons[0]
    (reason,) = masked_result(result, hidden).reasons
    assert "sesame" not in reason and "[-${VIVA_BOT_P}-] {+says me+}" in reason


def test_a_secret_in_an_expression_is_masked() -> None:
    hidden = Secrets({"VIVA_BOT_T": "s3-cr.t"})
    step = expand(Step(input="hi", assertions=(Regex(patterns=("code ${VIVA_BOT_T}",)),)), {}, hidden.values)
    result = judge_step(0, "case", step, Reply((Output("no"),)), frozenset(), 1.0)
    assert r"s3\-cr\.t" in " ".join(result.reasons)
    assert "s3" not in " ".join(masked_result(result, hidden).reasons)
