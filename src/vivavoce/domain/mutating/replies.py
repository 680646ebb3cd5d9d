"""A swapped reply, two outputs in the wrong order, a dropped output."""

from collections.abc import Iterator

from msgspec.structs import replace

from vivavoce.domain.assertions.wording import quote
from vivavoce.domain.mutating.base import Chance, Mutant, Surroundings, numbered
from vivavoce.domain.output import Reply
from vivavoce.domain.verdict import StepResult


def swapped(result: StepResult, reply: Reply, around: Surroundings, chance: Chance) -> Iterator[Mutant]:
    """What was said in another step comes in this one; where and what the bot knew stays as it was."""
    said = _texts(reply)
    others = [one for one in around.replies if _texts(one) != said and one.outputs]
    if others and reply.outputs:
        other = others[chance.number(len(others), "swapped")]
        change = f"{_shown(reply)} became {_shown(other)}"
        yield Mutant("swapped", replace(reply, outputs=other.outputs), change)


def wrong_order(result: StepResult, reply: Reply, around: Surroundings, chance: Chance) -> Iterator[Mutant]:
    """Two neighbouring outputs change places; not where the step leaves their order free."""
    if result.step.arrangement == "anyOrder":
        return
    outputs = reply.outputs
    pairs = [at for at in range(len(outputs) - 1) if outputs[at].text != outputs[at + 1].text]
    for at in chance.some(pairs, 1, "order"):
        turned = (*outputs[:at], outputs[at + 1], outputs[at], *outputs[at + 2 :])
        change = f"{quote(outputs[at + 1].text)} came before {quote(outputs[at].text)}"
        yield Mutant("order", replace(reply, outputs=turned), change, at)


def dropped(result: StepResult, reply: Reply, around: Surroundings, chance: Chance) -> Iterator[Mutant]:
    for position, output in numbered(reply):
        left = (*reply.outputs[:position], *reply.outputs[position + 1 :])
        change = f"{quote(output.text)} was not said"
        yield Mutant("dropped", replace(reply, outputs=left), change, position)


def _texts(reply: Reply) -> tuple[str, ...]:
    return tuple(output.text for output in reply.outputs)


def _shown(reply: Reply) -> str:
    return " / ".join(quote(output.text) for output in reply.outputs)
