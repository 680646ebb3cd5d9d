"""McNemar's test, Holm's correction and the interval of a difference, against libraries and by counting."""

import math
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from statsmodels.stats.contingency_tables import mcnemar as reference
from statsmodels.stats.multitest import multipletests

from vivavoce.domain.comparing.chance import difference, holm, least_changed, least_net, mcnemar


@given(st.integers(0, 3_000), st.integers(0, 3_000))
@settings(max_examples=200)
def test_it_is_mcnemars_exact_test(worse: int, better: int) -> None:
    expected = reference([[7, worse], [better, 9]], exact=True).pvalue if worse + better else 1.0
    assert mcnemar(worse, better) == pytest.approx(expected, rel=1e-9)


@given(st.integers(1, 1_000_000), st.floats(-8, 8))
@settings(max_examples=50)
def test_it_is_the_binomial_test_up_to_a_million_changed_cases(changed: int, deviations: float) -> None:
    better = min(changed, max(0, round(changed / 2 + deviations * math.sqrt(changed) / 2)))
    expected = binomtest(better, changed).pvalue
    assert mcnemar(changed - better, better) == pytest.approx(expected, rel=1e-7)


def test_both_sums_meet_where_one_takes_over() -> None:
    whole, logarithms = mcnemar(450, 550), mcnemar(450, 551)
    assert whole == pytest.approx(binomtest(450, 1_000).pvalue, rel=1e-12)
    assert logarithms == pytest.approx(binomtest(450, 1_001).pvalue, rel=1e-10)


@pytest.mark.parametrize(
    ("worse", "better", "chance"),
    [
        (0, 0, 1.0),
        (5, 5, 1.0),
        (1, 0, 1.0),
        (5, 0, 0.0625),
        (6, 0, 0.03125),
        (0, 6, 0.03125),
        (0, 100_000, 0.0),
    ],
)
def test_by_hand(worse: int, better: int, chance: float) -> None:
    assert mcnemar(worse, better) == chance


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
@settings(max_examples=20)  # at each call the library has all garbage collected
def test_holm(chances: list[float]) -> None:
    assert holm(chances) == pytest.approx(multipletests(chances, method="holm")[1])


def test_holm_of_nothing() -> None:
    assert holm([]) == []


def test_how_many_must_change() -> None:
    assert [least_changed(level) for level in (0.5, 0.05, 0.01, 0.001)] == [3, 6, 8, 11]


@given(st.integers(0, 2_000), st.sampled_from([0.05, 0.01, 0.001]))
def test_the_least_net_change_is_beyond_chance_and_no_smaller_one_is(changed: int, level: float) -> None:
    net = least_net(changed, level)
    changed = max(changed, least_changed(level))
    few = (changed - net) // 2
    assert mcnemar(few, changed - few) < level
    assert few == changed // 2 or mcnemar(few + 1, changed - few - 1) >= level


def test_the_interval_of_an_example_by_hand() -> None:
    """Approval of a prime minister, asked twice (Agresti, Categorical Data Analysis, table 10.1): 150 of
    1,600 turn away, 86 turn to him. Wald's interval is -0.0587 to -0.0213; half a case in each cell moves it
    little."""
    interval = difference(150, 86, 1_600)
    assert interval is not None
    assert interval == pytest.approx((-0.0588, -0.0211), abs=2e-4)


def test_the_interval_knows_that_no_change_is_no_proof() -> None:
    interval = difference(0, 0, 10)
    assert interval is not None
    assert interval.low < 0 < interval.high
    assert interval.low == pytest.approx(-interval.high)
    assert difference(0, 0, 0) is None


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_the_interval_turns_with_the_runs(worse: int, better: int, same: int) -> None:
    interval, turned = (
        difference(worse, better, worse + better + same),
        difference(better, worse, worse + better + same),
    )
    if interval is None or turned is None:
        assert worse + better + same == 0
        return
    assert -1 <= interval.low <= interval.high <= 1
    assert interval == pytest.approx((-turned.high, -turned.low))


@pytest.mark.parametrize(("lost", "won"), [(0.05, 0.05), (0.1, 0.3), (0.02, 0.08), (0.4, 0.1)])
def test_the_interval_holds_the_truth_as_often_as_it_says(lost: float, won: float) -> None:
    """Over every outcome of 30 pairs, weighed by how likely it is."""
    of, covered = 30, 0.0
    for worse, better in product(range(of + 1), repeat=2):
        rest = of - worse - better
        if rest < 0:
            continue
        ways = math.comb(of, worse) * math.comb(of - worse, better)
        interval = difference(worse, better, of)
        assert interval is not None
        if interval.low <= won - lost <= interval.high:
            covered += ways * lost**worse * won**better * (1 - lost - won) ** rest
    assert covered >= 0.93
