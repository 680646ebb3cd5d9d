"""Changes recorded replies the way bots go wrong, and finds which changes a suite's assertions would miss."""

from vivavoce.domain.mutating.base import Mutant, Surroundings
from vivavoce.domain.mutating.strength import (
    MUTATIONS,
    JudgedCase,
    StepStrength,
    Terms,
    mutants,
    score,
    step_strength,
    suite_strength,
)

__all__ = [
    "MUTATIONS",
    "JudgedCase",
    "Mutant",
    "StepStrength",
    "Surroundings",
    "Terms",
    "mutants",
    "score",
    "step_strength",
    "suite_strength",
]
