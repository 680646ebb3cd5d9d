"""The words of a bot file: the keys of an `http` connector, and the placeholders in what it sends."""

import re

REQUEST_KEYS = ("url", "method", "headers", "body")

USAGE_PATHS = ("input_tokens", "output_tokens", "cost")

ANSWER_PATHS = ("outputs", "context", "ended", "entities", "tool_calls", *USAGE_PATHS)
"""Of `reply`: relative to the whole answer."""

ENTITY_PATHS = ("entity_name", "entity_value")
"""Of `reply`: relative to an entity."""

TOOL_PATHS = ("tool_name", "tool_arguments")
"""Of `reply`: relative to a tool call."""

OUTPUT_PATHS = (
    "text",
    "intent",
    "intent_id",
    "intent_type",
    "node",
    "node_name",
    "component_type",
    "transitions",
    "prompt",
    "category",
    "faq",
    "smalltalk",
)
"""Of `reply`: relative to an output."""

REPLY_KEYS = (*ANSWER_PATHS, *OUTPUT_PATHS, *ENTITY_PATHS, *TOOL_PATHS)
NLU_PATHS = ("intents", "intent", "score", "entities", "entity_name", "entity_value", "traits")
NLU_KEYS = (*NLU_PATHS, "none")

PLACEHOLDERS = ("input", "conversation_id", "event", "language", "parent_intent", "context")
PLACEHOLDER = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
