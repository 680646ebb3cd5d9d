"""The contract, on the embedded assistant. It always answers and never fails, so it has no directed part."""

import pytest
from tests.contract.connectors.contract import ConnectorContract

from vivavoce.assistant.connector import AssistantConnector
from vivavoce.assistant.reader import read_definition
from vivavoce.domain.output import FoundEntity
from vivavoce.engine.ports.bots import Connector

DEFINITION = """\
name: Tea shop
on_connect: Welcome to the tea shop.
entities: {cups: {type: number}}
intents:
  greeting: {name: greeting, utterances: [hello, good morning, hello you there]}
  order: {name: order, utterances: [I want to order tea, order some tea please, can I buy tea]}
  menu: {name: menu, utterances: [show me the menu, which teas do you have, the menu please]}
  leave: {name: leave, utterances: [bye now, I must go, goodbye then]}
dialogs:
  greeting: {intent: greeting, nodes: {answer: {type: message, text: Good day.}}}
  order:
    intent: order
    start: gladly
    nodes:
      gladly: {type: message, text: Gladly., next: served}
      served: {type: message, text: Here you are.}
  menu:
    intent: menu
    nodes:
      teas:
        type: message
        text: {type: template, payload: {template_type: list, text: Our teas, elements: [{title: Sencha}]}}
  leave: {intent: leave, nodes: {answer: {type: message, text: Goodbye., ends_session: true}}}
smalltalk:
  thank~you: {patterns: [thanks], replies: [You are welcome., Any time.]}
"""


class TestAssistant(ConnectorContract):
    facts = frozenset({"intent", "node", "transitions", "prompt", "context", "entities"})
    hello = ("hello", "Good day.")
    again = ("thanks", ("You are welcome.", "Any time.", "You are welcome."))
    several = ("I want to order tea", ("Gladly.", "Here you are."))
    trigger = ("Start_Flow", "Welcome to the tea shop.")
    template = "show me the menu"
    ending = "bye now"
    intent = ("hello", "greeting")
    entities = ("order some tea please, two cups", (FoundEntity("cups", 2),))

    @pytest.fixture
    async def connector(self) -> Connector:
        return AssistantConnector(read_definition(DEFINITION, "contract.yaml").published)
