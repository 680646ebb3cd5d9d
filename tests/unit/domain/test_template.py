"""Rich replies: recognised, parsed, flattened."""

import html
from typing import Any

import msgspec
import pytest

from vivavoce.domain.template import flatten, parse_template, readable

QUICK: dict[str, Any] = {
    "type": "template",
    "payload": {
        "template_type": "quick_replies",
        "text": "Choose a language:\n",
        "quick_replies": [
            {"content_type": "text", "title": "English", "payload": "en"},
            {"content_type": "text", "title": "Deutsch", "payload": "de"},
        ],
    },
}
QUICK_TEXT = msgspec.json.encode(QUICK).decode()


@pytest.mark.parametrize("text", [QUICK_TEXT, f"\n {QUICK_TEXT}\t", html.escape(QUICK_TEXT)])
def test_a_template_is_recognised_in_its_forms(text: str) -> None:
    assert parse_template(text) == QUICK


def test_entities_inside_a_readable_template_stay() -> None:
    assert parse_template('{"text": "a &quot;b&quot;"}') == {"text": "a &quot;b&quot;"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "Hello",
        "{broken",
        "[see here]",
        '"{}"',
        "12",
        "true",
        "null",
        "{a}",
        "&amp;",
        "&",
        "[" * 5000,
    ],
)
def test_other_texts_are_no_templates(text: str) -> None:
    assert parse_template(text) is None


def test_a_lone_surrogate_is_no_template() -> None:
    assert parse_template('{"a":"\ud800"}') is None


@pytest.mark.parametrize(
    ("template", "lines"),
    [
        (QUICK, "Choose a language:\n\nEnglish\nDeutsch"),
        (
            {
                "payload": {
                    "template_type": "list",
                    "elements": [{"title": "A", "subtitle": "a"}, {"title": "B"}],
                }
            },
            "A\na\nB",
        ),
        (
            {"text": {"type": "plain_text", "text": "Hi"}, "buttons": [{"label": "Go", "value": "go"}]},
            "Hi\nGo",
        ),
        ({"buttons": [{"title": "First"}], "text": "Second"}, "First\nSecond"),
        ([{"text": "one"}, {"text": "two"}], "one\ntwo"),
        ({"text": "", "title": "T"}, "T"),
        ({"template_type": "Carousel", "title": "T"}, "T"),
        ({"value": "x"}, '{"value":"x"}'),
        ([], "[]"),
        (["a", "b"], '["a","b"]'),
        ({"text": ["not", "one", "text"]}, '{"text":["not","one","text"]}'),
    ],
)
def test_flattening(template: Any, lines: str) -> None:
    assert flatten(template) == lines


def test_an_unknown_template_type_becomes_its_json() -> None:
    strange = {"type": "template", "payload": {"template_type": "hologram", "text": "Hé"}}
    assert flatten(strange) == '{"type":"template","payload":{"template_type":"hologram","text":"Hé"}}'
    assert flatten([{"text": "one"}, {"template_type": "hologram"}]) == 'one\n{"template_type":"hologram"}'


def test_readable_leaves_ordinary_texts_alone() -> None:
    assert readable(" Hello &amp; welcome ") == " Hello &amp; welcome "
    assert readable(QUICK_TEXT) == "Choose a language:\n\nEnglish\nDeutsch"


def test_a_deep_template_is_flattened() -> None:
    text = '{"a":' * 150 + '{"text":"deep"}' + "}" * 150
    assert readable(text) == "deep"
