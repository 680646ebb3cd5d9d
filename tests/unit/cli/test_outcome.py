"""Exit code and printed word come from one rule."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from vivavoce.cli.outcome import Exit, Thresholds, outcome, worst
from vivavoce.domain.bot import Bot
from vivavoce.domain.metrics import run_verdict
from vivavoce.domain.run import Counts, Repeated, Run, RunKind, RunStatus, Selection, Shard, Tally


def ended(counts: Counts, *, tally: Tally | None = None, status: RunStatus | None = None) -> Run:
    return Run(
        id="r",
        kind=RunKind.BATCH if tally else RunKind.CONVERSATION,
        bot=Bot(id="st-1", name="b", connector={}),
        suite_id="s",
        suite_name="s",
        revision=1,
        version="published",
        language="en",
        total=counts.total,
        created_on=datetime(2026, 1, 1, tzinfo=UTC),
        counts=counts,
        tally=tally,
        status=status or run_verdict(counts),
    )


NINE_OF_TEN = Counts(passed=9, failed=1)
PERFECT = Tally(tp=10)
HALF = Tally(tp=5, fp=5)


@pytest.mark.parametrize(
    ("run", "thresholds", "code", "word"),
    [
        (ended(Counts(passed=3)), Thresholds(), Exit.PASSED, "passed"),
        (ended(NINE_OF_TEN), Thresholds(), Exit.FAILED, "failed"),
        (ended(Counts(passed=3, error=1)), Thresholds(), Exit.ERROR, "error"),
        (ended(Counts(passed=3, not_executed=1)), Thresholds(), Exit.ERROR, "error"),
        (ended(Counts(passed=1, failed=1, error=1)), Thresholds(), Exit.FAILED, "failed"),
        (ended(Counts(passed=3, error=1)), Thresholds(max_errors=1), Exit.PASSED, "passed"),
        # what an error left unplayed is not counted once more
        (ended(Counts(passed=3, error=1, not_executed=5)), Thresholds(max_errors=1), Exit.PASSED, "passed"),
        (ended(NINE_OF_TEN), Thresholds(min_pass_rate=0.9), Exit.PASSED, "passed"),
        (ended(NINE_OF_TEN), Thresholds(min_pass_rate=0.95), Exit.FAILED, "failed"),
        # a threshold never hides errors, and is only about its own kind of suite
        (ended(Counts(passed=9, error=1)), Thresholds(min_pass_rate=0.5), Exit.ERROR, "error"),
        (ended(NINE_OF_TEN), Thresholds(min_f1=0.1), Exit.FAILED, "failed"),
        (ended(Counts(error=2)), Thresholds(min_pass_rate=0.5), Exit.ERROR, "error"),
        (ended(Counts(error=2)), Thresholds(min_pass_rate=0.5, max_errors=5), Exit.ERROR, "error"),
        (ended(Counts(passed=10), tally=PERFECT), Thresholds(min_f1=1), Exit.PASSED, "passed"),
        (ended(Counts(passed=5, failed=5), tally=HALF), Thresholds(min_f1=0.6), Exit.PASSED, "passed"),
        (ended(Counts(passed=5, failed=5), tally=HALF), Thresholds(min_f1=0.7), Exit.FAILED, "failed"),
        (ended(Counts(passed=2), tally=Tally(tn=2)), Thresholds(min_f1=0.5), Exit.ERROR, "error"),
        (ended(Counts(passed=1), status=RunStatus.CANCELLED), Thresholds(), Exit.ERROR, "cancelled"),
        (ended(Counts(passed=1), status=RunStatus.UNUSABLE), Thresholds(), Exit.ERROR, "unusable"),
        (ended(NINE_OF_TEN, status=RunStatus.BROKEN), Thresholds(), Exit.FAILED, "failed"),
    ],
)
def test_code_and_word_agree(run: Run, thresholds: Thresholds, code: Exit, word: str) -> None:
    found = outcome(run, thresholds)
    assert found.code is code
    assert found.words.split()[0] == word


def repeated(cases: Counts, steps: Counts, status: RunStatus | None = None) -> Run:
    """A run of several repeats, whose status its cases decide."""
    return replace(ended(steps, status=status or run_verdict(cases)), repeats=3, repeated=Repeated(cases))


FLAKY_BUT_FINE = repeated(Counts(passed=4), Counts(passed=10, failed=2, error=3))


@pytest.mark.parametrize(
    ("run", "thresholds", "code", "word"),
    [
        (FLAKY_BUT_FINE, Thresholds(), Exit.PASSED, "passed"),
        (
            repeated(Counts(passed=3, failed=1), Counts(passed=11, failed=1)),
            Thresholds(),
            Exit.FAILED,
            "failed",
        ),
        (repeated(Counts(passed=3, error=1), Counts(passed=11, error=1)), Thresholds(), Exit.ERROR, "error"),
        (
            repeated(Counts(passed=3, error=1), Counts(passed=11, error=1)),
            Thresholds(max_errors=1),
            Exit.PASSED,
            "passed",
        ),
        # a pass rate is about steps, and takes the rule's place
        (FLAKY_BUT_FINE, Thresholds(min_pass_rate=0.9, max_errors=3), Exit.FAILED, "failed"),
        (FLAKY_BUT_FINE, Thresholds(min_pass_rate=0.8), Exit.ERROR, "error"),
        (
            repeated(Counts(passed=1, not_executed=2), Counts(passed=2, failed=1), RunStatus.CANCELLED),
            Thresholds(),
            Exit.ERROR,
            "cancelled",
        ),
        (
            repeated(Counts(failed=1, not_executed=2), Counts(failed=1), RunStatus.CANCELLED),
            Thresholds(),
            Exit.FAILED,
            "failed",
        ),
    ],
)
def test_repeats_are_judged_by_their_rule(run: Run, thresholds: Thresholds, code: Exit, word: str) -> None:
    found = outcome(run, thresholds)
    assert (found.code, found.words.split()[0]) == (code, word)


def test_no_threshold_bears_what_ended_a_run_early() -> None:
    in_error = replace(
        ended(Counts(passed=9, error=1, not_executed=10)), fail_fast=True, error_details="ended at x"
    )
    found = outcome(in_error, Thresholds(min_pass_rate=0.1, max_errors=50))
    assert (found.code, found.words) == (Exit.ERROR, "error (ended at x)")
    failed = replace(ended(NINE_OF_TEN), fail_fast=True, error_details="ended at x")
    assert outcome(failed, Thresholds(min_pass_rate=0.1)).code is Exit.FAILED
    assert outcome(replace(failed, error_details=""), Thresholds(min_pass_rate=0.1)).code is Exit.PASSED


def test_an_empty_shard_passes_whatever_is_wanted() -> None:
    empty = replace(ended(Counts()), selection=Selection(shard=Shard(5, 8)))
    found = outcome(empty, Thresholds(min_pass_rate=0.9))
    assert found.code is Exit.PASSED and "5/8" in found.words


def test_the_reason_of_an_early_end_is_told_once() -> None:
    cancelled = ended(Counts(passed=1), status=RunStatus.CANCELLED)
    assert outcome(replace(cancelled, error_details="cancelled"), Thresholds()).words == "cancelled"
    down = replace(ended(Counts(), status=RunStatus.UNUSABLE), error_details="the bot gave no answer")
    assert outcome(down, Thresholds()).words == "unusable (the bot gave no answer)"


def test_a_failure_wins_over_an_error_and_an_error_over_a_pass() -> None:
    assert worst([Exit.PASSED, Exit.ERROR, Exit.FAILED]) is Exit.FAILED
    assert worst([Exit.PASSED, Exit.ERROR]) is Exit.ERROR
    assert worst([]) is Exit.PASSED
