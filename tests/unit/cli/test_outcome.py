"""Exit code and printed word come from one rule."""

from datetime import UTC, datetime
from itertools import product

import pytest
from msgspec.structs import replace

from vivavoce.cli.outcome import Exit, Thresholds, outcome, worst
from vivavoce.domain.bot import Bot
from vivavoce.domain.comparing.values import Cases, ComparedCase, Comparison
from vivavoce.domain.metrics import run_verdict
from vivavoce.domain.run import Counts, Repeated, Run, RunKind, RunStatus, Selection, Shard, Tally
from vivavoce.domain.verdict import Verdict


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


# --- against a baseline -------------------------------------------------------------------------------------


def against(*, failing: int = 0, passing: int = 0, same: int = 50, hidden: int = 0) -> Comparison:
    """The newer of two runs, with so many cases of each sort."""
    some = tuple(ComparedCase(str(n), Verdict.PASSED, Verdict.FAILED) for n in range(min(failing, 3)))
    run = ended(Counts(passed=same + passing, failed=failing, error=hidden), tally=PERFECT)
    none = Cases()
    return Comparison(
        before=run,
        after=run,
        cases_before=failing + passing + same + hidden,
        cases_after=failing + passing + same + hidden,
        newly_failing=Cases(failing, some),
        newly_passing=Cases(passing),
        still_failing=none,
        still_passing=same,
        changed=none,
        unjudged=Cases(hidden),
        hidden=hidden,
        appeared=none,
        disappeared=none,
    )


ALL_PASS = ended(Counts(passed=10), tally=PERFECT)
HALF_FAIL = ended(Counts(passed=5, failed=5), tally=HALF)  # F1 2/3
TALKS = ended(NINE_OF_TEN)
IN_ERROR = ended(Counts(passed=9, error=1), tally=PERFECT)
NO_F1 = ended(Counts(passed=2), tally=Tally(tn=2))
STOPPED = ended(Counts(passed=5), tally=PERFECT, status=RunStatus.CANCELLED)
EVEN, WORSE, BETTER = against(), against(failing=6), against(failing=1, passing=9)
UNTOLD, FEW = against(hidden=1), against(failing=1, same=3)


@pytest.mark.parametrize(
    ("run", "comparison", "thresholds", "code", "words"),
    [
        # the baseline takes the place of the rule that all must pass, for both kinds
        (HALF_FAIL, EVEN, Thresholds(), Exit.PASSED, "passed (against the baseline: no case newly fails)"),
        (TALKS, EVEN, Thresholds(), Exit.PASSED, "passed (against the baseline: no case newly fails)"),
        (
            HALF_FAIL,
            WORSE,
            Thresholds(),
            Exit.FAILED,
            "failed (against the baseline: 6 cases newly fail, none may)",
        ),
        (TALKS, WORSE, Thresholds(max_regressions=5), Exit.FAILED, "6 cases newly fail, at most 5 may)"),
        (TALKS, WORSE, Thresholds(max_regressions=6), Exit.PASSED, "6 cases newly fail, at most 6 may)"),
        (ALL_PASS, BETTER, Thresholds(), Exit.FAILED, "1 case newly fails, none may)"),
        # significance: only worse on the whole, and beyond chance
        (ALL_PASS, BETTER, Thresholds(significance=0.05), Exit.PASSED, "no more than by chance at 0.05)"),
        (ALL_PASS, WORSE, Thresholds(significance=0.05), Exit.FAILED, "failed (against"),
        (ALL_PASS, WORSE, Thresholds(significance=0.01), Exit.PASSED, "no more than by chance at 0.01)"),
        (ALL_PASS, WORSE, Thresholds(significance=0.05, max_regressions=6), Exit.PASSED, "at most 6 may)"),
        (ALL_PASS, FEW, Thresholds(), Exit.FAILED, "none may)"),
        (ALL_PASS, FEW, Thresholds(significance=0.05), Exit.ERROR, "4 cases can be compared"),
        # with F1, both must be met
        (
            ALL_PASS,
            EVEN,
            Thresholds(min_f1=0.9),
            Exit.PASSED,
            "passed (F1 1.0000, at least 0.9000 wanted; against the baseline: no case newly fails)",
        ),
        (
            HALF_FAIL,
            EVEN,
            Thresholds(min_f1=0.9),
            Exit.FAILED,
            "failed (F1 0.6667, at least 0.9000 wanted; aga",
        ),
        (
            ALL_PASS,
            WORSE,
            Thresholds(min_f1=0.9),
            Exit.FAILED,
            "failed (F1 1.0000, at least 0.9000 wanted; aga",
        ),
        (HALF_FAIL, WORSE, Thresholds(min_f1=0.9), Exit.FAILED, "failed (F1 0.6667"),
        (NO_F1, EVEN, Thresholds(min_f1=0.9), Exit.ERROR, "error (F1 undefined; against"),
        (NO_F1, WORSE, Thresholds(min_f1=0.9), Exit.FAILED, "failed (F1 undefined; against"),
        # with a pass rate, of conversations alone
        (TALKS, EVEN, Thresholds(min_pass_rate=0.9), Exit.PASSED, "passed (pass rate 0.9000"),
        (TALKS, EVEN, Thresholds(min_pass_rate=0.95), Exit.FAILED, "failed (pass rate 0.9000"),
        (TALKS, WORSE, Thresholds(min_pass_rate=0.9), Exit.FAILED, "failed (pass rate 0.9000"),
        (HALF_FAIL, EVEN, Thresholds(min_pass_rate=0.9), Exit.PASSED, "passed (against the baseline"),
        (TALKS, EVEN, Thresholds(min_f1=0.99), Exit.PASSED, "passed (against the baseline"),
        # errors are never hidden: those of the run, and those of the baseline that may hide a failing case
        (IN_ERROR, EVEN, Thresholds(), Exit.ERROR, "error (1 in error)"),
        (IN_ERROR, EVEN, Thresholds(max_errors=1), Exit.PASSED, "passed (against"),
        (IN_ERROR, WORSE, Thresholds(), Exit.FAILED, "failed (against"),
        (
            ALL_PASS,
            UNTOLD,
            Thresholds(),
            Exit.ERROR,
            "error (against the baseline: 1 case in error or not exe",
        ),
        (ALL_PASS, UNTOLD, Thresholds(max_errors=1), Exit.PASSED, "passed (against"),
        (HALF_FAIL, UNTOLD, Thresholds(min_f1=0.9), Exit.FAILED, "failed (F1 0.6667"),
        (ALL_PASS, against(same=0), Thresholds(max_errors=9), Exit.ERROR, "one of the runs has no case"),
        # a run that was broken off has not passed, whatever was found in what it played
        (STOPPED, EVEN, Thresholds(), Exit.ERROR, "cancelled"),
        (STOPPED, WORSE, Thresholds(), Exit.FAILED, "failed (against"),
    ],
)
def test_a_baseline_replaces_the_rule_and_hides_no_error(
    run: Run, comparison: Comparison, thresholds: Thresholds, code: Exit, words: str
) -> None:
    found = outcome(run, thresholds, comparison)
    assert found.code is code
    assert words in found.words
    # the printed word and the code say the same
    word = found.words.split()[0]
    assert (
        word in {Exit.PASSED: ("passed",), Exit.FAILED: ("failed",), Exit.ERROR: ("error", "cancelled")}[code]
    )


def test_every_combination_is_as_bad_as_its_worst_part() -> None:
    """Against all of F1, pass rate, baseline and errors at once."""
    for run, comparison, least, regressions, significance, errors in product(
        (ALL_PASS, HALF_FAIL, TALKS, IN_ERROR, NO_F1),
        (None, EVEN, WORSE, BETTER, UNTOLD, FEW),
        (None, 0.5, 0.99),
        (0, 3, 10),
        (None, 0.05, 0.001),
        (0, 2),
    ):
        asked = Thresholds(least, least, errors, regressions, significance)
        found = outcome(run, asked, comparison).code
        if least is None and comparison is None:
            assert found is outcome(run, Thresholds(max_errors=errors)).code
            continue
        parts = []
        if least is not None:
            parts.append(outcome(run, Thresholds(least, least, errors)).code)
        if comparison is not None:
            parts.append(
                outcome(run, Thresholds(None, None, errors, regressions, significance), comparison).code
            )
        assert found is worst(parts)
