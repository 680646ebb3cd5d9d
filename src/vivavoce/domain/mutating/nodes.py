"""A wrong node."""

from collections.abc import Iterator

from msgspec.structs import replace

from vivavoce.domain.assertions.wording import quote
from vivavoce.domain.mutating.base import Chance, Mutant, Surroundings, numbered, with_output
from vivavoce.domain.output import Reply
from vivavoce.domain.verdict import StepResult

_ELSEWHERE = "some_other_node"


def wrong_nodes(result: StepResult, reply: Reply, around: Surroundings, chance: Chance) -> Iterator[Mutant]:
    """The output is said at another node of the run; only where the bot tells its nodes."""
    for position, output in numbered(reply):
        said_at = output.metadata.node_id
        if not said_at:
            continue
        others = [node for node in around.nodes if node != said_at] or [_ELSEWHERE]
        other = others[chance.number(len(others), "node", position)]
        metadata = replace(output.metadata, node_id=other, node_name=other)
        wrong = with_output(reply, position, replace(output, metadata=metadata))
        change = f"{quote(output.text)} was said at the node {other}, not {said_at}"
        yield Mutant("node", wrong, change, position)
