"""Kinds that ask for an opinion: what they ask, when they hold, and that nobody's silence is a pass."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from vivavoce.domain.assertions.base import Assertion, Finding, Seen
from vivavoce.domain.assertions.judge import MeetsCriterion
from vivavoce.domain.assertions.language import LanguageIs
from vivavoce.domain.assertions.similar import Similar
from vivavoce.domain.judging import Circumstances, judge_step, questions
from vivavoce.domain.output import Output, Reply
from vivavoce.domain.questions import (
    Answer,
    AskJudge,
    AskLanguage,
    AskSimilarity,
    Language,
    Question,
    Similarity,
    Turn,
    Unanswered,
    Vote,
    Votes,
)
from vivavoce.domain.suite import Step
from vivavoce.domain.verdict import Verdict

YES, NO, UNSURE = Vote(True, "it does"), Vote(False, "it does not"), Vote(None, "who knows")
KINDS: list[Assertion] = [
    MeetsCriterion(criterion="it is polite"),
    Similar(to="Hello!"),
    LanguageIs(codes=("en",)),
]


def seen(*texts: str, answers: dict[Question, Answer] | None = None) -> Seen:
    outputs = tuple(Output(text) for text in texts)
    return Seen(
        outputs,
        Reply(outputs),
        frozenset(),
        date.min,
        user="hi",
        transcript=(Turn("a", "b"),),
        answers=answers or {},
    )


def answered(assertion: Assertion, answer: Answer, *texts: str) -> Finding:
    """The finding on a reply whose one question is answered so."""
    reply = texts or ("Hello there",)
    (question,) = assertion.questions(seen(*reply))
    return assertion.check(seen(*reply, answers={question: answer}))


def judged(*votes: Vote, agree: float = 0.5, asked: int = 0, negated: bool = False) -> Finding:
    judge = MeetsCriterion(criterion="it is polite", votes=asked or len(votes), agree=agree, negated=negated)
    return answered(judge, Votes(votes))


# --- what is asked


def test_a_judge_reads_the_whole_reply_the_user_and_the_turns_before() -> None:
    judge = MeetsCriterion(criterion="it is polite", votes=3)
    assert judge.questions(seen("Hello", "there")) == (
        AskJudge("it is polite", "Hello\nthere", (Turn("a", "b"),), "hi", 3),
    )
    assert Similar(to="Hi").questions(seen("Hello")) == (AskSimilarity("Hi", "Hello"),)
    assert LanguageIs(codes=("en",)).questions(seen("Hello")) == (AskLanguage("Hello"),)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("texts", [(), ("",), (" \n",)])
def test_nobody_is_asked_about_silence_which_meets_nothing(kind: Assertion, texts: tuple[str, ...]) -> None:
    assert kind.questions(seen(*texts)) == ()
    finding = kind.check(seen(*texts))
    assert finding.passed is False
    assert "the bot said nothing" in finding.reason


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_that_was_not_asked_is_undecided(kind: Assertion) -> None:
    finding = kind.check(seen("Hello"))
    assert finding.passed is None
    assert "it was not asked" in finding.reason


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("negated", [False, True])
def test_a_question_without_an_answer_never_passes(kind: Assertion, negated: bool) -> None:
    finding = answered(replace(kind, negated=negated), Unanswered("set VIVA_X"))
    assert finding.passed is None
    assert finding.undecided
    assert "set VIVA_X" in finding.reason


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("negated", [False, True])
def test_nor_does_an_answer_to_another_question(kind: Assertion, negated: bool) -> None:
    assertion = replace(kind, negated=negated)
    wrong: Answer = Language("") if isinstance(kind, MeetsCriterion) else Votes((YES,))
    assert answered(assertion, wrong).passed is None


# --- the judge


@pytest.mark.parametrize(
    ("votes", "agree", "passed"),
    [
        ([YES], 0.5, True),
        ([NO], 0.5, False),
        ([UNSURE], 0.5, None),
        ([YES, YES, NO], 0.5, True),
        ([YES, NO, NO], 0.5, False),
        ([YES, NO], 0.5, None),  # a tie
        ([YES, YES, NO, NO], 0.5, None),
        ([YES, YES, UNSURE], 0.5, True),  # the third could not change it
        ([YES, UNSURE, UNSURE], 0.5, None),  # more undecided than not
        ([YES, NO, UNSURE], 0.5, None),
        ([YES, UNSURE], 0.5, None),
        ([NO, NO, UNSURE], 0.5, False),
        ([YES, YES, NO], 0.8, None),  # too wide a spread
        ([YES, NO, NO], 0.8, None),
        ([YES] * 4 + [NO], 0.8, True),
        ([YES] + [NO] * 4, 0.8, False),
        ([YES, YES, NO], 1.0, None),
        ([YES, YES, YES], 1.0, True),
        ([NO, NO, NO], 1.0, False),
        ([YES, YES, NO], 0.67, True),  # two of three, as it is written
        ([YES, YES, NO], 0.66, True),
        ([YES, YES, NO], 0.68, None),
        ([YES, YES, YES, NO, NO], 0.6, True),
    ],
)
def test_a_side_wins_by_more_than_half_and_the_agreed_share(
    votes: list[Vote], agree: float, passed: bool | None
) -> None:
    finding = judged(*votes, agree=agree)
    assert finding.passed is passed
    assert finding.inconclusive is (passed is None)
    negated = judged(*votes, agree=agree, negated=True)
    assert negated.passed is (None if passed is None else not passed)
    assert negated.inconclusive is finding.inconclusive


def test_votes_that_were_asked_for_and_not_given_are_nobodys() -> None:
    assert judged(YES, asked=3).passed is None
    assert judged(YES, YES, asked=3).passed is True
    assert judged(asked=1).passed is None


def test_spread_and_reasons_are_kept_whatever_comes_out() -> None:
    note = "2 met, 1 not met; met: it does; not met: it does not"
    for finding in (judged(YES, YES, NO), judged(YES, YES, NO, negated=True), judged(YES, NO, YES, agree=1)):
        assert finding.note == note
    assert judged(YES).note == "1 met; met: it does"
    assert judged(UNSURE).reason.startswith('the judge is inconclusive about "it is polite" (1 undecided;')
    assert judged(NO).reason == (
        'expected a reply that meets "it is polite", but the judge finds that it does not'
        " (1 not met; not met: it does not)"
    )


@given(st.lists(st.sampled_from([YES, NO, UNSURE]), min_size=1, max_size=9), st.floats(0.5, 1))
def test_judging_is_fair_and_blind_to_order(votes: list[Vote], agree: float) -> None:
    """Turned votes turn the outcome; their order is nothing; one more vote of the winner changes nothing."""
    found = judged(*votes, agree=agree).passed
    turned = [Vote(None if vote.met is None else not vote.met) for vote in votes]
    assert judged(*turned, agree=agree).passed is (None if found is None else not found)
    assert judged(*reversed(votes), agree=agree).passed is found
    if found is not None:
        assert judged(*votes, YES if found else NO, agree=agree).passed is found


def test_no_number_of_votes_lets_a_minority_pass() -> None:
    for votes in product([YES, NO, UNSURE], repeat=5):
        if judged(*votes).passed:
            assert sum(vote.met is True for vote in votes) > 2


# --- similarity, language


@pytest.mark.parametrize(("score", "passed"), [(0.8, True), (0.79999, False), (1.0, True), (-1.0, False)])
def test_a_score_passes_from_its_threshold_on(score: float, passed: bool) -> None:
    assert answered(Similar(to="Hi"), Similarity(score)).passed is passed
    assert answered(Similar(to="Hi", negated=True), Similarity(score)).passed is not passed
    assert answered(Similar(to="Hi"), Similarity(score)).note == f"similarity {score:.4f}"


@pytest.mark.parametrize("score", [float("nan"), float("inf")])
def test_no_number_is_no_pass(score: float) -> None:
    assert answered(Similar(to="Hi"), Similarity(score)).passed is None


@pytest.mark.parametrize(
    ("codes", "told", "passed"),
    [
        (("en",), "en", True),
        (("en-GB",), "en", True),
        (("EN_us",), "en", True),
        (("de", "fr"), "fr", True),
        (("en",), "de", False),
        (("nb",), "no", True),
        (("no",), "nn", True),
        (("en",), "", None),
    ],
)
def test_a_language_is_told_by_its_code(codes: tuple[str, ...], told: str, passed: bool | None) -> None:
    finding = answered(LanguageIs(codes=codes), Language(told, 0.75))
    assert finding.passed is passed
    assert finding.inconclusive is (passed is None)
    assert answered(LanguageIs(codes=codes, negated=True), Language(told)).passed is (
        None if passed is None else not passed
    )


# --- in a step


def test_an_undecided_step_is_in_error_unless_something_failed() -> None:
    judge = MeetsCriterion(criterion="it is polite")
    step = Step("hi", arrangement="among", assertions=(judge,))
    reply = Reply((Output("Hello"),))
    (question,) = questions(step, reply, frozenset(), 1.0)

    def verdict(answer: Answer, step: Step = step) -> tuple[Verdict, str]:
        around = Circumstances(answers={question: answer})
        result = judge_step(0, "c", step, reply, frozenset(), 1.0, around)
        return result.verdict, result.error

    assert verdict(Votes((YES,))) == (Verdict.PASSED, "")
    assert verdict(Votes((NO,))) == (Verdict.FAILED, "")
    assert verdict(Votes((UNSURE,)))[0] is Verdict.ERROR
    told = verdict(Unanswered("no judge is configured: set VIVA_JUDGE_URL and VIVA_JUDGE_MODEL"))
    assert told[0] is Verdict.ERROR
    assert "VIVA_JUDGE_URL" in told[1]
    both = Step("hi", arrangement="among", assertions=(judge, Similar(to="x")))
    assert verdict(Votes((NO,)), both)[0] is Verdict.FAILED


# --- how they may be written


@pytest.mark.parametrize(
    ("assertion", "said"),
    [
        (MeetsCriterion(criterion=" "), "criterion is empty"),
        (MeetsCriterion(criterion="x", votes=0), "`votes` is 0"),
        (MeetsCriterion(criterion="x", votes=26), "`votes` is 26"),
        (MeetsCriterion(criterion="x", agree=0.4), "a minority would decide"),
        (MeetsCriterion(criterion="x", agree=1.1), "`agree` is 1.1"),
        (Similar(to=""), "`to` is empty"),
        (Similar(to="x", at_least=0), "`at_least` is 0"),
        (Similar(to="x", at_least=80), "`at_least` is 80"),
        (LanguageIs(codes=()), "the list is empty"),
        (LanguageIs(codes=("english",)), "'english' is none of the languages"),
        (LanguageIs(codes=("en", "xx")), "'xx' is none of the languages"),
    ],
)
def test_what_makes_no_sense_is_told(assertion: Assertion, said: str) -> None:
    (problem,) = assertion.problems()
    assert said in problem


def test_what_makes_sense_is_fine() -> None:
    for kind in (
        *KINDS,
        MeetsCriterion(criterion="x", votes=5, agree=0.8),
        LanguageIs(codes=("en-GB", "nb")),
    ):
        assert kind.problems() == []
