"""Entities: found in free text, asked for, and as normalised values."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivavoce.assistant.entities import Entity, EntityFinder, flatten

TODAY = date(2025, 3, 14)  # a Friday

CITY = Entity(
    name="city", kind="list", values={"Old Town": ("old town centre", "oldtown"), "C++": (), "Oslo": ()}
)
ORIGIN = Entity(name="origin", kind="list", values={"Oslo": (), "Rome": ()}, preceded_by=("from", "out of"))
AMOUNT = Entity(name="amount", kind="currency", default_code="EUR")
COUNT = Entity(name="count", kind="number")
DAY = Entity(name="day", kind="date")
MAIL = Entity(name="mail", kind="email")
CODE = Entity(name="code", kind="regex", pattern=r"\b[a-z]{2}-\d{4}\b")
FINDER = EntityFinder([CITY, ORIGIN, AMOUNT, COUNT, DAY, MAIL, CODE])


def found(text: str) -> list[tuple[str, Any]]:
    return [(mention.name, mention.value) for mention in FINDER.find(text, TODAY)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$50 please", {"amount": 50, "code": "USD"}),
        ("send 1,200.50 EUR", {"amount": 1200.5, "code": "EUR"}),
        ("EUR 20", {"amount": 20, "code": "EUR"}),
        ("500dollars", {"amount": 500, "code": "USD"}),
        ("usd5", {"amount": 5, "code": "USD"}),
        ("twenty five pounds", {"amount": 25, "code": "GBP"}),
        ("A hundred and ten bucks", {"amount": 110, "code": "USD"}),
        ("2k £ or so", {"amount": 2000, "code": "GBP"}),
        ("5 quid", {"amount": 5, "code": "GBP"}),
        ("12€", {"amount": 12, "code": "EUR"}),
    ],
)
def test_amounts_of_money(text: str, value: dict[str, Any]) -> None:
    assert found(text) == [("amount", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("seven", 7),
        ("one hundred and five of them", 105),
        ("two thousand three hundred", 2300),
        ("3.5", 3.5),
        ("1,250,000", 1250000),
        ("5k", 5000),
        ("2.5k", 2500),
    ],
)
def test_numbers(text: str, value: float) -> None:
    assert found(text) == [("count", value)]


@pytest.mark.parametrize("text", ["this one", "no numbers here", "abc123def", "version 1.2.3.4", "9" * 40])
def test_what_is_no_number(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on 2025-04-01", "2025-04-01"),
        ("4/1/2025", "2025-04-01"),
        ("4/1/25", "2025-04-01"),
        ("the 3rd of May", "2025-05-03"),
        ("March 3", "2026-03-03"),  # the next one
        ("march 14", "2025-03-14"),  # today still counts
        ("Dec 24, 2030", "2030-12-24"),
        ("29 February", "2028-02-29"),
        ("tomorrow", "2025-03-15"),
        ("today's", "2025-03-14"),
        ("the day after tomorrow", "2025-03-16"),
        ("yesterday", "2025-03-13"),
        ("next week", "2025-03-21"),
        ("in 10 days", "2025-03-24"),
        ("in 2 weeks", "2025-03-28"),
        ("friday", "2025-03-21"),  # never today itself
        ("next Monday", "2025-03-17"),
        ("last monday", "2025-03-10"),
    ],
)
def test_dates(text: str, day: str) -> None:
    assert ("day", day) in found(text)


@pytest.mark.parametrize("text", ["2025-02-30", "31/31/2025", "may I come", "13/13", "in 99999 days"])
def test_what_is_no_date(text: str) -> None:
    assert all(name != "day" for name, _ in found(text))


def test_the_day_can_come_first() -> None:
    finder = EntityFinder([Entity(name="day", kind="date", day_first=True)])
    assert [mention.value for mention in finder.find("3/4/2025", TODAY)] == ["2025-04-03"]


def test_mail_addresses_and_expressions() -> None:
    assert found("write to Kim.B+x@Mail.example, code XY-1234!") == [
        ("mail", "kim.b+x@mail.example"),
        ("code", "XY-1234"),
    ]
    assert found("not@an address") == []


def test_list_values_by_synonym_longest_first_and_whole_words() -> None:
    assert found("to the OLD TOWN centre") == [("city", "Old Town")]
    assert found("oldtown") == [("city", "Old Town")]
    assert found("oldtowns and an osloer") == []
    assert found("I like C++ and c") == [("city", "C++")]


def test_a_cue_decides_what_an_unasked_value_is() -> None:
    assert ("origin", "Oslo") in found("a ticket from Oslo")
    assert ("origin", "Oslo") in found("out of the Oslo")
    assert ("origin", "Oslo") not in found("a ticket to Oslo")
    assert FINDER.answer("origin", "Oslo", TODAY) == "Oslo"  # asked for, no cue is needed
    assert FINDER.answer("origin", "not Rome but from Oslo", TODAY) == "Oslo"


def test_asked_for_a_bare_number_is_money() -> None:
    assert FINDER.answer("amount", "20", TODAY) == {"amount": 20, "code": "EUR"}
    assert FINDER.answer("amount", "20 dollars", TODAY) == {"amount": 20, "code": "USD"}
    assert FINDER.answer("amount", "a lot", TODAY) is None


def test_a_number_inside_another_value_is_not_one_of_its_own() -> None:
    assert found("$50 on 2025-04-01 for 3 people") == [
        ("amount", {"amount": 50, "code": "USD"}),
        ("day", "2025-04-01"),
        ("count", 3),
    ]


def test_mentions_tell_where_they_stand() -> None:
    text = "Ünser trip from Oslo costs 40 €"
    spans = {mention.name: text[mention.start : mention.end] for mention in FINDER.find(text, TODAY)}
    assert spans["origin"] == "Oslo" and spans["amount"] == "40 €"


def test_an_expression_that_takes_for_ever_finds_nothing() -> None:
    finder = EntityFinder([Entity(name="slow", kind="regex", pattern=r"(?:a|a|aa)+$")])
    assert finder.find("a" * 4_000 + "!", TODAY) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"amount": 50, "code": "USD"}, "50 USD"),
        ({"amount": 48.9, "code": "USD"}, "48.90 USD"),
        (7.0, "7"),
        (7.5, "7.5"),
        ("Old Town", "Old Town"),
    ],
)
def test_values_as_text(value: Any, text: str) -> None:
    assert flatten(value) == text


_PIECES = st.sampled_from(
    [
        "$",
        "€",
        "5",
        "1,000",
        ".",
        "-",
        "/",
        "2025",
        "may",
        "one",
        "and",
        "hundred",
        "usd",
        "@",
        "a",
        " ",
        "İ",
        "ß",
    ]
)


@given(st.one_of(st.text(), st.lists(_PIECES).map("".join), st.lists(_PIECES).map(" ".join)))
def test_no_text_is_too_odd(text: str) -> None:
    for mention in FINDER.find(text, TODAY):
        assert 0 <= mention.start < mention.end <= len(text)
        assert mention.text
    for name in ("city", "amount", "count", "day", "mail", "code"):
        FINDER.answer(name, text, TODAY)
