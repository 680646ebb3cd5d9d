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
NLU_ANSWER_PATHS = (
    "intents",
    "winning",
    "entities",
    "traits",
    "parent_intent",
    "bot_name",
    "task_state",
    "elimination",
    "fulfillment",
)
"""Of `nlu`: relative to the whole answer."""

CANDIDATE_PATHS = ("intent", "score", "intent_type")
"""Of `nlu`: relative to a candidate."""

NLU_PATHS = (*NLU_ANSWER_PATHS, *CANDIDATE_PATHS, *ENTITY_PATHS)
NLU_KEYS = (*NLU_PATHS, "none", "thresholds")

THRESHOLDS = (
    "mode",
    "minThreshold",
    "maxThreshold",
    "exactMatchThreshold",
    "isActive",
    "taskMatchTolerance",
    "wordCoverage",
    "suggestionsCount",
    "pathCoverage",
)
"""NLU settings that a bot file may tell, by their names in the CSV report (testing-api.md 4.5)."""

PLACEHOLDERS = ("input", "conversation_id", "event", "language", "parent_intent", "context")
PLACEHOLDER = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
