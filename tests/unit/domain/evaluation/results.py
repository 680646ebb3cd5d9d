"""Judged cases, built in a line."""

from typing import Any

from vivavoce.domain.batch.scoring import score_case
from vivavoce.domain.batch.utterance import BatchCase, Candidate, CaseResult, Classification

NONE = "none"


def judged(
    expected: str | tuple[str, ...],
    *winning: str | Candidate,
    index: int = 0,
    candidates: tuple[Candidate, ...] = (),
    **case: Any,
) -> CaseResult:
    """A case that expects these intents (`none`: no intent), with what won."""
    intents = (expected,) if isinstance(expected, str) else expected
    won = tuple(Candidate(name) if isinstance(name, str) else name for name in winning if name != NONE)
    asked = BatchCase(f"utterance {index}", intents=intents, **case)
    return score_case(index, asked, Classification(winning=won, candidates=candidates), 1.0)
