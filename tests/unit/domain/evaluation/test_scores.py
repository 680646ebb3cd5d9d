"""Calibration and the threshold sweep, against naive recomputations that score every case again."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.domain.evaluation.results import NONE, judged

from vivavoce.domain.batch.names import is_none
from vivavoce.domain.batch.scoring import by_traits_alone, score_case
from vivavoce.domain.batch.utterance import BatchCase, Candidate, CaseResult, Classification, IntentType
from vivavoce.domain.evaluation.evaluating import evaluate
from vivavoce.domain.evaluation.values import BINS, SWEPT, SweepPoint
from vivavoce.domain.metrics import tally_of

HUNDREDTHS = st.integers(0, 100).map(
    lambda hundredths: float(f"0.{hundredths:02}") if hundredths < 100 else 1.0
)
SCORES = st.one_of(HUNDREDTHS, st.floats(0, 1))
NAMES = st.sampled_from(["a", "b", "c"])
TYPES: st.SearchStrategy[IntentType] = st.sampled_from(("", "dialog", "smalltalk"))
OWN = 0.3  # the threshold of the bot that is played


@st.composite
def results(draw: st.DrawFn) -> CaseResult:
    """A bot with one threshold; it may tell several winners, no candidates, or no score."""
    expected = tuple(draw(st.lists(st.sampled_from(["a", "b", "~hi", "None"]), max_size=2, unique=True)))
    traits = draw(st.sampled_from([(), (), ("T",)]))
    kind = draw(st.sampled_from(["", "", "multi", "ambiguous", "no intent", "single"]))
    asked = BatchCase("x", intents=expected, traits=traits, fulfillment_type=kind)
    names = draw(st.lists(st.sampled_from(["a", "b", "~hi", "None"]), max_size=3, unique=True))
    scores = sorted((draw(SCORES) for _ in names), reverse=True)
    considered = tuple(Candidate(name, score, draw(TYPES)) for name, score in zip(names, scores, strict=True))
    accepted = [each for each in considered if (each.score or 0) >= OWN and not is_none(each.name)]
    best_is_none = bool(considered) and is_none(considered[0].name)
    several = draw(st.booleans())
    winning = () if best_is_none else tuple(accepted if several else accepted[:1])
    told = considered if draw(st.booleans()) else winning
    if draw(st.integers(0, 9)) == 0:
        winning, told = tuple(Candidate(each.name) for each in winning), ()
    return score_case(0, asked, Classification(winning=winning, candidates=told), 1.0)


def played_again(result: CaseResult, threshold: float) -> CaseResult:
    """What the documented assumptions say that the bot would have answered, judged."""
    found = result.classification
    assert found is not None
    kept = tuple(each for each in found.winning if each.score is None or each.score >= threshold)
    if not found.winning and found.candidates:
        best = found.candidates[0]
        if not is_none(best.name) and best.score is not None and best.score >= threshold:
            kept = (best,)
    return score_case(0, result.case, Classification(winning=kept, candidates=found.candidates), 1.0)


def has_score(result: CaseResult) -> bool:
    """Whether the threshold matters to a case at all."""
    found = result.classification
    if found is None or by_traits_alone(result.case):
        return False
    in_question = found.winning or found.candidates[:1]
    return any(each.score is not None and not is_none(each.name) for each in in_question)


@given(st.lists(results(), min_size=1, max_size=12))
def test_a_sweep_is_what_scoring_every_case_again_gives(cases: list[CaseResult]) -> None:
    sweep = evaluate(cases).sweep
    assert bool(sweep) == any(map(has_score, cases))
    if not sweep:
        return
    assert [point.threshold for point in sweep] == [round(step * 0.01, 2) for step in range(SWEPT)]
    for point in sweep[::7] + sweep[30:31] + sweep[-1:]:
        again = tally_of(played_again(case, point.threshold) for case in cases)
        assert point == SweepPoint(point.threshold, again.tp, again.tn, again.fp, again.fn)


@given(st.lists(results(), min_size=1, max_size=12))
def test_at_the_bots_own_threshold_the_figures_are_the_runs(cases: list[CaseResult]) -> None:
    evaluation = evaluate(cases)
    if evaluation.sweep:
        point, tally = evaluation.sweep[30], evaluation.tally
        assert (point.tp, point.tn, point.fp, point.fn) == (tally.tp, tally.tn, tally.fp, tally.fn)


def test_scores_on_the_grid_count_at_their_own_threshold() -> None:
    """0.07 * 100 is more than 7, and 7 * 0.01 more than 0.07."""
    for hundredths in range(101):
        score = float(f"{hundredths / 100:.2f}")
        sweep = evaluate([judged("a", Candidate("a", score))]).sweep
        assert [point.tp for point in sweep] == [1] * (hundredths + 1) + [0] * (100 - hundredths)


def test_below_the_bots_threshold_the_best_candidate_comes_in() -> None:
    tea, none = Candidate("tea", 0.25), Candidate("None", 0.6)
    low = judged("tea", NONE, candidates=(tea,))
    out = judged("tea", NONE, candidates=(none, tea))  # what means none stays none
    mute = judged("tea", NONE)
    sweep = evaluate([low, out, mute]).sweep
    assert [(point.tp, point.fn) for point in (sweep[0], sweep[25], sweep[26])] == [(1, 2), (1, 2), (0, 3)]


def test_cases_judged_by_traits_alone_stay_as_they_were() -> None:
    asked = BatchCase("x", traits=("T",))
    found = Classification(winning=(Candidate("a", 0.5),), traits=("t",))
    sweep = evaluate([score_case(0, asked, found, 1.0), judged("a", Candidate("a", 0.5))]).sweep
    assert [point.tp for point in (sweep[0], sweep[50], sweep[51], sweep[100])] == [2, 2, 1, 1]


def test_without_scores_there_is_no_sweep() -> None:
    assert evaluate([judged("a", "a"), judged("a", Candidate("b", math.nan))]).sweep == ()


@given(st.lists(st.tuples(NAMES, NAMES, SCORES), min_size=1, max_size=60))
def test_calibration_error_is_as_defined(matches: list[tuple[str, str, float]]) -> None:
    found = evaluate([judged(expected, Candidate(name, score)) for expected, name, score in matches])
    gap = 0.0
    for at, one in enumerate(found.calibration.bins):
        last = at == BINS - 1
        held = [
            (score, expected == name)
            for expected, name, score in matches
            if one.low <= score < one.high or (last and score == 1)
        ]
        right = sum(hit for _, hit in held)
        assert (one.right, one.wrong) == (right, len(held) - right)
        if held:
            mean = math.fsum(score for score, _ in held) / len(held)
            assert one.mean_score == pytest.approx(mean, abs=1e-12)
            gap += len(held) / len(matches) * abs(right / len(held) - mean)
        else:
            assert one.mean_score is None
    assert found.calibration.scored == len(matches)
    assert found.calibration.error == pytest.approx(gap, abs=1e-12)


def test_the_bins_cover_0_to_1_without_gaps() -> None:
    bins = evaluate([]).calibration.bins
    assert [one.high for one in bins[:-1]] == [one.low for one in bins[1:]]
    assert (bins[0].low, bins[-1].high, len(bins)) == (0, 1, BINS)


def test_a_score_on_the_border_lies_in_the_upper_bin_and_the_one_just_below_in_the_lower() -> None:
    for at in range(1, BINS):
        border = at / BINS
        for score, wanted in ((border, at), (math.nextafter(border, 0), at - 1)):
            bins = evaluate([judged("a", Candidate("a", score))]).calibration.bins
            assert [one.right for one in bins].index(1) == wanted, score


@pytest.mark.parametrize("score", [None, math.nan, -0.1, 1.1, math.inf])
def test_scores_that_are_none_do_not_count(score: float | None) -> None:
    calibration = evaluate([judged("a", Candidate("a", score))]).calibration
    assert (calibration.scored, calibration.unscored, calibration.error) == (0, 1, None)
