"""Intervals of rates against statsmodels, the binomial tail against scipy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom
from statsmodels.stats.proportion import proportion_confint

from vivavoce.domain.evaluation.intervals import (
    Z_95,
    cases_needed,
    chance_of_at_least,
    f1_interval,
    wilson,
)


@given(st.integers(1, 10**6), st.data())
def test_wilsons_interval_equals_statsmodels(of: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, of))
    interval = wilson(hits, of)
    assert interval is not None
    assert interval == pytest.approx(proportion_confint(hits, of, alpha=0.05, method="wilson"), abs=1e-12)
    assert 0 <= interval.low <= hits / of <= interval.high <= 1


@given(st.integers(0, 10**6), st.data())
def test_the_chance_of_so_many_equals_scipys(of: int, data: st.DataObject) -> None:
    hits = data.draw(st.one_of(st.integers(0, min(of, 60)), st.integers(0, of)))
    rate = data.draw(st.sampled_from((0.05, 0.5)))
    expected = float(binom.sf(hits - 1, of, rate))
    assert chance_of_at_least(hits, of, rate) == pytest.approx(expected, rel=1e-6, abs=1e-12)


def test_of_nothing_nothing_is_known() -> None:
    assert wilson(0, 0) is None
    assert f1_interval(0, 0, 0) is None


@pytest.mark.parametrize(("hits", "of"), [(0, 10), (10, 10)])
def test_the_ends_hold_where_all_or_nothing_was_right(hits: int, of: int) -> None:
    interval = wilson(hits, of)
    assert interval is not None
    assert (interval.low == 0, interval.high == 1) == (hits == 0, hits == of)
    assert 0.25 < interval.high - interval.low < 0.3


@given(st.integers(0, 500), st.integers(0, 100), st.integers(0, 100))
def test_the_interval_of_f1_holds_f1(tp: int, fp: int, fn: int) -> None:
    interval = f1_interval(tp, fp, fn)
    if interval is None:
        assert tp + fp + fn == 0
    else:
        assert 0 <= interval.low <= 2 * tp / (2 * tp + fp + fn) <= interval.high <= 1


def half_width(rate: float, of: int) -> float:
    """Wilson's, of a rate that need not be a share of so many."""
    spread = Z_95 * Z_95 / of
    return float(Z_95 * (rate * (1 - rate) / of + spread / (4 * of)) ** 0.5 / (1 + spread))


@given(st.floats(0, 1), st.floats(0.01, 0.4))
def test_the_cases_needed_are_just_enough(rate: float, aim: float) -> None:
    needed = cases_needed(rate, aim)
    assert half_width(rate, needed) <= aim * (1 + 1e-9)
    assert needed == 1 or half_width(rate, needed - 1) > aim * (1 - 1e-9)


def test_the_worst_case_takes_most() -> None:
    assert cases_needed(0.5, 0.05) == 381
    assert max(cases_needed(rate / 100, 0.05) for rate in range(101)) == 381
