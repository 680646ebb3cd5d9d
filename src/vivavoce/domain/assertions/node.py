"""`node`: who said it in the bot's flow."""

from vivavoce.domain.assertions.base import Assertion, Outcome, Seen
from vivavoce.domain.assertions.facts import node_of, unread
from vivavoce.domain.assertions.wording import either, every, quote


class Node(Assertion, frozen=True, kw_only=True, tag="node"):
    """An output was said by one of these nodes; a standard response's category stands for its node."""

    ids: tuple[str, ...]

    def problems(self) -> list[str]:
        if not self.ids:
            return ["the list is empty: nothing would match"]
        return ["a node without an id says nothing"] if "" in self.ids else []

    def look(self, seen: Seen) -> Outcome:
        standard = any(output.metadata.is_standard_response for output in seen.outputs)
        if "node" not in seen.facts and not (standard and "category" in seen.facts):
            return unread("node")
        nodes = dict.fromkeys(node for output in seen.outputs if (node := node_of(output)))
        wanted = f"the node {either([quote(node) for node in self.ids] or ['?'])}"
        actual = f"it was {every([quote(node) for node in nodes])}" if nodes else "there was none"
        return Outcome(any(node in nodes for node in self.ids), wanted, actual)
