"""What is played at a time, and how it goes into the store."""

from typing import NamedTuple

import msgspec

from vivavoce.domain.suite import TestCase
from vivavoce.domain.utterance import BatchCase, CaseResult
from vivavoce.domain.verdict import StepResult


class Unit(msgspec.Struct, frozen=True):
    """What is played at a time: a conversation, or a chunk of utterances.

    `index` counts units from 0; `first` is the index of its first step or case over the whole suite.
    """

    index: int
    first: int
    cases: "tuple[TestCase] | tuple[BatchCase, ...]"

    @property
    def size(self) -> int:
        """Steps, or batch cases."""
        return sum(len(case.steps) if isinstance(case, TestCase) else 1 for case in self.cases)


class FinishedUnit(msgspec.Struct, frozen=True):
    """A played unit on its way into the store."""

    index: int
    results: "tuple[StepResult, ...] | tuple[CaseResult, ...]"
    repeat: int = 0


class Place(NamedTuple):
    """Where a unit stands in the order of a run: all units once, then all of them again."""

    repeat: int
    unit: int


BEFORE_ALL = Place(0, -1)
