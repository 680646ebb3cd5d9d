"""Fulfillment categories: how they are read, what they expect, and what contradicts itself."""

import pytest

from vivavoce.domain.batch.fulfillment import SPELLED, category_of, expected_names, problem
from vivavoce.domain.batch.utterance import BatchCase


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("single", "single"),
        ("Single Intent", "single"),
        ("MULTI-INTENT", "multi"),
        ("Ambiguous Intents", "ambiguous"),
        ("small_talk", "small talk"),
        ("No Intent", "no intent"),
        ("AnswerGeneration", "answer generation"),
        ("conversation intent - hold", "conversation"),
        ("ConversationIntent", "conversation"),
        ("", ""),
        (" - ", ""),
        ("sngle", ""),
        ("ConversationIntent-Wait", ""),
    ],
)
def test_categories_are_read_by_their_letters(text: str, category: str) -> None:
    assert category_of(text) == category


def test_every_category_that_is_offered_is_known() -> None:
    assert all(category_of(name) for name in SPELLED)


@pytest.mark.parametrize(
    ("category", "intents", "names"),
    [
        ("", ("A", "None"), ("A",)),
        ("single", ("A",), ("A",)),
        ("no intent", ("A",), ()),
        ("ConversationIntent-End", (), ("ConversationIntent-End",)),
        ("conversationintent end", ("A",), ("ConversationIntent-End",)),
        ("conversation intent", ("ConversationIntent-End",), ("ConversationIntent-End",)),
        ("answer generation", (), ("Answer Generation",)),
        ("answer generation", ("Search",), ("Search",)),
        ("small talk", (), ("Small Talk",)),
        ("small talk", ("~bye",), ("~bye",)),
        ("unknown", ("A",), ("A",)),
    ],
)
def test_what_a_case_expects(category: str, intents: tuple[str, ...], names: tuple[str, ...]) -> None:
    assert expected_names(BatchCase("x", intents, fulfillment_type=category)) == names


@pytest.mark.parametrize(
    ("category", "intents", "said"),
    [
        ("", ("A", "B"), ""),
        ("single", ("A",), ""),
        ("single", ("A", "B", "C"), "'single' expects one intent, but 3 are named"),
        ("single", (), "'single' expects one intent, but none is named"),
        ("single", ("None",), "'single' expects one intent, but none is named"),
        ("multi", ("A", "B"), ""),
        ("multi", ("A",), "'multi' expects 2 to 5 intents, but 1 is named: write `A | B`"),
        ("multi", tuple("ABCDEF"), "expects 2 to 5 intents, but 6 are named"),
        ("multi", ("A", "a "), "expects different intents, but one is named twice"),
        ("ambiguous", tuple("ABCDE"), ""),
        ("ambiguous", (), "expects 2 to 5 intents, but none is named"),
        ("small talk", (), ""),
        ("small talk", ("~bye",), ""),
        ("no intent", (), ""),
        ("no intent", ("None",), ""),
        ("no intent", ("A",), "'no intent' expects no intent, but 1 is named: leave the intent empty"),
        ("answer generation", (), ""),
        ("ConversationIntent-Hold", (), ""),
        ("ConversationIntent-Hold", ("conversationintent-hold",), ""),
        ("ConversationIntent-Hold", ("Pay",), "expects that intent alone, but 'Pay' is named"),
        ("conversation intent", ("ConversationIntent-End",), ""),
        ("conversation intent", ("Pay",), "expects one of ConversationIntent-Hold, "),
        ("sngle", ("A",), "'sngle' is unknown, so it does not count; did you mean 'single'?"),
        ("ConversationIntent-Holt", (), "did you mean 'ConversationIntent-Hold'?"),
        ("?", (), "there are single, multi, ambiguous, "),
    ],
)
def test_contradictions_are_named_with_the_way_out(
    category: str, intents: tuple[str, ...], said: str
) -> None:
    found = problem(BatchCase("x", intents, fulfillment_type=category))
    assert (said in found) if said else found == ""
