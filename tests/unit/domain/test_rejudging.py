"""Kept replies judged again: which belong to which step, and by what values."""

from datetime import date

from vivavoce.domain.assertions.date import Date
from vivavoce.domain.assertions.judge import MeetsCriterion
from vivavoce.domain.output import Output, Reply
from vivavoce.domain.questions import Answer, AskJudge, Question, Turn, Vote, Votes
from vivavoce.domain.rejudging import rejudge_case
from vivavoce.domain.suite import Assertions, ExpectedOutput, Step, TestCase, TextAssertion, TextEntry
from vivavoce.domain.values.variables import Capture, Unique, Values
from vivavoce.domain.verdict import Exchange, StepResult, Verdict

DAY = date(2026, 3, 1)


def says(said: str, *expected: str, trigger: str | None = None) -> Step:
    outputs = tuple(
        ExpectedOutput(text, Assertions(TextAssertion(contains=(TextEntry(text),)))) for text in expected
    )
    return Step(said, outputs, trigger)


def kept(*turns: tuple[str, str], values: Values | None = None) -> list[StepResult]:
    return [
        StepResult(
            index, "c", Step(said), Verdict.PASSED, Reply((Output(reply),)), values=values, duration_ms=7.0
        )
        for index, (said, reply) in enumerate(turns)
    ]


def verdicts(case: TestCase, results: list[StepResult]) -> list[Verdict]:
    return [step.judged(frozenset(), DAY).verdict for step in rejudge_case(case, results, frozenset())]


def test_other_assertions_judge_the_same_replies() -> None:
    results = kept(("hi", "Hello."), ("bye", "Goodbye."))
    case = TestCase("c", (says("hi", "Hello."), says("bye", "Bye.")))
    assert verdicts(case, results) == [Verdict.PASSED, Verdict.FAILED]
    first, _ = rejudge_case(case, results, frozenset(), first=10)
    judged = first.judged(frozenset(), DAY)
    assert (judged.index, judged.duration_ms, judged.reply) == (10, 7.0, results[0].reply)


def test_a_step_that_was_not_said_is_not_executed_and_the_next_is_judged() -> None:
    results = kept(("hi", "Hello."), ("bye", "Goodbye."))
    case = TestCase("c", (says("hello", "Hello."), says("bye", "Goodbye."), says("more", "x")))
    first, second, third = (one.judged(frozenset(), DAY) for one in rejudge_case(case, results, frozenset()))
    assert first.verdict is Verdict.NOT_EXECUTED
    assert first.error == 'the run said "hi" here, the suite says "hello"'
    assert second.verdict is Verdict.PASSED
    assert (third.verdict, third.error) == (Verdict.NOT_EXECUTED, "the run has no reply at this place")


def test_another_trigger_is_another_step() -> None:
    case = TestCase("c", (says("hi", "Hello.", trigger="Start"),))
    (step,) = rejudge_case(case, kept(("hi", "Hello.")), frozenset())
    assert step.judged(frozenset(), DAY).error == (
        'the run sent another trigger here: none, the suite has "Start"'
    )


def test_a_case_that_the_run_does_not_have_is_not_executed() -> None:
    (step,) = rejudge_case(TestCase("new", (says("hi", "Hello."),)), [], frozenset())
    assert step.judged(frozenset(), DAY).error == "the run has no case of this name"


def test_what_the_bot_did_not_answer_stays_as_it_was() -> None:
    lost = StepResult(0, "c", Step("hi"), Verdict.ERROR, error="timeout", evidence=Exchange("a", "b"))
    after = StepResult(1, "c", Step("bye"), Verdict.NOT_EXECUTED, error="broken off")
    case = TestCase("c", (says("hi", "Hello."), says("bye", "Goodbye.")))
    first, second = (one.judged(frozenset(), DAY) for one in rejudge_case(case, [lost, after], frozenset()))
    assert (first.verdict, first.error, first.evidence) == (Verdict.ERROR, "timeout", Exchange("a", "b"))
    assert (second.verdict, second.error) == (Verdict.NOT_EXECUTED, "broken off")


def test_values_are_those_of_the_run_and_captures_are_read_again() -> None:
    values: Values = {"user": "user-x7", "city": "Bonn"}
    results = kept(
        ("I am user-x7 of Bonn", "Reference R-1, user-x7"), ("status of R-1", "R-1 is open"), values=values
    )
    case = TestCase(
        "c",
        (
            Step(
                "I am {{user}} of {{city}}",
                says("", "Reference R-1, {{user}}").outputs,
                captures=(Capture("ref", "regex", r"R-\d"),),
            ),
            says("status of {{ref}}", "{{ref}} is open"),
        ),
        variables={"user": Unique("user-*"), "city": "Berlin"},
    )
    steps = rejudge_case(case, results, frozenset())
    judged = [step.judged(frozenset(), DAY) for step in steps]
    assert [one.verdict for one in judged] == [Verdict.PASSED, Verdict.PASSED]
    assert judged[1].step.input == "status of R-1"
    assert judged[1].values == {**values, "ref": "R-1"}


def test_a_name_without_a_value_keeps_its_step_from_being_judged() -> None:
    case = TestCase("c", (says("hi", "Hello {{who}}."),), variables={"who": Unique("*")})
    (step,) = rejudge_case(case, kept(("hi", "Hello Ann.")), frozenset())
    assert step.judged(frozenset(), DAY).error == "{{who}} has no value in the run"


def test_secrets_were_not_kept_so_nothing_is_held_against_them() -> None:
    case = TestCase("c", (says("hi", "Hello ${VIVA_BOT_USER}."),), variables={})
    (step,) = rejudge_case(case, kept(("hi", "Hello Ann.")), frozenset())
    judged = step.judged(frozenset(), DAY)
    assert judged.verdict is Verdict.NOT_EXECUTED
    assert "${VIVA_BOT_USER}" in judged.error


def test_today_is_the_day_of_the_run() -> None:
    step = Step("when", arrangement="among", assertions=(Date(near="today+1d"),))
    results = kept(("when", "On 2026-03-02."))
    (rejudged,) = rejudge_case(TestCase("c", (step,)), results, frozenset())
    assert rejudged.judged(frozenset(), DAY).verdict is Verdict.PASSED
    assert rejudged.judged(frozenset(), date(2026, 3, 2)).verdict is Verdict.FAILED


def test_a_judge_is_asked_with_the_turns_before() -> None:
    step = Step("bye", arrangement="among", assertions=(MeetsCriterion(criterion="polite"),))
    results = kept(("hi", "Hello."), ("bye", "Goodbye."))
    _, rejudged = rejudge_case(TestCase("c", (says("hi", "Hello."), step)), results, frozenset())
    (question,) = rejudged.questions(frozenset(), DAY)
    assert isinstance(question, AskJudge)
    assert (question.user, question.transcript) == ("bye", (Turn("hi", "Hello."),))
    assert rejudged.judged(frozenset(), DAY).verdict is Verdict.ERROR
    answers: dict[Question, Answer] = {question: Votes((Vote(True, "it is"),))}
    assert rejudged.judged(frozenset(), DAY, answers).verdict is Verdict.PASSED
