"""How strong a suite is, measured on the kept replies of a run."""

from collections.abc import Iterable

from vivavoce.domain.mutating import JudgedCase, StepStrength, Terms, suite_strength
from vivavoce.domain.suite import TestCase
from vivavoce.domain.validating import settled_case
from vivavoce.engine.core import Engine
from vivavoce.engine.rejudging import KeptCases, facts_of, judged_case, keyed


async def strength_of(
    engine: Engine, kept: KeptCases, cases: Iterable[TestCase], *, seed: int
) -> list[StepStrength]:
    """The strength of every step that passes on the run's replies (of its first repeat), in order; nobody
    is asked anything. A step's `index` counts all steps of the cases."""
    terms = Terms(await facts_of(engine, kept), kept.today)
    judged: list[JudgedCase] = []
    first = 0
    for unit, (key, case) in enumerate(keyed(cases)):
        repeats = await engine.call(kept.repeats, key)
        results = await judged_case(
            settled_case(case, terms.facts),
            repeats.get(0, []),
            facts=terms.facts,
            today=terms.today,
            first=first,
            unit=unit,
        )
        judged.append(JudgedCase(results, case.threshold))
        first += len(case.steps)
    return suite_strength(judged, terms, seed=seed)
