from typing import cast

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivavoce.connectors.template import (
    JsonTemplate,
    TextTemplate,
    UrlTemplate,
    Values,
    form_template,
    problems,
)
from vivavoce.formats.bot_keys import PLACEHOLDERS


def values(**given: object) -> Values:
    absent = dict.fromkeys(("input", "conversation_id", "event", "language", "parent_intent"), "")
    return cast(Values, {**absent, "context": None, **given})


def as_is(text: str) -> str:
    return text


@given(st.text(), st.text())
def test_json_holds_any_text_exactly(said: str, session: str) -> None:
    template = JsonTemplate({"text": "{{input}}", "deep": [{"s": "id-{{ conversation_id }}!"}]}, as_is)
    filled = msgspec.json.decode(template.fill(values(input=said, conversation_id=session)))
    assert filled == {"text": said, "deep": [{"s": f"id-{session}!"}]}


def test_absent_values_render_as_empty_text_and_keys_stay() -> None:
    template = JsonTemplate(
        {"event": "{{event}}", "context": "{{context}}", "p": "<{{parent_intent}}>"}, as_is
    )
    assert msgspec.json.decode(template.fill(values())) == {"event": "", "context": "", "p": "<>"}


def test_the_context_is_a_json_value_when_it_is_the_whole_text_and_json_text_inside_one() -> None:
    template = JsonTemplate({"whole": "{{context}}", "inside": "c={{context}}"}, as_is)
    filled = msgspec.json.decode(template.fill(values(context={"a": ['"']})))
    assert filled == {"whole": {"a": ['"']}, "inside": 'c={"a":["\\""]}'}


def test_constants_of_every_kind_stay() -> None:
    body: dict[str, object] = {"n": 1, "f": 1.5, "t": True, "z": None, "e": {}, "l": [], "ü": "ß\n"}
    assert msgspec.json.decode(JsonTemplate(body, as_is).fill(values())) == body


def test_a_lone_surrogate_is_sent_as_an_escape() -> None:
    assert JsonTemplate("{{input}}", as_is).fill(values(input="a\ud800")) == b'"a\\ud800"'


def test_a_variable_is_never_read_as_a_placeholder() -> None:
    template = JsonTemplate({"key": "${X}-{{input}}"}, lambda text: text.replace("${X}", '"{{input}}"'))
    assert msgspec.json.decode(template.fill(values(input="hi"))) == {"key": '"{{input}}"-hi'}


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_an_address_holds_any_text_percent_encoded(said: str) -> None:
    url = UrlTemplate("http://bot.example:81/c/{{conversation_id}}/say?q={{input}}#top", as_is)
    filled = url.fill(values(input=said, conversation_id="a/b"))
    assert filled.query["q"] == said
    assert (filled.host, filled.port, filled.raw_path, filled.fragment) == (
        "bot.example",
        81,
        "/c/a%2Fb/say",
        "",
    )


@pytest.mark.parametrize(
    "text", ["bot.example/chat", "ftp://bot.example", "http://", "http://{{input}}.example/", "{{input}}"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        UrlTemplate(text, as_is)


def test_a_form_is_percent_encoded() -> None:
    template = form_template({"text": "{{input}}", "a b": "x&y", "n": 5}, as_is)
    assert template.fill(values(input="1 & 2=ü")) == "text=1%20%26%202%3D%C3%BC&a%20b=x%26y&n=5"


def test_text_is_put_in_as_it_is() -> None:
    assert TextTemplate("say {{input}} in {{language}}", as_is).fill(values(input='"x"', language="de")) == (
        'say "x" in de'
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"a": "{{inptu}}"}, "$.body.a: unknown placeholder {{inptu}} (did you mean {{input}}?)"),
        (["{{input"], "$.body[0]: `{{` without a placeholder and `}}` (write {{input}})"),
        ("{{}}", "$.body: `{{` without a placeholder and `}}` (write {{input}})"),
        ({"{{input}}": 1}, "$.body: a placeholder cannot stand in a key"),
    ],
)
def test_bad_placeholders_are_named_with_their_place(body: object, message: str) -> None:
    assert [str(problem) for problem in problems(body, "$.body")] == [message]


def test_there_is_a_value_for_every_placeholder() -> None:
    assert tuple(Values.__annotations__) == PLACEHOLDERS
