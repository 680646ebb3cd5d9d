"""What is played at a time, and how it goes into the store."""

from typing import NamedTuple

import msgspec

from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.domain.evaluation.evaluating import Evaluator
from vivavoce.domain.metrics import counts_of
from vivavoce.domain.run import Counts, Tally
from vivavoce.domain.suite import TestCase
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


class RawChunk(msgspec.Struct, frozen=True):
    """A chunk of utterances as it is kept, to be decoded elsewhere by formats.payloads.decode_cases."""

    index: int
    first: int
    size: int
    payload: bytes


class JudgedChunk(msgspec.Struct, frozen=True):
    """The results of a chunk of utterances as they are kept, with what they add up to; see engine.chunks."""

    first: int  # index of the first result, over the whole suite
    last: int
    counts: Counts
    tally: Tally
    packed: bytes  # formats.payloads.unpack_results


class Extract(msgspec.Struct, frozen=True):
    """Of a chunk's results what the end of its run needs: see engine.extracts."""

    lines: bytes  # of the CSV report
    evaluator: Evaluator  # that took them


class JudgedUnit(msgspec.Struct, frozen=True):
    """A chunk of utterances as it was judged."""

    chunk: JudgedChunk
    extract: Extract


class FinishedUnit(msgspec.Struct, frozen=True):
    """A played unit on its way into the store."""

    index: int
    results: "tuple[StepResult, ...] | JudgedChunk"
    repeat: int = 0

    @property
    def first(self) -> int:
        """The index of its first result."""
        return self.results.first if isinstance(self.results, JudgedChunk) else self.results[0].index

    @property
    def counts(self) -> Counts:
        """Its results by verdict."""
        return self.results.counts if isinstance(self.results, JudgedChunk) else counts_of(self.results)


class Place(NamedTuple):
    """Where a unit stands in the order of a run: all units once, then all of them again."""

    repeat: int
    unit: int


BEFORE_ALL = Place(0, -1)
