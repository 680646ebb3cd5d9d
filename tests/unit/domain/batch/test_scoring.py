"""Batch cases: TP, TN, FP, FN; several intents, small talk, parents, traits, fulfillment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivavoce.domain.batch import scoring
from vivavoce.domain.batch.scoring import Scorer, case_in_error, outcome_of, score_case
from vivavoce.domain.batch.utterance import (
    BatchCase,
    Candidate,
    Classification,
    EntityExpectation,
    FoundEntity,
    TraitResult,
)


def outcome(intents: str, winning: str, *, smalltalk: str = "") -> str | None:
    """Names separated by commas; those in `smalltalk` are what the bot itself calls small talk."""
    expected = tuple(intents.split(",")) if intents else ()
    talk = smalltalk.split(",")
    won = tuple(
        Candidate(name, type="smalltalk" if name in talk else "") for name in winning.split(",") if name
    )
    result = score_case(0, BatchCase("hi", intents=expected), Classification(winning=won), 1.0)
    assert result.passed is (result.outcome in ("TP", "TN"))
    return result.outcome


@pytest.mark.parametrize(
    ("expected", "winning", "wanted"),
    [
        ("A", "A", "TP"),
        ("A", "B", "FP"),
        ("A", "", "FN"),
        ("", "", "TN"),
        ("", "A", "FP"),
        (" Transfer Money ", "transfer money", "TP"),
        ("STRASSE", "straße", "TP"),
        ("A,B,C", "C", "TP"),
        ("A,B,C", "D", "FP"),
        ("A,B", "", "FN"),
        ("A,B,C", "A,B", "TP"),
        ("A", "A,B", "FP"),
        ("A,B", "A,C", "FP"),
        ("A", "A,a", "TP"),
        ("None", "", "TN"),
        ("none", "A", "FP"),
        ("None", "None", "TN"),
        ("A", "None", "FN"),
        ("A,None", "", "TN"),
        ("A,None", "A", "TP"),
        ("A,None", "B", "FP"),
    ],
)
def test_outcomes(expected: str, winning: str, wanted: str) -> None:
    assert outcome(expected, winning) == wanted


@pytest.mark.parametrize(
    ("expected", "winning", "smalltalk", "wanted"),
    [
        ("~positiveackwords", "~positiveackwords", "", "TP"),
        ("thank~you", "Thank~You", "", "TP"),
        ("~a,~b", "~b,~a", "", "TP"),
        ("~a,~b", "~a", "", "FP"),  # the lists differ
        ("~a", "~a,~b", "", "FP"),
        ("~a", "~b", "", "FP"),
        ("~a", "", "", "FN"),
        ("~a", "B", "", "FP"),
        ("", "~a", "", "FP"),
        ("A", "~a", "", "FP"),
        ("A,~a", "~a", "", "TP"),  # accepted by design, beside a dialog
        ("A,~a", "A", "", "TP"),
        ("hello", "hello", "hello", "TP"),
        ("hello", "bye", "bye", "FP"),
        ("hello", "hello,bye", "hello,bye", "FP"),
        ("A", "hello", "hello", "FP"),
    ],
)
def test_small_talk(expected: str, winning: str, smalltalk: str, wanted: str) -> None:
    assert outcome(expected, winning, smalltalk=smalltalk) == wanted


def test_small_talk_that_the_bot_considered_belongs_to_the_list() -> None:
    hello, bye = Candidate("hello", type="smalltalk"), Candidate("bye", type="smalltalk")
    case = BatchCase("hi", intents=("hello", "bye"))
    both = Classification(winning=(hello,), candidates=(hello, bye))
    assert score_case(0, case, both, 1.0).outcome == "FP"
    one = Classification(winning=(hello,), candidates=(hello,))
    assert score_case(0, case, one, 1.0).outcome == "TP"


@pytest.mark.parametrize(
    ("parents", "reported", "wanted"),
    [
        (("Cards",), "cards ", "TP"),
        (("Cards",), "Loans", "FP"),
        (("Cards",), "", "TP"),
        ((), "Cards", "TP"),
        (("Banking", "Cards"), "Cards", "TP"),
        (("Banking", "Cards"), "Banking||Cards", "TP"),
        (("Banking", "Cards"), "Banking>>Cards", "TP"),
        (("Banking", "Cards"), "Shop||Cards", "FP"),
        (("Banking", "Cards"), "Banking", "FP"),
        (("",), "Cards", "TP"),
    ],
)
def test_a_reported_parent_intent_must_be_the_expected_one(
    parents: tuple[str, ...], reported: str, wanted: str
) -> None:
    case = BatchCase("block it", intents=("Block",), parent_intents=parents)
    classification = Classification(winning=(Candidate("Block"),), parent_intent=reported)
    assert score_case(0, case, classification, 1.0).outcome == wanted


@pytest.mark.parametrize(
    ("expected", "found", "wanted", "matched"),
    [
        (("Happy",), ("happy ",), "TP", (True,)),
        (("Happy",), ("Happy", "Loud"), "TP", (True,)),  # extra ones are fine
        (("Happy", "Loud"), ("Happy",), "FN", (True, False)),
        (("Happy",), (), "FN", (False,)),
        (("Happy",), ("Sad",), "FN", (False,)),
    ],
)
def test_a_case_of_traits_alone_is_judged_by_traits_alone(
    expected: tuple[str, ...], found: tuple[str, ...], wanted: str, matched: tuple[bool, ...]
) -> None:
    classification = Classification(winning=(Candidate("anything"),), traits=found)
    result = score_case(0, BatchCase("hi", traits=expected), classification, 1.0)
    assert result.outcome == wanted
    assert result.traits == tuple(map(TraitResult, expected, matched))
    assert result.passed is (wanted == "TP")


def test_traits_beside_an_intent_leave_the_outcome_but_not_the_verdict() -> None:
    case = BatchCase("hi", intents=("A",), traits=("Happy",))
    result = score_case(0, case, Classification(winning=(Candidate("A"),)), 1.0)
    assert result.outcome == "TP"
    assert not result.passed
    both = Classification(winning=(Candidate("A"),), traits=("Happy",))
    assert score_case(0, case, both, 1.0).passed


@pytest.mark.parametrize(
    ("fulfillment", "winning", "wanted"),
    [
        ("multi", "A,B", "TP"),
        ("Multi Intent", "B,A", "FP"),
        ("multi", "A", "FP"),
        ("multi", "", "FN"),
        ("ambiguous", "B,A", "TP"),
        ("ambiguous", "A", "FP"),
        ("single", "A", "TP"),
    ],
)
def test_fulfillment_asks_for_all_intents(fulfillment: str, winning: str, wanted: str) -> None:
    case = BatchCase("hi", intents=("A", "B"), fulfillment_type=fulfillment)
    won = tuple(Candidate(name) for name in winning.split(",") if name)
    assert score_case(0, case, Classification(winning=won), 1.0).outcome == wanted


def test_a_case_passes_only_with_all_its_entities() -> None:
    case = BatchCase(
        "to Paris on Monday",
        intents=("Fly",),
        entities=(EntityExpectation("city", ("Paris",)), EntityExpectation("day", ("Monday",))),
    )
    won = (Candidate("Fly"),)
    found = (FoundEntity("day", "Monday"), FoundEntity("city", "Paris"))
    right = score_case(4, case, Classification(winning=won, entities=found), 3.0)
    assert right.passed
    assert [entity.matched for entity in right.entities] == [True, True]
    assert right.actual_order == ("day", "city")  # as found: shown, not judged
    assert (right.index, right.duration_ms, right.error) == (4, 3.0, "")
    lacking = score_case(4, case, Classification(winning=won, entities=found[:1]), 3.0)
    assert lacking.outcome == "TP"
    assert not lacking.passed
    wrong_intent = score_case(4, case, Classification(winning=(Candidate("Go"),), entities=found), 3.0)
    assert not wrong_intent.passed


def test_warnings_about_expressions_reach_the_result() -> None:
    case = BatchCase("x", entities=(EntityExpectation("city", ("(",)),))
    result = score_case(0, case, Classification(entities=(FoundEntity("city", "Paris"),)), 1.0)
    assert len(result.warnings) == 1


def test_a_case_in_error_has_no_outcome() -> None:
    case = BatchCase("x", intents=("A",), entities=(EntityExpectation("city", ("Paris",)),))
    result = case_in_error(2, case, "no answer", 5.0)
    assert result.outcome is None
    assert result.classification is None
    assert not result.passed
    assert (result.index, result.error, result.duration_ms, result.entities) == (2, "no answer", 5.0, ())


def warnings_of(scorer: Scorer, *cases: BatchCase, found: Classification) -> list[tuple[str, ...]]:
    return [scorer.score(index, case, found, 1.0).warnings for index, case in enumerate(cases)]


def test_a_run_warns_once_of_bots_that_are_not_told() -> None:
    case = BatchCase("x", ("A",), bot_names=("Bank",), line=7)
    found = Classification(winning=(Candidate("A"),))
    other = Classification(winning=(Candidate("B"),))
    scorer = Scorer()
    assert warnings_of(scorer, case, found=other) == [()], "nothing passes on it"
    first, second = warnings_of(scorer, case, case, found=found)
    assert first[0].startswith("line 7: the case names the bot") and "`bot_name`" in first[0]
    assert second == ()


def test_a_run_warns_once_that_categories_do_not_count_and_keeps_cases_without_them() -> None:
    case = BatchCase("x", ("A", "B"), fulfillment_type="multi", line=3)
    found = Classification(winning=(Candidate("A"),))
    scorer = Scorer("regression")
    result = scorer.score(0, case, found, 1.0)
    assert (result.outcome, result.case.fulfillment_type) == ("TP", "")
    assert result.warnings[0].startswith("line 3: the case has a fulfillment category")
    assert scorer.score(1, case, found, 1.0).warnings == ()
    judged = Scorer("dgpt").score(0, case, found, 1.0)
    assert (judged.outcome, judged.case, judged.warnings) == ("FP", case, ())


def test_a_run_warns_once_of_an_expression_with_its_line_or_the_cases_number() -> None:
    found = Classification(entities=(FoundEntity("city", "Paris"),))
    expected = (EntityExpectation("city", ("(",)),)
    scorer = Scorer()
    lines = [BatchCase("x", entities=expected, line=line) for line in (0, 12)]
    first, second = warnings_of(scorer, *lines, found=found)
    assert first[0].startswith('case 1: "(" is no expression') and second == ()
    (again,) = warnings_of(Scorer(), lines[1], found=found)
    assert again[0].startswith("line 12: ")


NAMES = st.sampled_from(["A", "a ", "B", "None", "", "~hi", "~bye", "hello"])
CANDIDATES = st.lists(st.builds(Candidate, NAMES, type=st.sampled_from(["", "dialog", "faq"])), max_size=2)


@given(st.lists(NAMES, max_size=3), CANDIDATES)
def test_the_quick_way_comes_to_what_the_rules_come_to(intents: list[str], won: list[Candidate]) -> None:
    case, found = BatchCase("x", tuple(intents)), Classification(winning=tuple(won), candidates=tuple(won))
    quick = outcome_of(case, found)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scoring, "_of_one", lambda intents, winner: None)
        assert outcome_of(case, found) == quick


def test_of_very_many_candidates_the_best_and_the_expected_are_kept() -> None:
    told = tuple(Candidate(f"intent {at}", 1 - at / 10_000) for at in range(10_000))
    case = BatchCase("hello", ("Intent 9000",))
    result = score_case(0, case, Classification(winning=told[:1], candidates=told), 0)
    assert result.classification is not None
    kept = result.classification.candidates
    assert kept == (*told[: len(kept) - 1], told[9000]) and len(kept) <= 30
    assert result.outcome == "FP"
