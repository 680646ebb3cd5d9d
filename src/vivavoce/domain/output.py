"""What a bot says: outputs, and the reply that holds all outputs to one step."""

from typing import Any, Literal

import msgspec

Fact = Literal["intent", "node", "category", "transitions", "prompt", "context", "entities", "tools", "usage"]
"""Something a connector can declare itself able to read off a reply (testing-api.md 8.7).

`category` is the node of standard responses; who reads `node` need not declare it.
"""


class Metadata(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where in the bot's flow an output was said (testing-api.md 3.3); empty = unknown."""

    node_id: str = ""
    node_name: str = ""
    component_type: str = ""
    intent_id: str = ""
    intent_type: str = ""  # dialog, faq, smalltalk
    task_id: str = ""
    dialog_name: str = ""
    transitions: tuple[Any, ...] = ()
    transition_node_names: tuple[Any, ...] = ()
    transition_node_type: tuple[Any, ...] = ()
    prompt_type: str = ""  # userPrompt | errorPrompt
    # A standard response has these three instead of the node fields.
    category: str = ""
    is_standard_response: bool = False
    user_prompts: tuple[Any, ...] = ()  # as recorded; only ever seen empty

    def __bool__(self) -> bool:
        return self != EMPTY_METADATA


EMPTY_METADATA = Metadata()


class Output(msgspec.Struct, frozen=True, omit_defaults=True):
    """One response of the bot: a text, or a template as a JSON string."""

    text: str
    metadata: Metadata = EMPTY_METADATA
    intent: str = ""  # the intent's name as matched for this output, whatever its type
    faq: str = ""
    smalltalk: str = ""
    variations: tuple[str, ...] = ()  # other texts that the bot's own definition declares for this output


class ToolCall(msgspec.Struct, frozen=True, omit_defaults=True):
    """A tool that an agent called while it worked on a reply."""

    name: str
    arguments: Any = None  # JSON, as the agent gave them


class Usage(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a reply took of a language model; None = unknown."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    cost: float | None = None  # in the currency that the bot reports


class FoundEntity(msgspec.Struct, frozen=True):
    """An entity that the bot recognised in what the user said."""

    name: str
    value: Any


class Reply(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that a bot answered to one step; no outputs = silence."""

    outputs: tuple[Output, ...] = ()
    context: dict[str, Any] | None = None  # the session's variables after the step; None = unknown
    intents: tuple[str, ...] = ()  # names of dialog intents matched in this step
    faqs: tuple[str, ...] = ()
    smalltalk: tuple[str, ...] = ()
    nlp_version: str = ""
    ended: bool = False  # the bot says that the session is over
    entities: tuple[FoundEntity, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()  # in the order of the calls
    usage: Usage | None = None
