"""What a finished run means for the line that is printed and for the exit code: one rule for both."""

from dataclasses import dataclass
from enum import IntEnum

from vivavoce.domain.metrics import f1
from vivavoce.domain.run import Counts, Run, RunKind, RunStatus


class Exit(IntEnum):
    """Exit codes of `run`, worst last where several files are played."""

    PASSED = 0
    FAILED = 1
    WRONG_INPUT = 2
    ERROR = 3


@dataclass(frozen=True)
class Thresholds:
    """What replaces the rule that all must pass, each for its kind of suite; None: the rule stands."""

    min_pass_rate: float | None = None  # 0 to 1, conversation suites
    min_f1: float | None = None  # 0 to 1, batch suites
    max_errors: int = 0


@dataclass(frozen=True)
class Outcome:
    code: Exit
    words: str  # e.g. `failed` or `passed (pass rate 0.95, at least 0.90)`


def outcome(run: Run, thresholds: Thresholds) -> Outcome:
    """How a finished run counts. A threshold never hides errors."""
    if run.status is RunStatus.PASSED and run.total == 0 and (shard := run.selection.shard):
        return Outcome(Exit.PASSED, f"passed (shard {shard.index}/{shard.of} has no case: nothing to play)")
    if run.fail_fast and run.error_details and run.status in (RunStatus.FAILED, RunStatus.ERROR):
        # No threshold is about a run whose rest was not played because of what it should bear.
        code = Exit.FAILED if run.status is RunStatus.FAILED else Exit.ERROR
        return Outcome(code, f"{run.status.value} ({run.error_details})")
    counts = _counted(run, thresholds)
    code, words = _judged(run, counts, thresholds)
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


def _judged(run: Run, counts: Counts, thresholds: Thresholds) -> tuple[Exit, str]:
    if run.kind is RunKind.BATCH and thresholds.min_f1 is not None:
        score = f1(run.tally) if run.tally else None
        return _against("F1", score, thresholds.min_f1)
    if run.kind is RunKind.CONVERSATION and thresholds.min_pass_rate is not None:
        rate = counts.passed / counts.judged if counts.judged else None
        return _against("pass rate", rate, thresholds.min_pass_rate)
    return (Exit.FAILED, "failed") if counts.failed else (Exit.PASSED, "passed")


def _against(name: str, value: float | None, least: float) -> tuple[Exit, str]:
    if value is None:
        return Exit.ERROR, f"error ({name} undefined)"
    if value < least:
        return Exit.FAILED, f"failed ({name} {value:.4f}, at least {least:.4f} wanted)"
    return Exit.PASSED, f"passed ({name} {value:.4f}, at least {least:.4f} wanted)"


def worst(codes: "list[Exit]") -> Exit:
    """Of several files: a failure wins over an error, an error over a pass."""
    for code in (Exit.FAILED, Exit.ERROR):
        if code in codes:
            return code
    return Exit.PASSED
