"""Secrets in every spelling, taken out of texts, JSON values and results."""

import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from vivavoce.domain.assertions.base import Finding
from vivavoce.domain.check import Check
from vivavoce.domain.masking import masked, masked_result
from vivavoce.domain.output import Output, Reply
from vivavoce.domain.secrecy import NO_SECRETS, Secrets
from vivavoce.domain.suite import Step
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
