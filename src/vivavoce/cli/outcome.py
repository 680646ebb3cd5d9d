"""What a finished run means for the line that is printed and for the exit code: one rule for both."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from vivavoce.domain.comparing.judging import Borne, Standing, judge
from vivavoce.domain.comparing.values import Comparison
from vivavoce.domain.metrics import f1, pass_rate
from vivavoce.domain.run import Counts, Run, RunKind, RunStatus


class Exit(IntEnum):
    """Exit codes of `run`, worst last where several files are played."""

    PASSED = 0
    FAILED = 1
    WRONG_INPUT = 2
    ERROR = 3


EXITS: Final = {Standing.HELD: Exit.PASSED, Standing.WORSE: Exit.FAILED, Standing.UNKNOWN: Exit.ERROR}
"""What a comparison means for the exit code."""


@dataclass(frozen=True)
class Thresholds:
    """What replaces the rule that all must pass, each for its kind of suite; None: the rule stands."""

    min_pass_rate: float | None = None  # 0 to 1, conversation suites
    min_f1: float | None = None  # 0 to 1, batch suites
    max_errors: int = 0
    max_regressions: int = 0  # cases that may newly fail, where there is a baseline
    significance: float | None = None  # of a result that is worse than the baseline

    @property
    def borne(self) -> Borne:
        """What is borne against a baseline."""
        return Borne(self.max_regressions, self.significance, self.max_errors)


@dataclass(frozen=True)
class Outcome:
    code: Exit
    words: str  # e.g. `failed` or `passed (pass rate 0.95, at least 0.90)`


def outcome(run: Run, thresholds: Thresholds, comparison: Comparison | None = None) -> Outcome:
    """How a finished run counts, compared with its baseline where there is one. A threshold never hides
    errors; of several, each must be met."""
    if run.status is RunStatus.PASSED and run.total == 0 and (shard := run.selection.shard):
        return Outcome(Exit.PASSED, f"passed (shard {shard.index}/{shard.of} has no case: nothing to play)")
    if run.fail_fast and run.error_details and run.status in (RunStatus.FAILED, RunStatus.ERROR):
        # No threshold is about a run whose rest was not played because of what it should bear.
        code = Exit.FAILED if run.status is RunStatus.FAILED else Exit.ERROR
        return Outcome(code, f"{run.status.value} ({run.error_details})")
    counts = _counted(run, thresholds)
    code, words = _judged(run, counts, thresholds, comparison)
    in_error = counts.error or counts.not_executed  # what was not executed follows from an error, if any
    if run.status in (RunStatus.CANCELLED, RunStatus.UNUSABLE, RunStatus.BROKEN):
        if code is not Exit.FAILED:
            code, words = Exit.ERROR, run.status.value
        why = run.error_details if run.error_details != words else ""
        return Outcome(code, f"{words} ({why})" if why else words)
    if code is Exit.PASSED and in_error > thresholds.max_errors:
        return Outcome(Exit.ERROR, f"error ({in_error} {'in error' if counts.error else 'not executed'})")
    return Outcome(code, words)


def _counted(run: Run, thresholds: Thresholds) -> Counts:
    """What is judged: steps or utterances; cases by their pass rule where they were repeated, unless a pass
    rate of steps takes the rule's place."""
    if run.repeated is not None and thresholds.min_pass_rate is None:
        return run.repeated.cases
    return run.counts or Counts()


def _judged(
    run: Run, counts: Counts, thresholds: Thresholds, comparison: Comparison | None
) -> tuple[Exit, str]:
    told: list[tuple[Exit, str]] = []
    if run.kind is RunKind.BATCH and thresholds.min_f1 is not None:
        score = f1(run.tally) if run.tally else None
        told.append(_against("F1", score, thresholds.min_f1))
    if run.kind is RunKind.CONVERSATION and thresholds.min_pass_rate is not None:
        told.append(_against("pass rate", pass_rate(counts), thresholds.min_pass_rate))
    if comparison is not None:
        judgement = judge(comparison, thresholds.borne)
        told.append((EXITS[judgement.standing], f"against the baseline: {judgement.reason}"))
    if not told:
        return (Exit.FAILED, "failed") if counts.failed else (Exit.PASSED, "passed")
    code = worst([code for code, _ in told])
    return code, f"{_WORDS[code]} ({'; '.join(words for _, words in told)})"


_WORDS: Final = {Exit.PASSED: "passed", Exit.FAILED: "failed", Exit.ERROR: "error"}


def _against(name: str, value: float | None, least: float) -> tuple[Exit, str]:
    if value is None:
        return Exit.ERROR, f"{name} undefined"
    code = Exit.FAILED if value < least else Exit.PASSED
    return code, f"{name} {value:.4f}, at least {least:.4f} wanted"


def worst(codes: "list[Exit]") -> Exit:
    """Of several files: a failure wins over an error, an error over a pass."""
    for code in (Exit.FAILED, Exit.ERROR):
        if code in codes:
            return code
    return Exit.PASSED
