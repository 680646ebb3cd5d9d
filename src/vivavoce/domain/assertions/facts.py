"""Facts of a reply that a connector may be unable to read: an assertion on one of them is undecided then."""

from typing import Final

from vivavoce.domain.assertions.base import Outcome, Seen
from vivavoce.domain.output import Fact, Output

_NAMES: Final[dict[Fact, tuple[str, str]]] = {  # in words, and the key of the bot file that makes it readable
    "intent": ("the intent of a reply", "intent"),
    "node": ("the node of a reply", "node"),
    "category": ("the category of a reply", "category"),
    "transitions": ("the transitions of a reply", "transitions"),
    "prompt": ("the prompt type of a reply", "prompt"),
    "context": ("the session's context", "context"),
    "entities": ("the entities of a reply", "entities"),
    "tools": ("the tool calls of a reply", "tool_calls"),
    "usage": ("the usage of a reply", "input_tokens"),
}


def unread(fact: Fact, key: str = "") -> Outcome:
    """The outcome of an assertion on a fact that the connector cannot read.

    `key`: of the bot file's `reply` section, where the fact has several.
    """
    name, usual = _NAMES[fact]
    return Outcome(
        None, actual=f"the connector cannot read {name}: give `{key or usual}` a path in the bot file"
    )


NO_CONTEXT: Final = (
    "the reply holds no context object: correct the path of `context` in the bot file,"
    " or let the bot say {} where nothing is set"
)
"""Of a connector that reads contexts: nobody knows what is set. A wrong path would else pass what must be
absent, always."""


def node_of(output: Output) -> str:
    """The node that said it; of a standard response its category. Empty: unknown."""
    metadata = output.metadata
    return metadata.category if metadata.is_standard_response else metadata.node_id


def whole(seen: Seen) -> bool:
    """Whether all outputs of the reply are looked at, not one of several."""
    return len(seen.outputs) == len(seen.reply.outputs)
