"""What a change of a reply is, what it may be made of, and how one is chosen."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from vivavoce.domain.output import Output, Reply
from vivavoce.domain.verdict import StepResult

T = TypeVar("T")


class Mutant(msgspec.Struct, frozen=True):
    """A reply as the bot might have given it, had it been wrong in one way."""

    kind: str  # number, sentence, negation, node, context, button, swapped, order, dropped
    reply: Reply
    change: str  # for people: `"50 USD" became "80 USD"`
    output: int | None = None  # 0-based, where one output was changed


@dataclass(frozen=True)
class Surroundings:
    """What stood around a step in its run; replies are replaced by what came elsewhere."""

    context_before: dict[str, Any] | None = None  # the session's variables before the step; None = unknown
    replies: tuple[Reply, ...] = ()  # of other steps, those of the same case first
    nodes: tuple[str, ...] = ()  # ids of nodes seen anywhere in the run
    restless: frozenset[tuple[str, ...]] = frozenset()  # paths of variables that every step changes


@dataclass(frozen=True)
class Chance:
    """Choices that look random and are always the same for a seed."""

    seed: int
    step: int  # index of the step in its run

    def number(self, below: int, *about: object) -> int:
        """From 0 to `below` - 1."""
        key = repr((self.seed, self.step, *about)).encode()
        return int.from_bytes(hashlib.blake2b(key, digest_size=8).digest(), "big") % below

    def some(self, values: Sequence[T], most: int, *about: object) -> list[T]:
        """At most so many of the values, in their order."""
        ranked = sorted(range(len(values)), key=lambda at: self.number(1 << 32, at, *about))
        return [values[at] for at in sorted(ranked[:most])]


Mutation = Callable[[StepResult, Reply, Surroundings, Chance], Iterable[Mutant]]
"""All changes of one kind; the reply is the step's."""


def with_output(reply: Reply, position: int, output: Output) -> Reply:
    """The reply with another output at a position."""
    outputs = (*reply.outputs[:position], output, *reply.outputs[position + 1 :])
    return msgspec.structs.replace(reply, outputs=outputs)


def with_text(reply: Reply, position: int, text: str) -> Reply:
    """The reply with another text at a position."""
    return with_output(reply, position, msgspec.structs.replace(reply.outputs[position], text=text))


def numbered(reply: Reply) -> Iterator[tuple[int, Output]]:
    return enumerate(reply.outputs)
