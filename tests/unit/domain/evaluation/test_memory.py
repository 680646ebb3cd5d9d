"""What an evaluator keeps depends on the intents, not on the results."""

import gc
import sys
from collections.abc import Iterator

from vivavoce.domain.batch.scoring import score_case
from vivavoce.domain.batch.utterance import (
    BatchCase,
    Candidate,
    CaseResult,
    Classification,
    EntityExpectation,
    FoundEntity,
)
from vivavoce.domain.evaluation.evaluating import Evaluator

INTENTS = 12


def results(count: int) -> Iterator[CaseResult]:
    for at in range(count):
        expected, matched = f"intent {at % INTENTS}", f"intent {at // INTENTS % INTENTS}"
        score = (at * 7919 % 10_007) / 10_007
        best = Candidate(matched, score, "dialog")
        asked = BatchCase(
            f"utterance {at}",
            intents=(expected,) if at % 5 else (),
            traits=("T",) if at % 7 == 0 else (),
            entities=(EntityExpectation("E", (str(at),)),) if at % 3 == 0 else (),
        )
        found = Classification(
            winning=(best,) if score > 0.3 else (),
            candidates=(best,),
            traits=("T", "U"),
            entities=(FoundEntity("E", str(at)),),
        )
        yield score_case(at, asked, found, 1.0)


def reachable(root: object) -> tuple[int, int]:
    """Objects that an evaluator holds, and their bytes."""
    seen: dict[int, object] = {}
    pending = [root]
    while pending:
        one = pending.pop()
        if id(one) in seen or isinstance(one, type) or callable(one):
            continue
        seen[id(one)] = one
        pending += gc.get_referents(one)
    return len(seen), sum(map(sys.getsizeof, seen.values()))


def test_it_does_not_grow_with_the_results() -> None:
    evaluator, sizes = Evaluator(), []
    for at, result in enumerate(results(24_000), 1):
        evaluator.add(result)
        if at in (8_000, 24_000):
            sizes.append(reachable(evaluator))
    (objects, size), (later_objects, later_size) = sizes
    assert objects > 500, "the walk does not reach what is kept"
    # Numbers above 256 are objects of their own: the counts and sums are, whatever they hold.
    assert later_objects <= objects * 1.15
    assert later_size <= size * 1.15
