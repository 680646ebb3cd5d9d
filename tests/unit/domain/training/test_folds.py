"""Folds of a cross-validation."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.domain.errors import InputError
from vivavoce.domain.training.folds import Folds, deal
from vivavoce.domain.training.values import label, stratum

INTENTS = st.sampled_from(["pay", "Pay", "card", "hours", "None", ""])


@st.composite
def sets(draw: st.DrawFn) -> list[BatchCase]:
    """Training sets with at least five testable utterances."""
    names = draw(st.lists(INTENTS, min_size=0, max_size=60)) + ["pay"] * 5
    return [BatchCase(f"utterance {at}", (name,) if name else ()) for at, name in enumerate(names)]


@st.composite
def grouped(draw: st.DrawFn) -> tuple[list[BatchCase], list[int]]:
    cases = draw(sets())
    return cases, draw(st.lists(st.integers(0, 8), min_size=len(cases), max_size=len(cases)))


def by_intent(cases: list[BatchCase]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for index, case in enumerate(cases):
        found.setdefault(stratum(case), []).append(index)
    return found


@given(grouped(), st.integers(2, 5))
def test_each_utterance_is_tested_once_or_alone_in_its_intent(
    given_: tuple[list[BatchCase], list[int]], count: int
) -> None:
    cases, groups = given_
    for folds in (deal(cases, count), deal(cases, count, groups=groups)):
        dealt = [index for part in folds.parts for index in part]
        assert sorted([*dealt, *folds.always]) == list(range(len(cases)))
        assert all(folds.parts)
        alone = {own[0] for own in by_intent(cases).values() if len(own) == 1}
        assert set(folds.always) == alone
        for at, part in enumerate(folds.parts):
            assert sorted([*folds.learned(at), *part]) == list(range(len(cases)))


@given(sets(), st.integers(2, 5))
def test_an_intents_utterances_are_spread_evenly(cases: list[BatchCase], count: int) -> None:
    folds = deal(cases, count)
    for intent, own in by_intent(cases).items():
        if len(own) > 1:
            parts = [sum(stratum(cases[index]) == intent for index in part) for part in folds.parts]
            parts += [0] * (count - len(parts))
            assert max(parts) - min(parts) <= 1
    sizes = [len(part) for part in folds.parts]
    assert max(sizes) - min(sizes) <= 1


@given(grouped(), st.integers(2, 5))
def test_every_tested_intent_is_learned_meanwhile(
    given_: tuple[list[BatchCase], list[int]], count: int
) -> None:
    cases, groups = given_
    folds = deal(cases, count, groups=groups)
    for at, part in enumerate(folds.parts):
        learned = {stratum(cases[index]) for index in folds.learned(at)}
        assert {stratum(cases[index]) for index in part} <= learned


@given(grouped(), st.integers(2, 5))
def test_groups_stay_together_unless_they_are_a_whole_intent(
    given_: tuple[list[BatchCase], list[int]], count: int
) -> None:
    cases, groups = given_
    folds = deal(cases, count, groups=groups)
    part_of = {index: at for at, part in enumerate(folds.parts) for index in part}
    for own in by_intent(cases).values():
        numbers = {groups[index] for index in own}
        if len(numbers) > 1:
            for number in numbers:
                assert len({part_of[index] for index in own if groups[index] == number}) == 1


@given(sets(), st.integers(0, 3))
def test_the_same_seed_gives_the_same_folds(cases: list[BatchCase], seed: int) -> None:
    assert deal(cases, 3, seed=seed) == deal(list(cases), 3, seed=seed)


def test_another_seed_gives_other_folds() -> None:
    cases = [BatchCase(f"utterance {at}", ("pay",)) for at in range(40)]
    assert len({deal(cases, 5, seed=seed) for seed in range(5)}) == 5


def test_the_order_of_the_file_does_not_show() -> None:
    """Utterances that were written one after the other are much alike; they are not dealt out in turn."""
    cases = [BatchCase(f"utterance {at}", ("pay",)) for at in range(100)]
    for part in deal(cases, 5).parts:
        assert Counter(index % 5 for index in part).most_common(1)[0][1] < 20


def test_intents_with_fewer_utterances_than_folds_are_named() -> None:
    names = ["pay"] * 6 + ["card"] * 3 + ["Hours"]
    folds = deal([BatchCase(f"utterance {at}", (name,)) for at, name in enumerate(names)], 5)
    assert folds.few == ("card", "Hours")
    assert folds.always == (9,)
    assert sum(any(6 <= index < 9 for index in part) for part in folds.parts) == 3


def test_large_groups_may_leave_fewer_folds() -> None:
    cases = [BatchCase(f"utterance {at}", ("pay",)) for at in range(6)]
    assert deal(cases, 5, groups=[0, 0, 0, 0, 1, 1]) == Folds(((0, 1, 2, 3), (4, 5)))


def test_cases_about_traits_alone_are_dealt_out_by_their_traits() -> None:
    cases = [BatchCase(f"utterance {at}", traits=("urgent" if at % 2 else "angry",)) for at in range(8)]
    for part in deal(cases, 4).parts:
        assert {cases[index].traits for index in part} == {("urgent",), ("angry",)}
    assert label(cases[0]) == ""


@pytest.mark.parametrize("names", [["pay", "pay"], ["a", "b", "c", "d", "e"], []])
def test_too_little_is_refused(names: list[str]) -> None:
    cases = [BatchCase(f"utterance {at}", (name,)) for at, name in enumerate(names)]
    with pytest.raises(InputError, match="5 folds need at least 5 utterances"):
        deal(cases, 5)


def test_one_fold_is_refused() -> None:
    with pytest.raises(InputError, match="2 folds or more"):
        deal([], 1)
