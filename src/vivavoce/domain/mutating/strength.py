"""How strong a suite is: the share of wrong replies that its assertions would notice."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import msgspec

from vivavoce.domain.judging import Circumstances, judge_step
from vivavoce.domain.mutating.base import Chance, Mutant, Mutation, Surroundings
from vivavoce.domain.mutating.buttons import missing_buttons
from vivavoce.domain.mutating.context import restless, stale_values
from vivavoce.domain.mutating.freedom import is_intended
from vivavoce.domain.mutating.negation import negations
from vivavoce.domain.mutating.nodes import wrong_nodes
from vivavoce.domain.mutating.numbers import numbers
from vivavoce.domain.mutating.replies import dropped, swapped, wrong_order
from vivavoce.domain.mutating.sentences import sentences
from vivavoce.domain.output import Fact
from vivavoce.domain.verdict import StepResult, Verdict
from vivavoce.domain.weighing import weigh

OTHERS = 20  # replies of other cases that one may be swapped with

MUTATIONS: dict[str, Mutation] = {
    "number": numbers,
    "sentence": sentences,
    "negation": negations,
    "node": wrong_nodes,
    "context": stale_values,
    "button": missing_buttons,
    "swapped": swapped,
    "order": wrong_order,
    "dropped": dropped,
}


class StepStrength(msgspec.Struct, frozen=True):
    """What became of the changes of one step's reply."""

    index: int
    case: str
    said: str  # by the user
    noticed: int
    survivors: tuple[Mutant, ...]  # changes that no assertion notices
    unit: int = 0

    @property
    def tried(self) -> int:
        return self.noticed + len(self.survivors)


def score(steps: Iterable[StepStrength]) -> float | None:
    """Noticed of tried changes, 0 to 1; None where nothing could be changed."""
    noticed = tried = 0
    for step in steps:
        noticed += step.noticed
        tried += step.tried
    return noticed / tried if tried else None


def mutants(result: StepResult, around: Surroundings, seed: int) -> list[Mutant]:
    """All changes of a step's reply, the same for the same seed. Those that the step's author declared to
    be right, and those that change nothing, are left out."""
    reply = result.reply
    if reply is None:
        return []
    chance = Chance(seed, result.index)
    found = [one for mutation in MUTATIONS.values() for one in mutation(result, reply, around, chance)]
    return [one for one in found if not is_intended(result.step, reply, one)]


@dataclass(frozen=True)
class JudgedCase:
    """A conversation's results, and what its case must reach."""

    results: Sequence[StepResult]
    threshold: float | None = None


@dataclass(frozen=True)
class Terms:
    """What a reply is judged by, besides its step."""

    facts: frozenset[Fact]
    today: date


def step_strength(
    case: JudgedCase, position: int, around: Surroundings, terms: Terms, *, seed: int
) -> StepStrength:
    """Judge every change of a passed step's reply with the step's assertions.

    A change is noticed when the step fails, and its case for it, where it has a threshold. Assertions that
    would have to ask a model are not asked, and notice nothing.
    """
    result = case.results[position]
    noticed, survivors = 0, list[Mutant]()
    for mutant in mutants(result, around, seed):
        if _is_noticed(case, position, mutant, terms):
            noticed += 1
        else:
            survivors.append(mutant)
    said = result.step.input or result.step.trigger or ""
    return StepStrength(result.index, result.case, said, noticed, tuple(survivors), result.unit)


def suite_strength(cases: Sequence[JudgedCase], terms: Terms, *, seed: int) -> list[StepStrength]:
    """The strength of every step that passed, in order; also of those of which only a model could tell."""
    replies = [result.reply for case in cases for result in case.results if result.reply is not None]
    nodes = dict.fromkeys(
        output.metadata.node_id for reply in replies for output in reply.outputs if output.metadata.node_id
    )
    elsewhere = Chance(seed, -1).some(replies, OTHERS, "replies")
    moving = restless(pair for case in cases for pair in _contexts(case))
    found: list[StepStrength] = []
    for case in cases:
        context: dict[str, Any] | None = None  # what a session opens with is not kept
        for position, result in enumerate(case.results):
            own = [one.reply for at, one in enumerate(case.results) if at != position and one.reply]
            around = Surroundings(context, tuple(own or elsewhere), tuple(nodes), moving)
            if _holds(result):
                found.append(step_strength(case, position, around, terms, seed=seed))
            context = result.reply.context if result.reply is not None else None
    return found


def _holds(result: StepResult) -> bool:
    undecided = result.verdict is Verdict.ERROR and result.reply is not None
    return result.verdict is Verdict.PASSED or undecided


def _contexts(case: JudgedCase) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """The session's variables before and after each step where both are known."""
    for before, after in pairwise(result.reply for result in case.results):
        if before and after and before.context is not None and after.context is not None:
            yield before.context, after.context


def _is_noticed(case: JudgedCase, position: int, mutant: Mutant, terms: Terms) -> bool:
    result = case.results[position]
    judged = judge_step(
        result.index,
        result.case,
        result.step,
        mutant.reply,
        terms.facts,
        result.duration_ms,
        Circumstances(today=terms.today),
    )
    if judged.verdict is not Verdict.FAILED:
        return False
    if case.threshold is None:
        return True
    weighed = weigh(case.threshold, [*case.results[:position], judged, *case.results[position + 1 :]])
    return weighed[position].verdict is Verdict.FAILED
