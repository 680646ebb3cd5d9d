"""Whatever a bot, a suite or a person wrote is shown as text, and breaks nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.formats.html.pages import Page, page_of, text_of
from tests.unit.formats.report_values import HOSTILE, batch, conversation, step

from vivavoce.domain.batch.utterance import (
    BatchCase,
    Candidate,
    CaseResult,
    Classification,
    EntityResult,
    TraitResult,
)
from vivavoce.domain.verdict import Exchange
from vivavoce.formats.reports.html.environment import pages
from vivavoce.formats.reports.html.visible import MAX_TEXT, visible
from vivavoce.formats.reports.reported import ReportedRun

NASTY = [
    HOSTILE,
    "<script>alert(1)</script>",
    "</script></style></title><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "<!--",
    "]]><![CDATA[",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}{# #}${7*7}",
    "\x1b[31mred\x1b[0m\x07\x08",
    "\x00\ud800\udfff\ufffe",
    "\u202eevil\u2066\u200f\u061c",
    "a_<b>_c.&amp;_d",
    "&lt;b&gt;&#0;",
    " \r\n\t ",
]


def everywhere(text: str) -> list[ReportedRun]:
    """Runs that hold the text wherever a text can be."""
    fields = {"suite_name": text, "notes": text, "language": text, "engine": text, "error_details": text}
    right = Candidate(text, 0.9, "dialog")
    results = [
        CaseResult(
            0,
            BatchCase(text, (text,), parent_intents=(text,), line=3, id=text),
            Classification((Candidate(f"{text}!", 0.9),), (right,), (text,), parent_intent=f"{text}?"),
            "FP",
            False,
            (EntityResult(text, (text,), text, False),),
            warnings=(text,),
        ),
        CaseResult(
            1, BatchCase(text, traits=(text,)), Classification(), "FN", traits=(TraitResult(text, False),)
        ),
        CaseResult(2, BatchCase(text, (text,)), error=text),
        CaseResult(3, BatchCase(text, (text,)), Classification((right,)), "TP", True),
    ]
    steps = [
        step(text, text, f"{text}.", case=text, warnings=(text,), evidence=Exchange(text, text)),
        step(text, text, text, index=1, unit=1, case=text),
        step(text, text, None, index=2, unit=2, case=text, error=text),
    ]
    return [batch(results, **fields), conversation(steps, **fields)]


@pytest.mark.parametrize("text", NASTY)
def test_it_is_shown_as_text(text: str) -> None:
    page = page_of(*everywhere(text))
    shown = visible(text)
    assert page.text.count(shown) > 12
    "".join(page.text).encode()  # no lone surrogates


@given(st.text(alphabet=st.characters(), max_size=80))
@settings(max_examples=40, deadline=None)
def test_any_text_leaves_the_page_whole(text: str) -> None:
    page_of(*everywhere(text))


def test_very_long_texts_are_cut_and_say_so() -> None:
    text = "<" + "x" * 1_000_000
    markup = text_of(everywhere(text))
    assert len(markup) < 400_000
    assert "(1,000,001 characters)" in markup
    assert Page(markup).problems == []


def test_nothing_unseen_reaches_the_page() -> None:
    assert visible("\x1b[0m") == "‹U+001B›[0m"
    assert visible("a\x00b\x7f") == "a‹U+0000›b‹U+007F›"
    assert visible("\u202ea") == "‹U+202E›a"
    assert visible("שלום\u200f, 👩‍👩‍👧") == "שלום\u200f, 👩‍👩‍👧"
    assert visible("\ud800") == "\ufffd"
    assert len(visible("x" * 10 * MAX_TEXT)) < MAX_TEXT + 40


def test_only_our_style_and_script_are_allowed_and_nothing_is_fetched() -> None:
    page = page_of(batch(), conversation())
    policy = dict(part.split(" ", 1) for part in page.metas["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert policy["script-src"] == f"'{pages().globals['script_hash']}'"
    assert policy["style-src"] == f"'{pages().globals['style_hash']}'"
    markup = text_of([batch(), conversation()])
    for outside in ("http:", "https:", "url(", "@import", "fetch(", "XMLHttpRequest", "eval("):
        assert outside not in markup
