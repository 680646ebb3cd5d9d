"""How figures vary over folds."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivavoce.domain.training.spread import Spread


@given(st.lists(st.floats(0, 1), min_size=2, max_size=20))
def test_mean_and_deviation_are_those_of_the_standard_library(figures: list[float]) -> None:
    spread = Spread.of(figures)
    assert spread.mean == pytest.approx(statistics.fmean(figures))
    assert spread.deviation == pytest.approx(statistics.stdev(figures), abs=1e-12)


def test_undefined_figures_are_left_out() -> None:
    assert Spread.of([None, 0.5, None]) == Spread(0.5, None)
    assert Spread.of([None]) == Spread(None, None)


def test_shown() -> None:
    assert str(Spread.of([0.5, 0.7])) == "0.600 +- 0.141"
    assert str(Spread.of([0.5])) == "0.500"
    assert str(Spread.of([])) == "undefined"
