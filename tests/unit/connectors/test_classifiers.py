"""Both ways to classify: a call of the bot's own, and a conversation of one turn."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.bots.running import RunningBots

from vivavoce.connectors.base import Outside, make_classifier
from vivavoce.connectors.conversation_classifier import ConversationClassifier
from vivavoce.connectors.nlu_mapping import NluMapping
from vivavoce.connectors.scripted import ScriptedConnector
from vivavoce.domain.batch.utterance import Candidate, Classification, FoundEntity
from vivavoce.domain.errors import BadStatus, ConnectorError, Malformed, Throttled
from vivavoce.engine.ports.bots import Utterance

NLU: dict[str, Any] = {
    "intents": "$.intents[*]",
    "intent": "$.name",
    "score": "$.confidence",
    "entities": "$.entities[*]",
    "entity_name": "$.name",
    "entity_value": "$.value",
    "traits": "$.traits[*]",
    "none": ["fallback", None],
}


def outside(**environment: str) -> Outside:
    ids: Iterator[int] = iter(range(1000))
    return Outside(environment=environment, new_id=lambda prefix: f"{prefix}{next(ids)}")


async def classify(
    settings: dict[str, Any], *texts: str, **environment: str
) -> list[Classification | ConnectorError]:
    classifier = make_classifier({"type": "http", **settings}, outside(**environment))
    try:
        return await classifier.classify([Utterance(text, "en", ("a", "b")) for text in texts])
    finally:
        await classifier.aclose()


async def test_a_call_of_its_own(bots: RunningBots) -> None:
    settings = {"url": f"{bots.url}/nlu", "body": {"text": "{{input}}"}, "nlu": NLU}
    first, none = await classify(settings, "transfer 20 EUR and 5 USD from my balance!", "weather")
    assert isinstance(first, Classification)
    assert first.winning == (Candidate("check_balance", 0.9),)
    assert first.candidates == (Candidate("check_balance", 0.9), Candidate("transfer_money", 0.7))
    assert first.entities == (FoundEntity("amount", "20 EUR"), FoundEntity("amount", "5 USD"))
    assert first.traits == ("angry",)
    assert none == Classification(candidates=(Candidate("None", 0.9),))


async def test_the_call_takes_what_it_does_not_state_from_the_connector(bots: RunningBots) -> None:
    settings = {
        "url": f"{bots.url}/chat",
        "method": "PUT",
        "headers": {"A": "1", "B": "${VIVA_BOT_B}"},
        "body": {"text": "{{input}}", "in": "{{parent_intent}}", "id": "{{conversation_id}}"},
        "nlu": {
            "url": f"{bots.url}/echo",
            "headers": {"A": "2"},
            "intents": "$.request.method",
            "entities": "$.request['headers','body']",
            "entity_name": "$['A','in']",
            "entity_value": "$['B','id']",
        },
    }
    (found,) = await classify(settings, "hi", VIVA_BOT_B="b")
    assert isinstance(found, Classification)
    assert found.winning == (Candidate("PUT"),)
    assert found.entities == (FoundEntity("2", "b"), FoundEntity("a||b", "0"))


async def test_errors_stand_in_their_place(bots: RunningBots) -> None:
    settings = {"url": f"{bots.url}/nasty/status/503?after=2", "body": "{{input}}", "nlu": NLU}
    errors = await classify(settings, "a", "b")
    assert [type(error) for error in errors] == [Throttled, Throttled]
    assert isinstance(errors[0], Throttled) and errors[0].retry_after_s == 2.0


@pytest.mark.parametrize("names", [["fallback"], ["  FALLBACK "]])
def test_none_names_compare_without_case(names: list[str]) -> None:
    mapping = NluMapping({"intents": "$[*]", "none": names})
    assert mapping.read(["Fallback ", "greet"]).winning == ()
    assert mapping.read(["greet", "fallback"]).winning == (Candidate("greet"),)
    assert mapping.read([None]).winning == mapping.read([""]).winning == mapping.read([]).winning == ()


def test_null_in_yaml_means_the_word_and_an_odd_score_is_unknown() -> None:
    mapping = NluMapping({"intents": "$[*]", "intent": "$.n", "score": "$.s", "none": [None]})
    assert mapping.read([{"n": "None", "s": "0.5"}]).winning == ()
    assert mapping.read([{"n": "x", "s": "0.5"}, {"n": "y", "s": "high"}, {"s": 1}]).candidates == (
        Candidate("x", 0.5),
        Candidate("y"),
    )


@pytest.mark.parametrize("score", ["nan", "inf", "-Infinity", 10**400, True, None, [], "high"])
def test_what_is_no_number_is_no_score(score: Any) -> None:
    mapping = NluMapping({"intents": "$[*]", "intent": "$.n", "score": "$.s"})
    assert mapping.read([{"n": "x", "s": score}]).winning == (Candidate("x"),)


TOLD: dict[str, Any] = {
    "intents": "$.ranking[*]",
    "intent": "$.name",
    "score": "$.score",
    "intent_type": "$.kind",
    "winning": "$.winners",
    "parent_intent": "$.context",
    "bot_name": "$.answered_by",
    "task_state": "$.state",
    "elimination": "$.lost[*].why",
    "fulfillment": "$.type",
    "none": ["fallback"],
}


def told(**answer: Any) -> Classification:
    return NluMapping(TOLD).read(answer)


def test_what_a_bot_can_tell_besides_its_intents() -> None:
    found = told(
        ranking=[{"name": "Pay", "score": 0.9, "kind": "Small-Talk"}, {"name": "fallback", "score": 0.4}],
        winners=["pay"],
        context=["Cards", "Lost"],
        answered_by="Bank",
        state="published",
        lost=[{"why": "FM: low"}, {"why": {"ml": 0.1}}],
        type="Single Intent",
    )
    pay = Candidate("Pay", 0.9, "smalltalk")
    assert found == Classification(
        winning=(pay,),
        candidates=(pay, Candidate("None", 0.4)),
        parent_intent="Cards||Lost",
        task_state="published",
        elimination='FM: low; {"ml":0.1}',
        bot_names=("Bank",),
        fulfillment="Single Intent",
    )
    assert told() == Classification()


@pytest.mark.parametrize(
    ("winners", "won"),
    [
        (["A", "B"], ["A", "B"]),
        (["A", "a "], ["A"]),
        ([], []),
        (None, []),
        ("A", ["A"]),
        ([{"name": "A"}, {"name": "X", "score": 1}], ["A", "X"]),
        (["fallback"], []),
        (["fallback", "A"], ["A"]),
    ],
)
def test_several_may_win_where_the_bot_says_which(winners: Any, won: list[str]) -> None:
    found = told(ranking=[{"name": "A", "score": 0.9}, {"name": "B", "score": 0.8}], winners=winners)
    assert [each.name for each in found.winning] == won
    if won[:1] == ["A"]:
        assert found.winning[0].score == 0.9


@pytest.mark.parametrize(
    ("kind", "read"),
    [
        ("dialog", "dialog"),
        ("Intent", "dialog"),
        ("FAQ", "faq"),
        ("small talk", "smalltalk"),
        ("small_talk", "smalltalk"),
        ("trait", ""),
        (None, ""),
        (7, ""),
    ],
)
def test_types_of_intents(kind: Any, read: str) -> None:
    (candidate,) = told(ranking=[{"name": "A", "kind": kind}]).candidates
    assert candidate.type == read


REPLY = {"outputs": "$.messages[*]", "text": "$.text", "intent": "$.intent"}


async def test_a_conversation_of_one_turn(bots: RunningBots) -> None:
    settings = {
        "url": f"{bots.url}/chat",
        "body": {"text": "{{input}}", "session": "one-turn-{{conversation_id}}"},
        "reply": REPLY,
        "nlu": {"none": ["recall"]},
    }
    hello, again, silent, unknown, none, broken = await classify(
        settings, "hello", "hello", "silence", "what", "who am i", "fail 500"
    )
    assert (
        hello
        == again
        == Classification(
            winning=(Candidate("greeting", type="dialog"),),
            candidates=(Candidate("greeting", type="dialog"),),
        )
    )
    assert silent == unknown == Classification()
    assert none == Classification(candidates=(Candidate("None"),))
    assert isinstance(broken, BadStatus)
    assert len([said for said in bots.bots.said if said[0].startswith("one-turn-")]) == 6
    assert len({said[0] for said in bots.bots.said if said[0].startswith("one-turn-")}) == 6


def test_a_bot_that_reports_no_intent_is_refused_with_the_way_out() -> None:
    settings = {"type": "http", "url": "http://127.0.0.1/", "body": "{{input}}", "reply": {"outputs": "$"}}
    with pytest.raises(Malformed, match=r"reports no intent.*\(add an `nlu` section"):
        make_classifier(settings, outside())
    with pytest.raises(Malformed, match="reports no intent"):
        make_classifier({"type": "scripted", "script": {"replies": {"a": "b"}}}, outside())


async def test_faqs_and_small_talk_count_with_their_type_in_the_order_they_are_told() -> None:
    script = {
        "replies": {
            "pay": {"text": "By card.", "faq": "How do I pay?"},
            "thanks": [{"text": "Sure.", "smalltalk": "thank~you"}, {"text": "More?", "intent": "offer"}],
        }
    }
    classifier = ConversationClassifier(ScriptedConnector(script), new_id=lambda prefix: "c")
    pay, thanks = await classifier.classify([Utterance("pay", "en"), Utterance("thanks", "en")])
    assert isinstance(pay, Classification) and isinstance(thanks, Classification)
    assert pay.winning == (Candidate("How do I pay?", type="faq"),)
    assert thanks.winning == (Candidate("thank~you", type="smalltalk"), Candidate("offer", type="dialog"))


async def test_entities_of_a_one_turn_conversation_are_flattened() -> None:
    entities = [
        {"name": "sum", "value": {"amount": 20.0, "code": "EUR"}},
        {"name": "to", "value": ["A", "B"]},
    ]
    script = {"replies": {"pay": {"outputs": [{"text": "Done.", "intent": "pay"}], "entities": entities}}}
    classifier = ConversationClassifier(ScriptedConnector(script), new_id=lambda prefix: "c")
    (found,) = await classifier.classify([Utterance("pay", "en")])
    assert isinstance(found, Classification)
    assert found.entities == (FoundEntity("sum", "20 EUR"), FoundEntity("to", "A"), FoundEntity("to", "B"))
