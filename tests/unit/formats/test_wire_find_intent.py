from tests.unit.formats.wire_values import body

from vivavoce.domain.batch.utterance import Candidate, Classification, FoundEntity
from vivavoce.formats.wire.find_intent import find_intent_body


def record(classification):
    return body(
        find_intent_body(
            classification,
            text="move 5 € to Ann",
            stream_name="Bank",
            bot_id="st-1",
            language="en",
            task_ids={"Transfer": "dg-1"},
        )
    )


def test_one_winner_is_a_success_with_its_entities():
    transfer = Candidate("Transfer", 0.9, "dialog")
    found = Classification(
        winning=(transfer,),
        candidates=(transfer, Candidate("Balance", 0.1, "dialog")),
        entities=(FoundEntity("to", "Ann"), FoundEntity("amount", "5 EUR"), FoundEntity("to", "Bob")),
    )
    document = record(found)
    assert document["request"] == {"input": "move 5 € to Ann", "streamName": "Bank"}
    response = document["response"]
    assert (response["result"], response["task"], response["taskId"], response["subType"]) == (
        "successintent",
        "Transfer",
        "dg-1",
        "intent",
    )
    resolver = response["finalResolver"]
    assert resolver["winningIntent"] == [
        {"intent": "Transfer", "activityType": "dialog", "score": 0.9, "taskId": "dg-1"}
    ]
    assert [ranked["intent"] for ranked in resolver["ranking"]] == ["Transfer", "Balance"]
    assert resolver["entities"] == [
        {"field": "to", "value": ["Ann", "Bob"]},
        {"field": "amount", "value": ["5 EUR"]},
    ]


def test_several_winners_are_ambiguous_and_none_is_a_failure():
    several = record(Classification(winning=(Candidate("A"), Candidate("B", type="faq"))))["response"]
    assert (several["result"], several["task"]) == ("ambiguousintent", "")
    assert [one["activityType"] for one in several["finalResolver"]["winningIntent"]] == ["dialog", "faq"]
    none = record(Classification())["response"]
    assert (none["result"], none["subType"]) == ("failintent", "")
    assert none["finalResolver"]["winningIntent"] == []
