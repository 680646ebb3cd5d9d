"""What two runs come to side by side, as values. Every count is exact; examples are capped."""

from typing import Literal

import msgspec

from vivavoce.domain.comparing.chance import SIGNIFICANCE, difference, least_net, mcnemar
from vivavoce.domain.evaluation.intervals import Interval
from vivavoce.domain.evaluation.values import LabelMetrics
from vivavoce.domain.run import Run, RunKind, Tally
from vivavoce.domain.verdict import Verdict

EXAMPLES = 200  # cases kept of each sort; the counts beside them are of all
MOVED = 3  # confused pairs named with an intent that changed


class ComparedCase(msgspec.Struct, frozen=True, omit_defaults=True):
    """An utterance or a conversation in both runs, or in one of them."""

    name: str  # the utterance, or the case's name
    before: Verdict | None  # None: not in the earlier run
    after: Verdict | None  # None: not in the later one
    id: str = ""
    line: int = 0  # of the later run's file (the earlier's, where it disappeared), 0 where unknown
    expected: tuple[str, ...] = ()  # intents, as the later run's case says
    expected_before: tuple[str, ...] = ()
    matched_before: tuple[str, ...] = ()
    matched_after: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()  # why it does not pass in the later run


class Cases(msgspec.Struct, frozen=True):
    """Cases of one sort: how many, and the first of them (at most EXAMPLES)."""

    count: int = 0
    examples: tuple[ComparedCase, ...] = ()


class Drift(msgspec.Struct, frozen=True):
    """A confused pair in both runs, over the pairs of cases. `""` stands for "no intent"."""

    expected: str
    matched: str
    before: int
    after: int

    @property
    def kind(self) -> Literal["new", "grown", "shrunk", "gone"]:
        if not self.before:
            return "new"
        if not self.after:
            return "gone"
        return "grown" if self.after > self.before else "shrunk"


class IntentChange(msgspec.Struct, frozen=True, kw_only=True):
    """An intent in both runs, over the pairs of cases. `""` stands for "no intent"."""

    name: str
    before: LabelMetrics
    after: LabelMetrics
    newly_failing: int  # of the cases that expect it
    newly_passing: int
    p_value: float  # McNemar's exact test over the cases that expect it
    adjusted: float | None  # after Holm, over all intents that could be told at all; None: this one cannot
    moved: tuple[Drift, ...] = ()  # the confused pairs that changed most; at most MOVED

    @property
    def f1_change(self) -> float | None:
        return None if self.before.f1 is None or self.after.f1 is None else self.after.f1 - self.before.f1


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Two runs, paired by case. Pairs of the same case that were judged in both make every figure.

    What was in error or not executed on either side is `unjudged`, and what is not the same case any more
    (other words under one id, or another expectation) is `changed`: of these the bot is not the only cause.
    """

    before: Run
    after: Run
    cases_before: int
    cases_after: int
    newly_failing: Cases
    newly_passing: Cases
    still_failing: Cases
    still_passing: int
    changed: Cases
    unjudged: Cases
    hidden: int  # of the unjudged: an error may hide that they newly fail
    appeared: Cases
    disappeared: Cases
    tally_before: Tally | None = None  # batch: over the pairs, as the wire counts (testing-api.md 4.4)
    tally_after: Tally | None = None
    intents: tuple[IntentChange, ...] = ()  # those of which anything changed, worst first
    drift: tuple[Drift, ...] = ()  # confused pairs whose count changed, grown most first

    @property
    def is_batch(self) -> bool:
        return self.after.kind is RunKind.BATCH

    @property
    def pairs(self) -> int:
        """Cases that count: the same in both runs, and judged in both."""
        return (
            self.newly_failing.count
            + self.newly_passing.count
            + self.still_failing.count
            + self.still_passing
        )

    @property
    def common(self) -> int:
        """Cases that are in both runs, whether they count or not."""
        return self.pairs + self.changed.count + self.unjudged.count

    @property
    def share_in_common(self) -> float | None:
        """0 to 1, of the smaller run: a part of a suite has all of its cases in common with the whole."""
        smaller = min(self.cases_before, self.cases_after)
        return min(1.0, self.common / smaller) if smaller else None

    @property
    def pass_rate_before(self) -> float | None:
        passed = self.newly_failing.count + self.still_passing
        return passed / self.pairs if self.pairs else None

    @property
    def pass_rate_after(self) -> float | None:
        passed = self.newly_passing.count + self.still_passing
        return passed / self.pairs if self.pairs else None

    @property
    def p_value(self) -> float | None:
        """McNemar's exact test; None where nothing could be compared."""
        return mcnemar(self.newly_failing.count, self.newly_passing.count) if self.pairs else None

    @property
    def change(self) -> float | None:
        """By how much the share of passing cases rose, -1 to 1."""
        net = self.newly_passing.count - self.newly_failing.count
        return net / self.pairs if self.pairs else None

    @property
    def change_interval(self) -> Interval | None:
        """Agresti and Min's 95 % interval of `change`."""
        return difference(self.newly_failing.count, self.newly_passing.count, self.pairs)

    def least_change(self, significance: float = SIGNIFICANCE) -> float | None:
        """The smallest `change` that these pairs could have shown, so many having changed; None: none."""
        net = least_net(self.newly_failing.count + self.newly_passing.count, significance)
        return net / self.pairs if net <= self.pairs else None
