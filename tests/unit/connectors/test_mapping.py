import msgspec
import pytest

from vivavoce.connectors.entity_values import flat_values
from vivavoce.connectors.mapping import ReplyMapping
from vivavoce.domain.output import Fact, FoundEntity, Output, Reply, ToolCall, Usage


def test_all_paths() -> None:
    names = (
        "text",
        "intent",
        "intent_id",
        "intent_type",
        "node",
        "node_name",
        "component_type",
        "transitions",
    )
    mapping = ReplyMapping(
        {
            "outputs": "$.out[*]",
            "context": "$.ctx",
            "ended": "$.over",
            **{name: f"$.{name}" for name in (*names, "prompt", "category", "faq", "smalltalk")},
        }
    )
    reply = mapping.read(
        {
            "out": [
                {
                    "text": "Which account?",
                    "intent": "transfer",
                    "intent_id": "dg-1",
                    "intent_type": "dialog",
                    "node": "n-1",
                    "node_name": "ask",
                    "component_type": "entity",
                    "transitions": [{"to": "n-2"}],
                    "prompt": "errorPrompt",
                },
                {"text": "By card.", "faq": "How do I pay?"},
                {"text": "Thanks!", "intent": "thank~you", "intent_type": "smalltalk"},
                {"text": "Sure?", "category": "Confirmation"},
            ],
            "ctx": {"a": 1},
            "over": True,
        }
    )
    first, faq, small, standard = reply.outputs
    assert first.metadata.intent_id == "dg-1" and first.intent == "transfer"
    assert (first.metadata.node_id, first.metadata.node_name) == ("n-1", "ask")
    assert first.metadata.component_type == "entity" and first.metadata.prompt_type == "errorPrompt"
    assert first.metadata.transitions == ({"to": "n-2"},)
    assert (faq.faq, faq.intent, faq.metadata.intent_type) == ("How do I pay?", "How do I pay?", "faq")
    assert (small.smalltalk, small.intent) == ("thank~you", "thank~you")
    assert standard.metadata.is_standard_response and standard.metadata.category == "Confirmation"
    assert reply.intents == ("transfer",)
    assert reply.faqs == ("How do I pay?",) and reply.smalltalk == ("thank~you",)
    assert reply.context == {"a": 1} and reply.ended


@pytest.mark.parametrize(
    ("answer", "texts"),
    [
        ({"m": ["Hi", "there"]}, ["Hi", "there"]),
        ({"m": [{"text": "Hi"}]}, ["Hi"]),
        ({"m": [{"text": None, "image": "x.png"}]}, ['{"text":null,"image":"x.png"}']),
        ({"m": [{"text": {"type": "template"}}]}, ['{"type":"template"}']),
        ({"m": [5, True, None, ""]}, ["5", "true", ""]),
        ({"m": []}, []),
        ({"m": None}, []),
        ({"other": 1}, []),
        ([1, 2], []),
        (None, []),
        ("text", []),
    ],
)
def test_what_an_output_may_be(answer: object, texts: list[str]) -> None:
    reply = ReplyMapping({"outputs": "$.m[*]", "text": "$.text"}).read(answer)
    assert [output.text for output in reply.outputs] == texts


def test_an_object_without_a_text_path_is_a_template_and_a_text_is_a_text() -> None:
    reply = ReplyMapping({"outputs": "$[*]"}).read([{"b": 1, "a": "ü"}, "plain"])
    assert reply == Reply((Output('{"b":1,"a":"ü"}'), Output("plain")))


def test_several_texts_of_one_output_are_lines() -> None:
    mapping = ReplyMapping({"outputs": "$", "text": "$.parts[*].t"})
    assert mapping.read({"parts": [{"t": "a"}, {"t": "b"}]}).outputs[0].text == "a\nb"


@pytest.mark.parametrize(
    ("paths", "facts"),
    [
        ({"category": "$.c"}, {"category"}),
        ({}, set()),
        ({"intent": "$.i"}, {"intent"}),
        ({"intent_id": "$.i"}, {"intent"}),
        ({"node": "$.n", "transitions": "$.t"}, {"node", "transitions"}),
        ({"prompt": "$.p", "context": "$.c"}, {"prompt", "context"}),
        ({"faq": "$.f", "ended": "$.e", "text": "$.t"}, set()),
    ],
)
def test_facts_are_those_with_paths(paths: dict[str, str], facts: set[Fact]) -> None:
    assert ReplyMapping({"outputs": "$", **paths}).facts == facts


@pytest.mark.parametrize(
    ("answer", "ended"),
    [
        ({}, False),
        ({"e": False}, False),
        ({"e": None}, False),
        ({"e": "false"}, False),
        ({"e": ""}, False),
        ({"e": True}, True),
        ({"e": "done"}, True),
        ({"e": 1}, True),
        ({"e": {"reason": "x"}}, True),
    ],
)
def test_the_end(answer: object, ended: bool) -> None:
    assert ReplyMapping({"outputs": "$.m", "ended": "$.e"}).read(answer).ended is ended


def test_a_context_that_is_no_object_is_unknown() -> None:
    assert ReplyMapping({"outputs": "$.m", "context": "$.c"}).read({"c": [1]}).context is None


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        ("Berlin", ["Berlin"]),
        (5, ["5"]),
        (None, []),
        (["a", "b"], ["a", "b"]),
        ({"code": "EUR", "amount": 20}, ["20 EUR"]),
        ({"toDate": "2026-02-01", "fromDate": "2026-01-01"}, ["2026-01-01 2026-02-01"]),
        ({"unit": "kg", "amount": 3, "source": "3 kg", "type": "weight"}, ["3 kg weight 3 kg"]),
        ({"lng": 2.5, "lat": 1.5, "formatted_address": "Main St"}, ["Main St 1.5 2.5"]),
        (
            {
                "shortName": "India",
                "alpha2": "IN",
                "alpha3": "IND",
                "numericalCode": 356,
                "localName": "Bharat",
            },
            ["IN IND 356 Bharat India"],
        ),
        (
            {
                "AirportName": "Rajiv Gandhi",
                "IATA": "HYD",
                "ICAO": "VOHS",
                "Latitude": 17.2,
                "Longitude": 78.4,
                "City": "Hyderabad",
                "CityLocal": "H",
            },
            ["Rajiv Gandhi HYD VOHS 17.2 78.4 Hyderabad H"],
        ),
        ({"amount": 20.0, "code": "USD"}, ["20 USD"]),
        ({"code": "USD", "amount": 20.5}, ["20.5 USD"]),  # whatever order they come in
        ({"amount": 20}, ["20"]),
        ({"code": "USD"}, ["USD"]),
        ({"amount": None, "code": "USD"}, ["USD"]),
        ({"amount": 3, "unit": "kg"}, ["3 kg"]),
        ({"source": "s", "type": "mass", "unit": "kg", "amount": 3.0}, ["3 kg mass s"]),
        ({"unit": "kg", "source": "3 kilos"}, ["kg 3 kilos"]),
        ({"toDate": "2024-03-02"}, ["2024-03-02"]),
        ({"toDate": "2024-03-02", "fromDate": "2024-03-01"}, ["2024-03-01 2024-03-02"]),
        ({"lat": 48.0, "lng": 2.35}, ["48 2.35"]),
        ({"formatted_address": "Paris", "lat": 48.85, "lng": 2.35, "id": 7}, ["Paris 48.85 2.35"]),
        ({"localName": "Bharat", "alpha2": "IN"}, ["IN Bharat"]),
        ({"City": "Paris", "IATA": "CDG"}, ["CDG Paris"]),
        ([{"amount": 20, "code": "EUR"}, {"amount": 5.0, "code": "USD"}], ["20 EUR", "5 USD"]),
        ([[1.0, None], 2], ["1", "2"]),
        (20.0, ["20"]),
        (1e300, [str(int(1e300))]),
        (-0.5, ["-0.5"]),
        (True, ["true"]),
        ({"size": "large", "colour": "red"}, ["size:large|colour:red"]),
        ({"size": "large", "colour": None}, ["size:large"]),
        ({"price": {"amount": 20.0, "code": "USD"}, "count": 2}, ["price:20 USD|count:2"]),
        ({"tops": ["ham", "olives"], "size": 1}, ["tops:ham, olives|size:1"]),
        ({"x": 1, "amount": 2}, ["x:1|amount:2"]),
        ({}, [""]),
    ],
)
def test_structured_entity_values_are_flattened(value: object, texts: list[str]) -> None:
    assert flat_values(msgspec.json.decode(msgspec.json.encode(value))) == texts


AGENT = {
    "outputs": "$.choices[*].content",
    "entities": "$.entities",
    "entity_name": "$.name",
    "entity_value": "$.value",
    "tool_calls": "$.choices[*].calls[*].function",
    "tool_name": "$.name",
    "tool_arguments": "$.arguments",
    "input_tokens": "$.usage[*].input",
    "output_tokens": "$.usage[*].output",
    "cost": "$.cost",
}


def test_what_an_agent_tells_besides_its_outputs() -> None:
    mapping = ReplyMapping(AGENT)
    assert mapping.facts == {"entities", "tools", "usage"}
    reply = mapping.read(
        {
            "choices": [
                {
                    "content": "Done.",
                    "calls": [
                        {"function": {"name": "find", "arguments": '{"n": [1, 2]}'}},
                        {"function": {"name": "note", "arguments": "no JSON {"}},
                        {"function": {"name": "save", "arguments": {"n": 1}}},
                        {"function": {"name": "stop"}},
                    ],
                }
            ],
            "entities": [{"name": "sum", "value": {"amount": 5}}, None, {"name": "city"}],
            "usage": [{"input": 100, "output": 10}, {"input": 20}],
            "cost": 0.5,
        }
    )
    assert [output.text for output in reply.outputs] == ["Done."]
    assert reply.entities == (FoundEntity("sum", {"amount": 5}), FoundEntity("city", None))
    assert reply.tool_calls == (
        ToolCall("find", {"n": [1, 2]}),
        ToolCall("note", "no JSON {"),
        ToolCall("save", {"n": 1}),
        ToolCall("stop"),
    )
    assert reply.usage == Usage(120, 10, 0.5)


def test_what_an_answer_does_not_tell_is_unknown() -> None:
    mapping = ReplyMapping(AGENT)
    assert mapping.read({"choices": [{"content": "Hi."}]}) == Reply((Output("Hi."),))
    odd = mapping.read({"choices": [], "usage": [{"input": "12"}, {"output": True}], "cost": -1})
    assert odd.usage is None
    assert mapping.read({"choices": [], "usage": [{"input": 3}]}).usage == Usage(3)


def test_usage_can_be_told_alone_and_beside_the_flow() -> None:
    mapping = ReplyMapping({"outputs": "$.m[*]", "text": "$.t", "intent": "$.i", "cost": "$.c"})
    assert mapping.facts == {"intent", "usage"}
    reply = mapping.read({"m": [{"t": "Hi.", "i": "greet"}], "c": 2})
    assert reply.intents == ("greet",) and reply.usage == Usage(cost=2)
