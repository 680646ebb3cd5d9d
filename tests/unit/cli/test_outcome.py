"""Exit code and printed word come from one rule."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from vivavoce.cli.outcome import Exit, Thresholds, outcome, worst
from vivavoce.domain.bot import Bot
from vivavoce.domain.metrics import run_verdict
from vivavoce.domain.run import Counts, Run, RunKind, RunStatus, Tally


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


def test_the_reason_of_an_early_end_is_told_once() -> None:
    cancelled = ended(Counts(passed=1), status=RunStatus.CANCELLED)
    assert outcome(replace(cancelled, error_details="cancelled"), Thresholds()).words == "cancelled"
    down = replace(ended(Counts(), status=RunStatus.UNUSABLE), error_details="the bot gave no answer")
    assert outcome(down, Thresholds()).words == "unusable (the bot gave no answer)"


def test_a_failure_wins_over_an_error_and_an_error_over_a_pass() -> None:
    assert worst([Exit.PASSED, Exit.ERROR, Exit.FAILED]) is Exit.FAILED
    assert worst([Exit.PASSED, Exit.ERROR]) is Exit.ERROR
    assert worst([]) is Exit.PASSED
