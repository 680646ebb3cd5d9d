"""Dialogs step by step, with all that the assistant tells about them."""

import json

import pytest

from tests.unit.assistant.tools import say, talk, texts
from vivavoce.domain.output import Metadata
from vivavoce.engine.ports.bots import Message


def test_the_bot_speaks_first_on_a_connect_trigger() -> None:
    for trigger in ("Start_Flow", "ON_CONNECT"):
        reply = talk().turn(Message("", trigger))
        assert texts(reply) == ["Welcome, Sam."]
        assert reply.outputs[0].variations == ("Hello Sam.",)
        assert reply.outputs[0].metadata.node_id == "on_connect"
    assert talk("published").turn(Message("", "Start_Flow")).outputs[0].text == "Closed beta, Kim."
    assert talk().turn(Message("", "TIMER")).outputs == ()


def test_a_dialog_reports_its_way() -> None:
    bot = talk()
    first = say(bot, "I want to order tea")
    assert first.intents == ("Order tea",)
    (output,) = first.outputs
    assert (
        output.text == "Which tea?" and output.variations == ("What tea?",) and output.intent == "Order tea"
    )
    assert output.metadata == Metadata(
        node_id="order.tea",
        node_name="tea",
        component_type="entity",
        intent_id="order",
        intent_type="dialog",
        task_id="order",
        dialog_name="Ordering",
        transitions=("order.intent", "order.tea"),
        transition_node_names=("Order tea", "tea"),
        transition_node_type=("intent", "entity"),
        prompt_type="userPrompt",
    )
    second = say(bot, "sencha")
    assert second.intents == () and texts(second) == ["How many cups of green tea?"]
    assert second.outputs[0].metadata.transitions == ("order.tea", "order.count")
    third = say(bot, "two")
    assert texts(third) == ["2 cups of green tea?"]
    assert third.outputs[0].metadata.transitions == ("order.count", "order.many", "order.sure")
    assert third.outputs[0].metadata.transition_node_type == ("entity", "logic", "confirmation")
    last = say(bot, "yes please")
    assert texts(last) == ["Here you are, 2 green tea."]
    assert last.outputs[0].metadata.component_type == "message"
    assert last.context is not None
    assert last.context["cups"] == "2" and last.context["BotUserSession"]["member"] is True


def test_what_the_user_volunteers_is_not_asked_again() -> None:
    bot = talk()
    reply = say(bot, "order 3 cups of black tea please")
    assert texts(reply) == ["3 cups of black tea?"]
    assert reply.outputs[0].metadata.transitions == (
        "order.intent",
        "order.tea",
        "order.count",
        "order.many",
        "order.sure",
    )
    # No leads back to the first question: what was volunteered once is not taken twice.
    assert texts(say(bot, "no")) == ["Which tea?"]
    assert texts(say(bot, "green, and 5 cups")) == ["5 cups of green tea?"]


def test_logic_nodes_look_at_values_and_traits() -> None:
    assert texts(say(talk(), "order 20 cups of black tea")) == ["Too many."]
    assert texts(say(talk(), "quickly please, as fast as you can: order 20 black tea")) == [
        "20 cups of black tea?"
    ]


def test_error_prompts_then_failure_and_the_end_of_the_session() -> None:
    bot = talk()
    say(bot, "order some tea please")
    again = say(bot, "camomile")
    assert texts(again) == ["Green or black?"]
    assert again.outputs[0].metadata.prompt_type == "errorPrompt"
    assert again.outputs[0].metadata.transitions == ("order.tea",)
    failed = say(bot, "rooibos")
    assert failed.outputs[0].metadata.category == "Failure"
    assert failed.outputs[0].metadata.is_standard_response and not failed.outputs[0].metadata.node_id
    assert failed.outputs[1].text == "Another time." and failed.ended
    assert failed.outputs[1].metadata.transitions == ("order.tea", "order.sorry")
    after = say(bot, "hello?")
    assert after.outputs == () and after.ended


def test_an_unclear_confirmation_draws_the_standard_response() -> None:
    bot = talk()
    say(bot, "order 3 cups of black tea please")
    unclear = say(bot, "purple").outputs[0]
    assert unclear.metadata.category == "Confirmation"
    assert unclear.metadata.user_prompts == ("3 cups of black tea?",)
    assert texts(say(bot, "yep")) == ["Here you are, 3 black tea."]


def test_a_question_in_the_middle_of_a_dialog_and_back() -> None:
    bot = talk()
    say(bot, "I want to order tea")
    aside = say(bot, "When do you open?")
    assert aside.faqs == ("When do you open?",) and aside.intents == ()
    assert texts(aside) == ["At nine.", "What tea?"]  # the second wording, as it is asked again
    answer, prompt = (output.metadata for output in aside.outputs)
    assert (answer.node_id, answer.intent_type, answer.component_type) == ("hours", "faq", "faq")
    assert (prompt.node_id, prompt.prompt_type) == ("order.tea", "userPrompt")
    chat = say(bot, "Thank you, friend")
    assert chat.smalltalk == ("thank~you",)
    assert texts(chat) == ["You are welcome.", "Which tea?"]
    assert texts(say(bot, "black")) == ["How many cups of black tea?"]


def test_another_dialog_in_the_middle_and_back() -> None:
    bot = talk()
    say(bot, "I want to return a parcel")
    # A sub-intent of what is being talked about.
    reply = say(bot, "what is the reason for asking")
    assert reply.intents == ("reason",)
    assert texts(reply) == ["The law wants it.", "Let's go on where we were.", "The code?"]
    assert reply.outputs[1].metadata.category == "Resume"
    nested = say(bot, "I want to order tea")
    assert texts(nested) == ["Which tea?"]
    assert texts(say(bot, "green")) == ["How many cups of green tea?"]
    assert texts(say(bot, "50")) == ["Too many.", "Let's go on where we were.", "The code?"]


def test_a_sub_intent_follows_only_its_parent() -> None:
    bot = talk()
    assert say(bot, "what is the reason for asking").intents == ()
    say(bot, "I want to return a parcel")
    say(bot, "stop")
    assert say(bot, "what is the reason for asking").intents == ()


def test_cancel_drops_everything_under_way() -> None:
    bot = talk()
    assert say(bot, "stop").outputs[0].metadata.category == "NothingToCancel"
    say(bot, "I want to return a parcel")
    say(bot, "I want to order tea")
    assert say(bot, "stop it please").outputs[0].metadata.category == "Cancel"
    assert say(bot, "X123").outputs[0].metadata.category == "Fallback"


def test_all_kinds_of_entities_and_a_template() -> None:
    bot = talk()
    say(bot, "I want to return a parcel")
    for answer, expected in [
        ("it is X123", "Your mail?"),
        ("Kim@Shop.example", "What did it cost?"),
        ("12.5", "When did it come?"),
    ]:
        assert texts(say(bot, answer)) == [expected]
    reply = say(bot, "on 3/4/2025")
    template = json.loads(reply.outputs[0].text)
    assert template["payload"]["text"] == "X123 kim@shop.example 12.50 EUR 2025-04-03"
    assert " " not in reply.outputs[0].text.split('"quick_replies"')[0].split("payload")[0]
    assert reply.context is not None
    assert reply.context["amount"] == {"amount": 12.5, "code": "EUR"}
    assert reply.context["BotUserSession"]["day"] == "2025-04-03"


def test_an_intent_without_a_dialog_is_recognised_and_falls_back() -> None:
    reply = say(talk(), "spill the latest gossip")
    assert reply.intents == ("gossip",)
    assert reply.outputs[0].metadata.category == "Fallback"


def test_variations_come_in_turn_within_a_conversation() -> None:
    bot = talk()
    said = [say(bot, "thanks").outputs[0] for _ in range(3)]
    assert [output.text for output in said] == ["You are welcome.", "Any time.", "You are welcome."]
    assert [output.variations for output in said[:2]] == [("Any time.",), ("You are welcome.",)]
    assert texts(say(talk(), "thanks")) == ["You are welcome."]  # another conversation starts anew


def test_an_initial_context_is_taken_over() -> None:
    bot = talk(
        context={"BotUserSession": {"customer": "Ana"}, "EnterpriseContext": {"shop": 7}, "member": True}
    )
    reply = bot.turn(Message("", "Start_Flow"))
    assert texts(reply) == ["Welcome, Ana."]
    assert reply.context is not None
    assert reply.context["member"] is True and reply.context["EnterpriseContext"] == {"shop": 7}


def test_the_context_tells_session_and_bot() -> None:
    bot = talk()
    context = say(bot, "I want to order tea").context
    assert context is not None
    assert context["BotUserSession"] == {"customer": "Sam", "member": False, "cups": 0}
    assert context["UserSession"] == {"language": "en", "turns": 1}
    assert context["BotContext"] == {"name": "Tea shop", "version": "inDevelopment", "dialog": "order"}


def test_a_new_order_forgets_the_old_one() -> None:
    bot = talk()
    say(bot, "order 3 cups of black tea please")
    say(bot, "yes")
    context = say(bot, "I want to order tea").context
    assert context is not None and "tea" not in context and context["cups"] == "3"


SCRIPT = [
    "I want to order tea",
    "thanks",
    "opening times",
    "green",
    "lots",
    "4",
    "hm",
    "no",
    "black",
    "1",
    "yes",
]


def test_the_same_turns_get_the_same_replies() -> None:
    first, second = talk(), talk()
    for text in SCRIPT:
        assert say(first, text) == say(second, text)


def test_interleaved_sessions_share_nothing() -> None:
    alone = talk()
    expected = [say(alone, text) for text in SCRIPT]
    bots = [talk() for _ in range(3)]
    replies: list[list[object]] = [[], [], []]
    for turn in range(len(SCRIPT) + 2):  # each is one turn behind the one before
        for at, bot in enumerate(bots):
            if 0 <= turn - at < len(SCRIPT):
                replies[at].append(say(bot, SCRIPT[turn - at]))
    assert replies == [expected] * 3


@pytest.mark.parametrize("text", ["", "   ", "?", "\x00", "🙂", "x" * 100_000, "1 " * 50_000])
def test_odd_turns_fall_back(text: str) -> None:
    assert say(talk(), text).outputs[0].metadata.category == "Fallback"
