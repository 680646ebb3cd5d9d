"""What `{{name}}` and `${VIVA_BOT_...}` stand for, and what is left alone."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivavoce.domain.assertions.equals import Equals
from vivavoce.domain.assertions.json_equals import JsonEquals
from vivavoce.domain.assertions.kinds import AnyOf
from vivavoce.domain.assertions.regex import Regex
from vivavoce.domain.assertions.spans import Span
from vivavoce.domain.assertions.text import TextAssertion, TextEntry, check_text
from vivavoce.domain.suite import Assertions, ContextAssertion, ContextEntry, ExpectedOutput, Step
from vivavoce.domain.values.expanding import expand, fill_secrets, names_in, secrets_in
from vivavoce.domain.values.unique import fresh, opening_values
from vivavoce.domain.values.variables import Capture, Unique, Variable

VALUES = {"city": "Berlin", "n": 50, "quoted": 'say "hi"', "dots": "a.b", "none": None, "list": [1, 2]}


def text(written: str, secrets: dict[str, str] | None = None) -> str:
    return expand(Step(written), VALUES, secrets).input


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("to {{city}}", "to Berlin"),
        ("{{ city }}{{city}}", "BerlinBerlin"),
        ("{{n}} EUR", "50 EUR"),
        ("{{none}}!", "!"),
        ("{{list}}", "[1,2]"),
        (r"\{{city}}", "{{city}}"),
        ("{{unknown}} {{city", "{{unknown}} {{city"),
        ("{{{city}}}", "{Berlin}"),
        ("it costs $5 in $HOME, ${OTHER} or ${city}", "it costs $5 in $HOME, ${OTHER} or ${city}"),
        ("${VIVA_BOT_T}", "${VIVA_BOT_T}"),
        ('{"a": "{{quoted}}"}', '{"a": "say \\"hi\\""}'),
        ('{"a": {{n}}}', '{"a": 50}'),
    ],
)
def test_in_a_text(written: str, said: str) -> None:
    assert text(written) == said


def test_the_environment_is_filled_in_only_where_it_is_asked_for() -> None:
    assert text("Bearer ${VIVA_BOT_T} $5", {"VIVA_BOT_T": "s3cret"}) == "Bearer s3cret $5"
    assert text("${VIVA_BOT_U}", {"VIVA_BOT_T": "s3cret"}) == "${VIVA_BOT_U}"
    assert fill_secrets(r"\{{a}} {{city}} ${VIVA_BOT_T}", {"VIVA_BOT_T": "s"}) == r"\{{a}} {{city}} s"


def test_what_is_put_in_is_never_read_again() -> None:
    values = {"reply": "${VIVA_BOT_T} {{city}}", "city": "Rome"}
    assert expand(Step("{{reply}}"), values, {"VIVA_BOT_T": "s"}).input == "${VIVA_BOT_T} {{city}}"


@given(st.text(st.sampled_from(list("ab {}$\\\n\"'[]:,")) | st.characters(), max_size=60))
def test_a_text_without_a_known_name_never_changes(written: str) -> None:
    unknown = r"\{{" not in written and not names_in(written).keys() & VALUES.keys()
    step = Step(written, (ExpectedOutput(written, Assertions()),))
    if unknown:
        assert expand(step, VALUES, {"VIVA_BOT_OTHER": "x"}) is step


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_a_value_comes_out_as_it_is(before: str, value: str, after: str) -> None:
    if not set("{}\\$&") & set(before + after) and not (before + after).lstrip().startswith("["):
        assert expand(Step(f"{before}{{{{x}}}}{after}"), {"x": value}).input == before + value + after


@given(st.text(max_size=30))
def test_a_value_in_an_expression_means_itself(value: str) -> None:
    pattern = expand(Regex(patterns=("<{{x}}>",)), {"x": value}).patterns[0]
    assert re.fullmatch(pattern, f"<{value}>")


def test_a_literal_brace_in_an_expression_is_one() -> None:
    assert expand(Regex(patterns=(r"a\{{x}}",)), {"x": "1"}).patterns == (r"a\{\{x}}",)


def test_a_json_value_that_is_a_name_keeps_its_type() -> None:
    written = JsonEquals(value={"a": "{{n}}", "b": ["{{n}} EUR", "{{none}}"], "{{city}}": True})
    assert expand(written, VALUES).value == {"a": 50, "b": ["50 EUR", None], "Berlin": True}
    entry = ContextAssertion(True, (ContextEntry("total", "{{n}}"),))
    assert expand(entry, VALUES).contains[0] == ContextEntry("total", 50)


def test_every_text_of_a_step_is_reached() -> None:
    written = Step(
        "{{city}}",
        (ExpectedOutput("{{city}}", Assertions(), also=(Regex(patterns=("{{dots}}",)),)),),
        trigger="{{city}}",
        assertions=(AnyOf(groups=((Equals(entries=(TextEntry("{{city}}", texts=("{{n}}",)),)),),)),),
        captures=(
            Capture("a", "regex", "{{dots}} (.*)"),
            Capture("b", "path", "$['{{city}}']"),
            Capture("c", "context", "{{dots}}"),
        ),
    )
    said = expand(written, VALUES)
    assert (said.input, said.trigger, said.outputs[0].text) == ("Berlin", "Berlin", "Berlin")
    assert said.outputs[0].also == (Regex(patterns=(r"a\.b",)),)
    assert said.assertions == (AnyOf(groups=((Equals(entries=(TextEntry("Berlin", texts=("50",)),)),),)),)
    assert [one.expression for one in said.captures] == [r"a\.b (.*)", "$['Berlin']", "a.b"]
    assert list(names_in(written)) == ["city", "dots", "n"]
    assert list(secrets_in({"${VIVA_BOT_K}": ["${VIVA_BOT_T} ${OTHER}"]})) == ["VIVA_BOT_K", "VIVA_BOT_T"]


@pytest.mark.parametrize(
    ("written", "dynamic", "cut"),
    [
        ("{{city}}: 42 EUR", "42", "42"),
        ("42 EUR for {{city}}", "42", "42"),
        ("a {{city}} b", "{{city}}", "Berlin"),
        ("a {{city}} b", "{ci", "Berlin"),  # begins and ends within the name
        ("{{city}}{{n}}x", "{{n}}", "50"),
        ("{{city}} x{{n}}", "x{{n}}", "x50"),
    ],
)
def test_dynamic_parts_move_with_the_text(written: str, dynamic: str, cut: str) -> None:
    start = written.index(dynamic)
    entry = TextEntry(written, dynamic=(Span(start, start + len(dynamic)),))
    said = expand(entry, VALUES)
    (span,) = said.dynamic
    assert said.text[span.start : span.end] == cut
    other = said.text[: span.start] + "anything" + said.text[span.end :]
    assert check_text(TextAssertion(contains=(said,)), said.text, other)[0].passed


def test_unique_words_are_fresh_for_each_origin_and_name() -> None:
    word = fresh("user-*@example.org", "run-1", "email")
    assert re.fullmatch(r"user-[a-z0-9]{8}@example\.org", word)
    assert word == fresh("user-*@example.org", "run-1", "email")
    assert (
        len({word, fresh("user-*@example.org", "run-2", "email"), fresh("user-*@example.org", "run-1", "x")})
        == 3
    )
    one, other = fresh("* *", "run-1", "email").split()
    assert one != other


def test_what_variables_stand_for_at_the_beginning() -> None:
    variables: dict[str, Variable] = {"a": Unique("*", "run"), "b": Unique("*"), "n": 5, "city": "Berlin"}
    first = opening_values(variables, "run-1", "c-1")
    second = opening_values(variables, "run-1", "c-2")
    assert first["a"] == second["a"] and first["b"] != second["b"]
    assert (first["n"], first["city"]) == (5, "Berlin")
