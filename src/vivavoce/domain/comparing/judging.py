"""What a comparison comes to: a plain sentence, and whether it stays within what is borne, by one rule."""

from enum import Enum
from typing import Final, Literal

import msgspec

from vivavoce.domain.comparing.chance import SIGNIFICANCE, least_changed
from vivavoce.domain.comparing.values import Comparison

LEAST_IN_COMMON: Final = 0.5  # of the smaller run's cases; below, these are two different suites
_RARE: Final = 0.001


class Borne(msgspec.Struct, frozen=True):
    """How much worse a run may be than the one before."""

    max_regressions: int = 0  # cases that may newly fail
    significance: float | None = None  # where given, a worse result only counts with a p-value below it
    max_errors: int = 0  # errors that may hide a case that newly fails


class Standing(Enum):
    """Whether a comparison stays within what is borne."""

    HELD = "held"
    WORSE = "worse"
    UNKNOWN = "unknown"


Trend = Literal["better", "worse", "same", "unknown"]


class Judgement(msgspec.Struct, frozen=True):
    """The verdict on the later run."""

    standing: Standing
    trend: Trend  # of the whole, beyond chance; `same`: no real difference
    sentence: str  # for people
    reason: str  # of the standing, in few words


def judge(comparison: Comparison, borne: Borne | None = None) -> Judgement:
    """Without `significance`, any case that newly fails beyond `max_regressions` is too many; with it, only
    where more newly fail than newly pass, and chance would do that less often. Errors never count as failing:
    where more than `max_errors` of them may hide some, nothing is told."""
    borne = borne or Borne()
    if why := _incomparable(comparison):
        return _unknown(why)
    failing, passing = comparison.newly_failing.count, comparison.newly_passing.count
    chance = comparison.p_value
    assert chance is not None  # there are pairs
    level = SIGNIFICANCE if borne.significance is None else borne.significance
    trend: Trend = "same" if chance >= level else "worse" if failing > passing else "better"
    beyond = failing > borne.max_regressions
    found = _found(comparison, trend, chance)
    head, may = _head(comparison, trend, level), f"{_most(borne)} may newly fail"
    if beyond and (borne.significance is None or trend == "worse"):
        sentence = f"{head}: {found}." if trend == "worse" else f"{head}, but {may}: {found}."
        return Judgement(Standing.WORSE, trend, sentence, f"{_newly_fail(failing)}, {_most(borne)} may")
    if beyond and failing > passing and comparison.pairs < least_changed(level):
        return _unknown(
            f"{_cases(comparison.pairs)} can be compared, and a change of fewer than {least_changed(level)} "
            f"is never beyond chance at {level:g}"
        )
    if comparison.hidden > borne.max_errors:
        return _unknown(f"{_cases(comparison.hidden)} in error or not executed may newly fail")
    borne_worse = f", but {may}" if trend == "worse" else ""
    why = f", no more than by chance at {level:g}" if beyond else f", {_most(borne)} may" if failing else ""
    return Judgement(Standing.HELD, trend, f"{head}{borne_worse}: {found}.", f"{_newly_fail(failing)}{why}")


def _incomparable(comparison: Comparison) -> str:
    """Why the two runs say nothing about each other; empty where they do."""
    share = comparison.share_in_common
    if share is None:
        return "one of the runs has no case"
    if share < LEAST_IN_COMMON:
        in_common = f"{comparison.common:,} of {min(comparison.cases_before, comparison.cases_after):,} cases"
        return f"the runs have only {in_common} in common"
    if not comparison.pairs:
        return "no case that is the same in both runs was judged in both"
    return ""


def _unknown(why: str) -> Judgement:
    return Judgement(Standing.UNKNOWN, "unknown", f"Cannot be told: {why}.", why)


def _head(comparison: Comparison, trend: Trend, level: float) -> str:
    if trend != "same":
        return trend.capitalize()
    if comparison.newly_failing.count == comparison.newly_passing.count == 0:
        return "No difference"
    if comparison.pairs < least_changed(level):
        return f"No real difference can be shown by {_cases(comparison.pairs)}"
    return "No real difference" if level == SIGNIFICANCE else f"No real difference at {level:g}"


def _found(comparison: Comparison, trend: Trend, chance: float) -> str:
    """How many cases changed, and what chance says of it."""
    failing, passing = comparison.newly_failing.count, comparison.newly_passing.count
    if failing == passing == 0:
        alike = "came out as before"
        return f"the one case {alike}" if comparison.pairs == 1 else f"all {comparison.pairs:,} cases {alike}"
    fail = f"{_bare(failing)} newly {_verb(failing, 'fail')}"
    if trend == "better":
        counts = f"{_cases(passing)} newly {_verb(passing, 'pass')} and {fail}"
    else:
        counts = f"{_newly_fail(failing)} and {_bare(passing)} newly {_verb(passing, 'pass')}"
    often = f"in {_shown(chance)} of comparisons (McNemar's exact test)"
    if trend == "same":
        return f"{counts}; chance alone would do that {often}"
    return f"{counts}; so clear a difference would come by chance {often}"


def _shown(share: float) -> str:
    """A chance as people read it: `1.3 %`, `less than 0.1 %`, `100 %`."""
    if share < _RARE:
        return f"less than {_RARE:.1%}".replace("%", " %")
    return f"{share * 100:.2g} %" if share < 0.995 else "100 %"


def _newly_fail(count: int) -> str:
    return f"{_cases(count)} newly {_verb(count, 'fail')}"


def _most(borne: Borne) -> str:
    return f"at most {borne.max_regressions:,}" if borne.max_regressions else "none"


def _cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count:,} cases" if count else "no case"


def _bare(count: int) -> str:
    return f"{count:,}" if count else "none"


def _verb(count: int, verb: str) -> str:
    """`1 fails`, `none fails`, `2 fail`."""
    if count > 1:
        return verb
    return f"{verb}es" if verb.endswith("s") else f"{verb}s"
