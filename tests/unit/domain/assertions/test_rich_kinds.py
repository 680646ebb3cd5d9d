import pytest
from tests.unit.domain.assertions.looking import holds, reason, seen

from vivavoce.domain.assertions.buttons import Buttons
from vivavoce.domain.assertions.cards import Cards
from vivavoce.domain.rich import buttons, cards

PLAIN = {"text": "Sure?", "buttons": [{"title": "Yes"}, {"title": "No"}]}

SHAPES = {
    "plain": (PLAIN, ("Yes", "No"), ()),
    "texts as buttons": ({"buttons": ["Yes", "No"]}, ("Yes", "No"), ()),
    "messenger quick replies": (
        {"text": "Sure?", "quick_replies": [{"content_type": "text", "title": "Yes", "payload": "y"}]},
        ("Yes",),
        (),
    ),
    "kore quick replies": (
        {
            "type": "template",
            "payload": {"template_type": "quick_replies", "text": "?", "quick_replies": [{"title": "Yes"}]},
        },
        ("Yes",),
        (),
    ),
    "kore buttons": (
        {
            "type": "template",
            "payload": {
                "template_type": "button",
                "text": "Pick one",
                "buttons": [{"type": "postback", "title": "Yes"}, {"type": "web_url", "title": "More"}],
            },
        },
        ("Yes", "More"),
        (),
    ),
    "kore list": (
        {
            "type": "template",
            "payload": {
                "template_type": "list",
                "text": "Our teas",
                "elements": [
                    {
                        "title": "Sencha",
                        "subtitle": "Green",
                        "default_action": {"type": "web_url", "url": "https://tea.example"},
                        "buttons": [{"title": "Buy", "type": "postback"}],
                    },
                    {"title": "Assam"},
                ],
                "buttons": [{"title": "All", "type": "postback"}],
            },
        },
        ("Buy", "All"),
        ("Sencha", "Assam"),
    ),
    "kore carousel": (
        {"payload": {"template_type": "carousel", "elements": [{"title": "A", "subtitle": "x"}]}},
        (),
        ("A",),
    ),
    "kore choices": (
        {"payload": {"template_type": "dropdown_template", "elements": [{"title": "One", "value": 1}]}},
        ("One",),
        (),
    ),
    "kore radio options": (
        {"payload": {"template_type": "radioOptionTemplate", "radioOptions": [{"title": "One", "value": 1}]}},
        ("One",),
        (),
    ),
    "kore cards": (
        {
            "payload": {
                "template_type": "cardTemplate",
                "cards": [{"cardHeading": {"title": "Gold"}, "buttons": [{"title": "Order"}]}],
            }
        },
        ("Order",),
        ("Gold",),
    ),
    "adaptive card": (
        {
            "type": "message",
            "attachments": [
                {
                    "contentType": "application/vnd.microsoft.card.adaptive",
                    "content": {
                        "type": "AdaptiveCard",
                        "body": [
                            {"type": "TextBlock", "text": "Your order"},
                            {"type": "Input.ChoiceSet", "choices": [{"title": "Red", "value": "r"}]},
                            {"type": "ActionSet", "actions": [{"type": "Action.OpenUrl", "title": "Map"}]},
                        ],
                        "actions": [{"type": "Action.Submit", "title": "Send"}],
                    },
                }
            ],
        },
        ("Red", "Map", "Send"),
        ("Your order",),
    ),
    "hero card": (
        {
            "attachments": [
                {
                    "contentType": "application/vnd.microsoft.card.hero",
                    "content": {
                        "title": "Tea",
                        "subtitle": "Hot",
                        "buttons": [{"type": "imBack", "title": "Buy", "value": "buy"}],
                    },
                }
            ]
        },
        ("Buy",),
        ("Tea",),
    ),
    "suggested actions": (
        {"text": "Sure?", "suggestedActions": {"actions": [{"type": "imBack", "title": "Yes"}]}},
        ("Yes",),
        (),
    ),
    "slack": (
        {
            "blocks": [
                {"type": "header", "text": {"type": "plain_text", "text": "Tickets"}},
                {
                    "type": "section",
                    "text": {"type": "mrkdwn", "text": "One is open."},
                    "accessory": {"type": "button", "text": {"type": "plain_text", "text": "Show"}},
                },
                {
                    "type": "actions",
                    "elements": [
                        {"type": "button", "text": {"type": "plain_text", "text": "Close"}},
                        {"type": "static_select", "options": [{"text": {"text": "Later"}, "value": "l"}]},
                    ],
                },
            ]
        },
        ("Show", "Close", "Later"),
        ("Tickets",),
    ),
    "telegram": (
        {"text": "?", "reply_markup": {"inline_keyboard": [[{"text": "Yes"}, {"text": "No"}]]}},
        ("Yes", "No"),
        (),
    ),
    "telegram keyboard": ({"text": "?", "reply_markup": {"keyboard": [["Yes"], ["No"]]}}, ("Yes", "No"), ()),
    "whatsapp": (
        {
            "interactive": {
                "type": "button",
                "body": {"text": "Sure?"},
                "action": {"buttons": [{"type": "reply", "reply": {"id": "1", "title": "Yes"}}]},
            }
        },
        ("Yes",),
        (),
    ),
    "whatsapp list": (
        {"interactive": {"action": {"sections": [{"rows": [{"id": "1", "title": "Tea"}]}]}}},
        ("Tea",),
        (),
    ),
    "dialogflow": (
        {
            "richContent": [
                [
                    {"type": "info", "title": "Tea", "subtitle": "Hot"},
                    {"type": "chips", "options": [{"text": "Yes"}]},
                ]
            ]
        },
        ("Yes",),
        ("Tea",),
    ),
    "suggestions": ({"suggestions": {"suggestions": [{"title": "Yes"}]}}, ("Yes",), ()),
    "plain card": ({"title": "Tea", "subtitle": "Hot", "buttons": [{"title": "Buy"}]}, ("Buy",), ("Tea",)),
    "a list of cards": ({"cards": [{"title": "Tea"}, {"title": "Coffee"}]}, (), ("Tea", "Coffee")),
    "neither": ({"text": "Hello", "title": "Greeting"}, (), ()),
}


@pytest.mark.parametrize("name", SHAPES)
def test_buttons_and_cards_of_the_usual_shapes(name):
    template, shown, titled = SHAPES[name]
    assert buttons([template]) == shown
    assert cards([template]) == titled


def test_no_reply_is_too_deep():
    deep = {"title": "x"}
    for _ in range(50_000):
        deep = {"payload": [deep]}
    assert buttons([deep]) == () and cards([deep]) == ()


def test_buttons_must_all_be_there_exactly_but_for_outer_blanks():
    what = seen("Hello", {"buttons": [{"title": " Yes "}, {"title": "No"}]})
    assert holds(Buttons(titles=("Yes",)), what)
    assert holds(Buttons(titles=("No ", "Yes")), what)
    assert not holds(Buttons(titles=("yes",)), what)
    assert not holds(Buttons(titles=("Yes", "Maybe")), what)
    assert not holds(Buttons(titles=("Yes",)), seen("Yes"))
    assert not holds(Buttons(titles=("Yes",)), seen())


def test_the_buttons_of_a_reply_may_stand_in_several_outputs():
    assert holds(Buttons(titles=("A", "B")), seen({"buttons": ["A"]}, {"buttons": ["B"]}))


def test_buttons_say_which_are_missing():
    assert reason(Buttons(titles=("Yes", "Maybe")), seen(PLAIN)) == (
        'expected the buttons "Yes" and "Maybe", but the reply shows the buttons "Yes" and "No";'
        ' missing: "Maybe"'
    )
    assert reason(Buttons(titles=("Yes",)), seen("Yes")) == (
        'expected the button "Yes", but the reply shows no button'
    )
    assert reason(Buttons(titles=("Yes",), negated=True), seen(PLAIN)) == (
        'did not expect the button "Yes", but the reply shows the buttons "Yes" and "No"'
    )


def test_cards_are_not_buttons():
    template = SHAPES["kore list"][0]
    assert holds(Cards(titles=("Sencha", "Assam")), seen(template))
    assert not holds(Cards(titles=("Buy",)), seen(template))
    assert not holds(Buttons(titles=("Sencha",)), seen(template))
    assert reason(Cards(titles=("Oolong",)), seen(template)) == (
        'expected the card "Oolong", but the reply shows the cards "Sencha" and "Assam"; missing: "Oolong"'
    )


@pytest.mark.parametrize("kind", [Buttons, Cards])
def test_titles_that_say_nothing(kind):
    assert kind(titles=()).problems() == ["the list is empty: every reply would match"]
    assert kind(titles=("a", " ")).problems() == ["an empty title is never shown"]
    assert kind(titles=("a",)).problems() == []
