"""What is proposed where the replies to one step differ."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivavoce.domain.aligning import propose, propose_step
from vivavoce.domain.assertions.text import check_text
from vivavoce.domain.output import Output, Reply
from vivavoce.domain.suite import Assertions, ExpectedOutput, Step, TextAssertion, TextEntry


def expecting(*texts: str, match: Any = "equals") -> ExpectedOutput:
    entries = tuple(TextEntry(text, match) for text in texts)
    return ExpectedOutput(texts[0], Assertions(TextAssertion(contains=entries)))


def parts(expected: ExpectedOutput, *replies: str) -> list[tuple[str, str]]:
    proposal = propose(expected, replies)
    assert proposal is not None
    assert len(proposal.entries) == 1
    return [(part.text, part.kind) for part in proposal.parts]


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ("You have 12 points.", "You have 7 points.", [("12", "number")]),
        ("That is $1,200.50.", "That is €3.", [("$1,200.50", "amount")]),
        ("It goes out on 2025-03-15.", "It goes out on 2026-11-02.", [("2025-03-15", "date")]),
        ("We open at 9:30.", "We open at 17:00.", [("9:30", "time")]),
        ("Your reference is A12-4821.", "Your reference is B77-0001.", [("A12-4821", "id")]),
        ("Hello Ann, welcome.", "Hello José, welcome.", [("Ann", "name")]),
        ("Sent to Ann Keller today.", "Sent to Ben Okafor today.", [("Ann Keller", "name")]),
        (
            "50 USD will reach Ann on 2025-03-15.",
            "70 USD will reach Bob on 2025-03-16.",
            [("50", "number"), ("Ann", "name"), ("2025-03-15", "date")],
        ),
        ("The card is blocked for you.", "The card was blocked for you.", [("is", "")]),
        ("Die Straße ist 12 km lang. 😀", "Die Straße ist 15 km lang. 😀", [("12", "number")]),
    ],
)
def test_what_varies_is_dynamic_with_its_kind(one: str, other: str, wanted: list[tuple[str, str]]) -> None:
    assert parts(expecting(one), one, other) == wanted


def test_the_recorded_text_is_kept_where_the_replies_are_like_it() -> None:
    proposal = propose(expecting("You have 1 point."), ["You have 7 points.", "You have 9 points."])
    assert proposal is not None
    assert [entry.text for entry in proposal.entries] == ["You have 1 point."]


def test_texts_with_little_in_common_stand_beside_each_other() -> None:
    replies = ["Hello! How can I help?", "Hi there, what can I do for you?"]
    proposal = propose(expecting(replies[0]), replies)
    assert proposal is not None
    assert [entry.text for entry in proposal.entries] == replies
    assert not proposal.parts


def test_never_a_span_over_everything() -> None:
    for replies in (["12", "13"], ["Ann", "Bob"], ["Ann Keller", "Ben Okafor"], ["5 pm", "6 am"]):
        proposal = propose(expecting(replies[0]), replies)
        assert proposal is not None
        assert not proposal.parts
        assert len(proposal.entries) == 2


def test_values_of_a_template_are_dynamic_by_their_paths() -> None:
    one = '{"text": "Pick", "id": "a", "buttons": [{"title": "Yes"}]}'
    other = one.replace('"a"', '"b"')
    assert parts(expecting(one), one, other) == [("$.id", "")]


def test_a_contained_text_that_every_reply_contains_stays() -> None:
    assert propose(expecting("points", match="contains"), ["You have 3 points", "You have 4 points"]) is None


def test_outputs_of_a_step_are_aligned_each_for_itself() -> None:
    step = Step("hi", (expecting("Hello."), expecting("Code 11 is yours.")))
    replies = [Reply((Output("Hello."), Output(f"Code {code} is yours."))) for code in (11, 12, 13)]
    proposal = propose_step(step, replies)
    assert proposal
    assert proposal.outputs[0] is None
    assert proposal.outputs[1] is not None
    assert proposal.outputs[1].words == 'dynamic: "11" (number)'


def test_a_varying_number_of_outputs_is_told() -> None:
    step = Step("hi", (expecting("Hello."),))
    proposal = propose_step(step, [Reply((Output("Hello."),)), Reply()])
    assert not proposal
    assert "0 or 1 replies" in proposal.note


@given(st.text(), st.text(), st.integers(1, 4))
def test_equal_replies_propose_nothing(recorded: str, said: str, often: int) -> None:
    assert propose(expecting(recorded), [said] * often) is None
    step = Step("hi", (expecting(recorded),))
    assert not propose_step(step, [Reply((Output(said),))] * often)


WORDS = st.lists(
    st.sampled_from(["Your", "order", "12", "9:30", "2025-03-15", "Ann", "is", "on", ", ", "\n", "😀", "$5"]),
    max_size=8,
).map(" ".join)


@given(st.text() | WORDS, st.lists(st.text() | WORDS, min_size=2, max_size=4))
def test_a_proposal_accepts_every_reply(recorded: str, replies: list[str]) -> None:
    proposal = propose(expecting(recorded), replies)
    if proposal is None:
        return
    assertion = TextAssertion(contains=proposal.entries)
    for reply in replies:
        assert check_text(assertion, "", reply)[0].passed
    for entry in proposal.entries:
        covered = sum(span.end - span.start for span in entry.dynamic)
        assert covered < len(entry.text) or not entry.text
