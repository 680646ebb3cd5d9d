"""The formats of public corpora, on utterances made up for it."""

import json
from typing import Any

import pytest

from vivavoce.domain.batch.utterance import BatchCase, EntityExpectation
from vivavoce.domain.errors import Malformed
from vivavoce.formats.corpora.recognizing import read_corpus
from vivavoce.formats.corpora.values import Corpus

BANKING = 'text,category\nWhere is my card?,card_arrival\n"one\ntwo, three",other\nlast,x\n'
SENTENCES = {
    "name": "Trains",
    "sentences": [
        {
            "text": "when does the next u-bahn leave from Main Street?",
            "intent": "DepartureTime",
            "training": False,
            "entities": [
                {"entity": "Vehicle", "start": 4, "stop": 6, "text": "u - bahn"},
                {"entity": "Start", "start": 9, "stop": 10, "text": "main street"},
                {"entity": "Criterion", "start": 50, "stop": 51, "text": "next"},
            ],
        },
        {"text": "from A to B or C", "intent": "None", "training": True, "entities": []},
    ],
}
NLUPP = [
    {
        "text": "make it 9 05 next week for $340",
        "intents": ["change", "booking"],
        "slots": {
            "time": {"text": "9 05", "span": [8, 12], "value": {"hour": 9, "minute": 5}},
            "date_period": {
                "text": "next week",
                "span": [13, 22],
                "values": {
                    "type": "absolute",
                    "from": {"day": 21, "month": 3, "year": 2022},
                    "to": {"day": 27, "month": 3, "year": 2022},
                },
            },
            "amount_of_money": {
                "text": "$340",
                "span": [27, 31],
                "value": {"amount": 340.0, "currency": "USD"},
            },
            "time_period": {"text": "next week", "span": [13, 22], "values": {"type": "ambiguous"}},
            "number": {"text": "six", "span": [0, 1], "value": 6},
            "person_name": {"text": "Ann", "span": [0, 1], "value": "Ann"},
        },
    },
    {"text": "today"},
]
SNIPS = {
    "GetWeather": [
        {"data": [{"text": "weather in "}, {"text": "Rome", "entity": "city"}, {"text": " today "}]},
        {"data": [{"text": "Rome", "entity": "city"}, {"text": " or "}, {"text": "Paris", "entity": "city"}]},
    ]
}


def read(document: Any) -> Corpus:
    data = document.encode() if isinstance(document, str) else json.dumps(document).encode()
    corpus = read_corpus(data)
    assert corpus is not None
    return corpus


def entities(case: BatchCase) -> dict[str, tuple[str, ...]]:
    return {entity.name: entity.values for entity in case.entities}


def test_banking77() -> None:
    corpus = read(BANKING)
    assert corpus.name == "Banking77"
    assert list(corpus.cases(None)) == [
        BatchCase("Where is my card?", ("card_arrival",), line=2),
        BatchCase("one\ntwo, three", ("other",), line=3),
        BatchCase("last", ("x",), line=5),
    ]


def test_nlu_evaluation_corpora() -> None:
    corpus = read(SENTENCES)
    first, second = corpus.cases(None)
    assert (first.intents, second.intents) == (("DepartureTime",), ())
    assert entities(first) == {
        "Vehicle": ("u-bahn",),  # the sentence's own spelling
        "Start": ("Main Street",),
        "Criterion": ("next",),  # its tokens lie outside of the sentence: the text it names
    }
    assert [case.utterance for case in corpus.cases("training")] == ["from A to B or C"]
    assert [case.utterance for case in corpus.cases("test")] == [first.utterance]


def test_nlupp_expects_all_intents_as_traits_and_either_form_of_a_value() -> None:
    corpus = read(NLUPP)
    first, second = corpus.cases(None)
    assert (first.intents, first.traits) == ((), ("change", "booking"))
    assert entities(first) == {
        "time": ("9 05", "09:05"),
        "date_period": ("next week", "2022-03-21 2022-03-27"),
        "amount_of_money": ("$340", "340 USD"),
        "time_period": ("next week",),
        "number": ("six", "6"),
        "person_name": ("Ann",),
    }
    assert second == BatchCase("today")
    assert corpus.notes == ("slots whose value has no text form: only their words are expected (1)",)


def test_snips_joins_chunks_and_several_values_of_an_entity() -> None:
    first, second = read(SNIPS).cases(None)
    assert first == BatchCase(
        "weather in Rome today", ("GetWeather",), entities=(EntityExpectation("city", ("Rome",)),)
    )
    assert entities(second) == {"city": ("Rome||Paris",)}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("text", [BANKING, json.dumps(SNIPS, ensure_ascii=False)])
def test_encodings(text: str, encoding: str) -> None:
    corpus = read_corpus(text.encode(encoding))
    assert corpus is not None and len(corpus.samples) in (2, 3)


@pytest.mark.parametrize(
    "document",
    [
        "input,intent\nhi,A\n",
        "text,category,more\nhi,A,B\n",
        {"testCases": [{"input": "a", "intent": "A"}]},
        {"testSteps": []},
        [{"text": "a", "label": "b"}],
        [],
        {},
        [1],
        {"a": [1]},
        "{",
        "[" * 100_000,
        "",
    ],
)
def test_what_is_no_corpus(document: Any) -> None:
    data = document.encode() if isinstance(document, str) else json.dumps(document).encode()
    assert read_corpus(data) is None


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ("text,category\nhi\n", "line 2: a text and its category are wanted"),
        ("text,category\n", "the file holds no utterances (Banking77)"),
        ("text,category\n" + "x" * 3_001 + ",A\n", "line 2: the utterance has 3,001 characters"),
        ({"sentences": [3]}, "$.sentences[0]: an object is wanted"),
        ({"sentences": [{"text": "a", "intent": "b"}]}, "$.sentences[0].training: true or false is wanted"),
        (
            {"sentences": [{"text": "a", "intent": "b", "training": True, "entities": [{}]}]},
            "$.sentences[0].entities[0].entity: a text is wanted",
        ),
        ([{"text": "a", "intents": "b"}], "$[0].intents: a list is wanted"),
        ([{"text": " "}], "utterance 1: the text is empty"),
        ([{"text": "a"}, {"text": "a", "slots": {"s": 3}}], "$[1].slots.s: an object is wanted"),
        ({"A": [{"data": [{"entity": "x"}]}]}, "$.A[0].data[0].text: a text is wanted"),
        ({"A": [{"data": []}], "B": 3}, "$.B: a list is wanted"),
    ],
)
def test_damage_is_told_with_its_place(document: Any, told: str) -> None:
    data = document.encode() if isinstance(document, str) else json.dumps(document).encode()
    with pytest.raises(Malformed) as refused:
        read_corpus(data)
    assert told in str(refused.value)


def test_latin_1_is_refused_with_the_way_out() -> None:
    data = json.dumps(SNIPS).replace("Rome", "Orléans").encode("latin-1")
    with pytest.raises(Malformed, match=r"not UTF-8: byte 64 \(0xe9\).*--encoding"):
        read_corpus(data)


def test_a_part_that_the_file_does_not_tell() -> None:
    with pytest.raises(Malformed, match="does not say which utterances are for training"):
        list(read(SNIPS).cases("test"))
