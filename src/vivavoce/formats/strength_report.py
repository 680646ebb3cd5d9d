"""The strength of a suite as JSON: scores of the whole, of each case and step; what was not noticed."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import msgspec

from vivavoce.domain.mutating import StepStrength, score
from vivavoce.formats.step_places import StepPlaces


def strength_report(
    suite: str, run_id: str, seed: int, steps: Sequence[StepStrength], places: StepPlaces
) -> Iterator[str]:
    """One JSON document; scores from 0 to 1, null where nothing could be changed."""
    cases = [list(group) for _, group in groupby(steps, key=lambda step: step.unit)]
    document = {
        "suite": suite,
        "run": run_id,
        "seed": seed,
        **_sums(steps),
        "cases": [
            {"case": of_case[0].case, **_sums(of_case), "steps": [_step(step, places) for step in of_case]}
            for of_case in cases
        ],
    }
    yield msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def _sums(steps: Sequence[StepStrength]) -> dict[str, Any]:
    return {
        "score": score(steps),
        "noticed": sum(step.noticed for step in steps),
        "tried": sum(step.tried for step in steps),
    }


def _step(step: StepStrength, places: StepPlaces) -> dict[str, Any]:
    place = places.of_step(step.index)
    survivors = [
        {
            "kind": one.kind,
            "output": None if one.output is None else one.output + 1,
            "change": one.change,
            "reply": [output.text for output in one.reply.outputs],
        }
        for one in step.survivors
    ]
    return {
        "step": step.index,
        "said": step.said,
        "file": place.source,
        "line": place.line,
        **_sums([step]),
        "survivors": survivors,
    }
