"""What a reader finds on the page of a conversation run."""

import re
from typing import Any

from msgspec.structs import replace
from tests.unit.formats.html.pages import page_of, text_of
from tests.unit.formats.report_values import conversation, step

from vivavoce.domain.output import Output, Reply
from vivavoce.domain.run import CaseSum, Counts, Repeated
from vivavoce.domain.suite import Step
from vivavoce.domain.verdict import Exchange, OutputResult, StepResult, Verdict
from vivavoce.formats.reports.html import conversation_page


def test_what_failed_comes_first_and_is_open() -> None:
    markup = text_of([conversation()])
    titles = re.findall(r'<h3 id="[^"]+">([^<]+)</h3>', markup)
    assert titles == ["Failed cases", "Cases in error", "Cases not executed", "Passed cases"]
    cases = dict(re.findall(r'<details class="case panel" id="(r1-c\d)"( open)?>', markup))
    assert cases == {"r1-c2": " open", "r1-c3": " open", "r1-c4": " open", "r1-c1": ""}
    assert "1 of 4 cases passed, 1 failed. 1 in error: nobody can say. 1 were not executed." in markup


def test_expected_and_actual_stand_side_by_side_with_the_differing_words_marked() -> None:
    result = step("when?", "We open on Monday at 9", "We open on Tuesday at 9")
    markup = text_of([conversation([result])])
    assert "We open on <del>Monday</del> at 9" in markup
    assert "We open on <ins>Tuesday</ins> at 9" in markup
    assert "output 1: expected " in page_of(conversation([result])).text


def test_what_was_too_much_or_missing_says_so() -> None:
    extra = StepResult(
        0,
        "Chatty",
        Step("hi"),
        Verdict.FAILED,
        reply=Reply((Output("Hello!"),)),
        outputs=(OutputResult(extra=True),),
    )
    missing = step("hi", "Hello!", "", index=1, unit=1)
    silent = StepResult(
        1, "Silent", missing.step, Verdict.FAILED, Reply(), (OutputResult(missing=True),), unit=1
    )
    text = re.sub(r"\s+", " ", page_of(conversation([extra, silent])).text)
    assert "Expected nothing Bot Hello!" in text.replace("Expectednothing", "Expected nothing").replace(
        "BotHello!", "Bot Hello!"
    )
    assert "Hello! Botnothing" in text


def test_evidence_is_folded() -> None:
    markup = text_of([conversation([step("hi", "a", "b", evidence=Exchange("POST /chat", "HTTP 200 <b>"))])])
    folded = markup.partition('<details class="evidence">')[2].partition("</details>")[0]
    assert "POST /chat" in folded and "HTTP 200 &lt;b&gt;" in folded


def test_repeats_that_disagree_are_flaky_and_the_failing_ones_come_first() -> None:
    results = [
        step("hi", "Hello!", said, index=0, repeat=repeat)
        for repeat, said in enumerate(("Hello!", "Hello!", "Hm?"))
    ]
    flaky = CaseSum("Opening hours", 0, 2, 3, 3, durations_ms=(1, 2, 3))
    repeated = Repeated(Counts(failed=1), (flaky,), 1)
    page = page_of(conversation(results, repeats=3, repeated=repeated))
    assert "2 of 3 repeats passed (all must)" in page.text
    assert page.text.index("Repeat 3") < page.text.index("Repeat 1")
    assert "1 are flaky" in page.text


def test_cases_and_steps_are_capped_and_the_page_says_so(monkeypatch: Any) -> None:
    monkeypatch.setitem(conversation_page.MAX_SHOWN, Verdict.FAILED, 2)
    monkeypatch.setattr(conversation_page, "MAX_LISTED", 4)
    many = [step("x", "y", "z", index=at, unit=at, case=f"case {at}") for at in range(12)]
    text = page_of(conversation(many)).text
    assert "2 of 12 are shown with their steps; the JSON and CSV reports hold all." in text
    assert "4 of 12 are listed, those that did not pass first" in text
    long = [step(f"say {at}", "y", "y" if at < 149 else "n", index=at) for at in range(150)]
    text = page_of(conversation(long)).text
    assert "50 steps are not shown." in text
    assert "say 149" in text


def test_a_step_that_its_case_bore_says_so() -> None:
    borne = replace(step("x", "y", "z"), verdict=Verdict.PASSED, tolerated=True)
    assert "its case met its threshold" in page_of(conversation([borne])).text


def test_evidence_is_whole_as_far_as_it_was_kept() -> None:
    kept = Exchange("q" * 4_100, "r" * 4_100)
    text = page_of(conversation([step("hi", "a", "b", evidence=kept)])).text
    assert kept.request in text and kept.reply in text
