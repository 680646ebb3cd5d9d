"""Advice: each rule where it holds, and where what it is about is within noise."""

from random import Random

import pytest
from tests.unit.domain.evaluation.results import NONE, judged

from vivavoce.domain.advising.advising import advise
from vivavoce.domain.advising.support import missing_cases
from vivavoce.domain.advising.values import Advice, Topic
from vivavoce.domain.advising.weakest import weakest
from vivavoce.domain.batch.scoring import score_case
from vivavoce.domain.batch.utterance import (
    BatchCase,
    Candidate,
    CaseResult,
    Classification,
    EntityExpectation,
    FoundEntity,
)
from vivavoce.domain.evaluation.evaluating import evaluate
from vivavoce.domain.evaluation.values import LabelMetrics

Counts = dict[tuple[str, str], int]


def run(counts: Counts, score: float | None = None) -> list[CaseResult]:
    """So many cases of each expected and matched intent; the bot tells that each intent is a dialog."""
    results: list[CaseResult] = []
    for (expected, matched), count in counts.items():
        for _ in range(count):
            won = NONE if matched == NONE else Candidate(matched, score, "dialog")
            known = (Candidate("None"), Candidate(expected, None, "dialog")) if expected != NONE else ()
            results.append(judged(expected, won, index=len(results), candidates=known))
    return results


def advice_on(topic: Topic, results: list[CaseResult]) -> list[Advice]:
    return [each for each in advise(evaluate(results)) if each.topic == topic]


def the_advice(topic: Topic, results: list[CaseResult]) -> Advice:
    [advice] = advice_on(topic, results)
    return advice


def test_what_is_lost_to_no_intent_needs_training() -> None:
    advice = the_advice("missed", run({("pay", "pay"): 30, ("pay", NONE): 10, ("ask", "ask"): 40}))
    assert (advice.tag, advice.intents, advice.cases) == ("Needs Training", ("pay",), 10)
    assert '"pay" is missed too often: 10 of 40 (25 %, 95 % interval 14 to 40 %)' in advice.text
    assert "(10 to no intent)" in advice.text
    assert [example.index for example in advice.examples] == [30, 31, 32, 33, 34]


@pytest.mark.parametrize(
    ("lost", "of", "advised"),
    [
        (5, 40, False),  # as many or more are lost in 4.8 % of suites when 5 % of all utterances are
        (6, 40, True),  # in 1.4 %
        (1, 1, False),
        (1, 2, False),
        (2, 2, False),  # single cases
        (3, 3, True),
        (2, 10, False),
        (3, 10, True),
    ],
)
def test_a_loss_within_noise_is_not_advised(lost: int, of: int, advised: bool) -> None:
    results = run({("pay", "pay"): of - lost, ("pay", NONE): lost})
    assert bool(advice_on("missed", results)) is advised
    assert bool(advice_on("single cases", results)) is not advised


@pytest.mark.parametrize("taken", [1, 2])
def test_single_cases_are_no_weakness_of_an_intent(taken: int) -> None:
    """With three cases, nobody knows whether an intent attracts, or is lost."""
    results = run({("balance", "overdraft"): taken, ("overdraft", "overdraft"): 2, ("balance", "balance"): 1})
    advice = the_advice("single cases", results)
    assert {each.topic for each in advise(evaluate(results))} == {"single cases", "support"}
    assert (advice.tag, advice.intents, advice.cases) == ("", ("balance", "overdraft"), taken)
    assert [example.index for example in advice.examples] == list(range(taken))


def test_single_cases_are_counted() -> None:
    one = run({("pay", NONE): 1, ("pay", "pay"): 9})
    assert the_advice("single cases", one).text.startswith(
        "One utterance was confused, which says little about its"
    )
    two = run({("pay", NONE): 1, ("ask", NONE): 1})
    assert the_advice("single cases", two).text.startswith("Both confusions are single cases: too few of")
    some = run({("pay", "pay"): 30, ("pay", NONE): 10, ("ask", "ask"): 9, ("ask", NONE): 2})
    advice = advise(evaluate(some))
    assert [each.topic for each in advice] == ["missed", "single cases", "support"]
    assert advice[1].text.startswith("2 of 12 confusions are single cases: ")


def test_single_cases_come_last_however_many() -> None:
    results = run({("pay", "pay"): 30, ("pay", NONE): 10} | {(f"rare {at}", NONE): 1 for at in range(20)})
    found = [(each.topic, each.cases) for each in advise(evaluate(results))]
    assert found == [("missed", 10), ("single cases", 20), ("support", 0)]


def test_of_intents_that_are_as_good_as_can_be_hardly_one_is_called_weak() -> None:
    """150 intents of any size that lose one utterance in 20: by chance alone, at most one of 40 is named."""
    chance = Random(7)
    named = 0
    for size in (1, 2, 3, 5, 10, 20, 40):
        counts: Counts = {}
        for at in range(150):
            lost = sum(chance.random() < 0.05 for _ in range(size))
            counts |= {(f"i{at}", NONE): lost, (f"i{at}", f"i{at}"): size - lost}
        named += len(advice_on("missed", run(counts)))
    assert named <= 7 * 150 / 40


def test_an_intent_that_takes_cases_of_several_expected_ones_takes_each_once() -> None:
    """A case of *multi* is in a pair for each of its intents, and a share is no more than all."""
    results = [
        judged(("pay", "ask"), "send", "help", index=at, fulfillment_type="MultiIntent") for at in range(4)
    ]
    advice = advice_on("attraction", results)
    assert {each.intents[0]: each.cases for each in advice} == {"help": 4, "send": 4}
    assert all("4 of 4 (100 %" in each.text for each in advice)


def test_two_intents_taken_for_each_other_need_nlp_help() -> None:
    results = run(
        {("pay", "pay"): 30, ("pay", "send"): 10, ("send", "send"): 34, ("send", "pay"): 6, ("x", "x"): 9}
    )
    advice = the_advice("confused pair", results)
    assert (advice.tag, advice.intents, advice.cases) == ("NeedNLPHelp", ("pay", "send"), 16)
    assert "10 of 40 utterances go one way, 6 of 40 the other; together 16 of 80 (20 %" in advice.text
    assert {example.index for example in advice.examples} == {30, 31, 32, 74, 75}, "some of both ways"
    told = {each.topic for each in advise(evaluate(results))}
    assert told.isdisjoint({"missed", "attraction"}), "a pair is the ground of one advice only"


def test_one_way_is_an_attraction() -> None:
    results = run(
        {
            ("pay", "pay"): 30,
            ("pay", "send"): 10,
            ("ask", "send"): 2,
            ("ask", "ask"): 38,
            ("send", "send"): 40,
        }
    )
    advice = the_advice("attraction", results)
    assert (advice.tag, advice.intents) == ("Needs Negative Pattern", ("send", "pay", "ask"))
    assert "12 of 52 (23 %" in advice.text
    assert '(10 of "pay" and 2 of "ask")' in advice.text
    assert not advice_on("confused pair", results)
    assert not advice_on("missed", results)


def test_out_of_scope_utterances_that_are_matched_need_a_negative_pattern() -> None:
    results = run({(NONE, NONE): 30, (NONE, "pay"): 9, (NONE, "ask"): 1, ("pay", "pay"): 40})
    advice = the_advice("out of scope", results)
    assert (advice.tag, advice.intents, advice.cases) == ("Add Negative Pattern", ("pay",), 9)
    assert "10 of 40 (25 %" in advice.text
    assert len(advice.examples) == 5


def test_out_of_scope_utterances_that_go_everywhere() -> None:
    results = run({(NONE, NONE): 30} | {(NONE, f"intent {at}"): 1 for at in range(10)})
    advice = the_advice("out of scope", results)
    assert len(advice.intents) == 10
    assert "no intent taking more than one" in advice.text


def test_an_intent_that_the_bot_never_names_may_be_a_new_one() -> None:
    results = [judged("loan", "pay", index=at) for at in range(6)]
    results += [judged("pay", "pay") for _ in range(40)]
    advice = the_advice("unknown intent", results)
    assert (advice.tag, advice.intents, advice.cases) == ("New Intent", ("loan", "pay"), 6)
    assert 'the bot never matched or named it (6 to "pay")' in advice.text
    assert not advice_on("missed", results)
    assert not advice_on("attraction", results)


def test_an_intent_that_the_bot_considers_is_not_unknown() -> None:
    results = run({("loan", NONE): 20, ("pay", "pay"): 40})
    assert not advice_on("unknown intent", results)
    assert the_advice("missed", results).intents == ("loan",)


def test_also_where_the_bot_tells_no_types() -> None:
    known = (Candidate("pay", 0.6), Candidate("LOAN", 0.5))
    results = [judged("loan", "pay", candidates=known, index=at) for at in range(20)]
    assert not advice_on("unknown intent", results)
    assert advice_on("attraction", results)


@pytest.mark.parametrize(("cases", "advised"), [(5, False), (6, True)])
def test_an_unknown_intent_is_surely_matched_less_than_half_of_the_time(cases: int, advised: bool) -> None:
    """Five of five fall on one side in 3.1 % of throws, six of six in 1.6 %."""
    results = [judged("loan", "pay", index=at) for at in range(cases)]
    assert bool(advice_on("unknown intent", results)) is advised


def test_traits_and_entities_that_are_missed() -> None:
    amount = (EntityExpectation("amount", ("5",)),)
    found = [Classification(traits=("Polite",), entities=(FoundEntity("amount", "5"),))] * 5
    found += [Classification(), Classification(entities=(FoundEntity("amount", "6"),))] * 2
    case = BatchCase("please pay 5", traits=("polite",), entities=amount)
    results = [score_case(at, case, each, 1.0) for at, each in enumerate(found)]
    trait, entity = the_advice("missed trait", results), the_advice("missed entity", results)
    assert (trait.tag, trait.cases) == ("Needs Training", 4)
    assert '"polite" is missed too often: 4 of 9 (44 %' in trait.text
    assert '"amount" is not found as expected: 4 of 9 (44 %' in entity.text
    assert "2 not found and 2 found with another value" in entity.text
    assert not advise(evaluate(results[:5]))


def test_too_few_to_tell_is_said_with_how_many_more_it_takes() -> None:
    advice = the_advice("support", run({("pay", "pay"): 3, ("send", "send"): 40}))
    assert (advice.tag, advice.intents, advice.cases) == ("", ("pay",), 0)
    row = LabelMetrics(name="pay", support=3, tp=3)
    assert "1 of 2 intents has too few test utterances" in advice.text
    assert f'"pay" (3, {missing_cases(row)} more)' in advice.text
    assert missing_cases(row) == 35 - 3
    assert missing_cases(LabelMetrics(name="pay", support=4, tp=2, fn=2)) == 381 - 4
    assert missing_cases(LabelMetrics(name="never expected", fp=2)) == 381
    assert missing_cases(LabelMetrics(name="many", support=1_000, tp=500, fn=500)) == 0


def scored(expected: str, matched: str, score: float, count: int, own: float = 0.3) -> list[CaseResult]:
    """A bot with the threshold `own` that tells what it considered."""
    best = Candidate(matched, score, "dialog")
    won = best if score >= own else NONE
    return [judged(expected, won, candidates=(best,)) for _ in range(count)]


def test_a_lower_threshold_is_advised_where_it_is_surely_better() -> None:
    results = scored("pay", "pay", 0.9, 60) + scored("pay", "pay", 0.25, 20)
    results += scored(NONE, "pay", 0.1, 30) + scored(NONE, "pay", 0.28, 1)
    advice = the_advice("threshold", results)
    assert advice.cases == 19
    assert the_advice("missed", results).text.endswith("A lower threshold would find some of them, too.")
    assert advice.text.startswith(
        "A threshold of 0.25 would have brought F1 from 0.857 to 0.994 (+13.7 points)"
    )
    assert "20 utterances would be right that were not, 1 no longer (p < 0.001" in advice.text
    assert "check it on other utterances" in advice.text


def test_a_lower_threshold_is_not_trusted_without_utterances_that_mean_nothing() -> None:
    results = scored("pay", "pay", 0.9, 60) + scored("pay", "pay", 0.25, 20) + scored(NONE, "pay", 0.1, 3)
    text = the_advice("threshold", results).text
    assert "the suite has 3 utterances for which nothing must be matched" in text
    assert "add some (at least 30)" in text


def test_a_higher_threshold_is_advised_against_what_means_nothing() -> None:
    results = scored("pay", "pay", 0.9, 60) + scored("pay", "pay", 0.35, 2) + scored(NONE, "pay", 0.4, 20)
    advice = the_advice("threshold", results)
    assert "A threshold of 0.90" in advice.text
    assert "20 utterances would be right that were not, 2 no longer" in advice.text


def test_a_gain_within_noise_is_not_advised() -> None:
    """Two of 80 cases: chance alone does that."""
    results = scored("pay", "pay", 0.9, 78) + scored("pay", "pay", 0.25, 2) + scored(NONE, "pay", 0.1, 40)
    assert evaluate(results).sweep[20].f1 == 1
    assert not advice_on("threshold", results)


def test_scores_that_mislead_are_told_of() -> None:
    advice = the_advice("calibration", scored("pay", "pay", 0.42, 190) + scored("pay", "send", 0.42, 10))
    assert "53.0 points off on average" in advice.text
    assert "Of 200 matches with a score about 0.42, 95 % were right: scores are too low there" in advice.text


@pytest.mark.parametrize("count", [10, 1_000])
def test_scores_that_hold_are_not(count: int) -> None:
    right, wrong = round(count * 0.8), round(count * 0.2)
    assert not advice_on("calibration", scored("pay", "pay", 0.8, right) + scored("pay", "send", 0.8, wrong))


def test_advice_is_ranked_by_what_it_could_put_right() -> None:
    results = run({("a", "a"): 30, ("a", NONE): 10, ("b", "b"): 20, ("b", NONE): 20, ("c", "c"): 2})
    advice = advise(evaluate(results))
    assert [(each.topic, each.cases) for each in advice] == [("missed", 20), ("missed", 10), ("support", 0)]
    assert advise(evaluate(results), limit=1) == advice[:1]


def test_a_perfect_run_gets_no_advice() -> None:
    assert advise(evaluate(run({("a", "a"): 400, ("b", "b"): 400, (NONE, NONE): 400}))) == []


def test_nothing_gets_no_advice() -> None:
    assert advise(evaluate([])) == []


def test_the_weakest_intents() -> None:
    results = run(
        {
            ("half of few", "half of few"): 1,
            ("half of few", NONE): 2,
            ("half of many", "half of many"): 10,
            ("half of many", NONE): 20,
            ("good", "good"): 9,
            ("good", "never expected"): 1,
        }
    )
    evaluation = evaluate(results)
    assert [row.name for row in weakest(evaluation)] == ["half of many", "half of few", "good"]
    assert [row.name for row in weakest(evaluation, 1)] == ["half of many"]


def test_a_bot_that_tells_no_entity_at_all_gets_one_advice() -> None:
    case = BatchCase(
        "from A to B", ("go",), entities=(EntityExpectation("from", ("A",)), EntityExpectation("to", ("B",)))
    )
    results = [score_case(at, case, Classification(winning=(Candidate("go"),)), 0) for at in range(30)]
    (advice,) = [one for one in advise(evaluate(results)) if one.topic == "missed entity"]
    assert "none of the 60 expected entity values" in advice.text and "--no-entities" in advice.text
