"""Steps: outputs at their places, missing and extra ones, silence, and the four verdicts apart."""

from vivavoce.domain.judging import judge_step, step_in_error, step_not_executed
from vivavoce.domain.output import Fact, Metadata, Output, Reply
from vivavoce.domain.suite import (
    Assertions,
    ContextAssertion,
    ContextEntry,
    ExpectedOutput,
    FlowAssertion,
    FlowEntry,
    Step,
    TextAssertion,
    TextEntry,
)
from vivavoce.domain.verdict import StepResult, Verdict

FACTS: frozenset[Fact] = frozenset({"intent", "node", "context"})


def says(text: str, *, node: str = "", key: str = "", text_on: bool = True) -> ExpectedOutput:
    return ExpectedOutput(
        text,
        Assertions(
            text=TextAssertion(text_on, (TextEntry(text),)),
            flow=FlowAssertion(True, (FlowEntry(node_id=node),)) if node else FlowAssertion(False),
            context=ContextAssertion(True, (ContextEntry(key, 1),)) if key else ContextAssertion(),
        ),
    )


def judge(
    expected: tuple[ExpectedOutput, ...],
    *actual: str | Output,
    facts: frozenset[Fact] = FACTS,
    context: dict[str, object] | None = None,
) -> StepResult:
    outputs = tuple(Output(output) if isinstance(output, str) else output for output in actual)
    return judge_step(3, "case", Step("hi", expected), Reply(outputs, context), facts, 12.5)


def test_a_step_passes_when_all_outputs_hold() -> None:
    result = judge((says("a"), says("b")), "a", "b")
    assert result.verdict is Verdict.PASSED
    assert [output.passed for output in result.outputs] == [True, True]
    assert (result.index, result.case, result.duration_ms) == (3, "case", 12.5)
    assert result.reply == Reply((Output("a"), Output("b")))
    assert result.reasons == ()
    assert result.error == ""


def test_outputs_are_compared_at_their_places() -> None:
    assert judge((says("a"), says("b")), "b", "a").verdict is Verdict.FAILED


def test_all_failures_of_all_outputs_are_told() -> None:
    expected = (says("a", node="n1", key="x"), says("b"), says("c", key="y"))
    result = judge(expected, "A", "b", "C", context={"x": 2})
    assert result.verdict is Verdict.FAILED
    assert [output.passed for output in result.outputs] == [False, True, False]
    assert [reason.split(",")[0] for reason in result.reasons] == [
        'output 1: expected "a"',
        'output 1: expected the node "n1"',
        "output 1: expected the context variable x to be 1",
        'output 3: expected "c"',
        "output 3: expected the context variable y to be 1",
    ]


def test_one_failed_assertion_fails_the_step() -> None:
    assert judge((says("a", node="n1"),), "a").verdict is Verdict.FAILED
    assert judge((says("a", key="x"),), "a", context={}).verdict is Verdict.FAILED
    said = Output("a", Metadata(node_id="n1"))
    assert judge((says("a", node="n1", key="x"),), said, context={"x": 1}).verdict is Verdict.PASSED


def test_a_missing_reply_fails_all_enabled_assertions_of_its_output() -> None:
    result = judge((says("a"), says("b", node="n1", key="x")), "a")
    assert result.verdict is Verdict.FAILED
    missing = result.outputs[1]
    assert missing.missing
    assert missing.text.entries == missing.flow.entries == missing.context.entries == (False,)
    assert missing.text.passed is missing.flow.passed is missing.context.passed is False
    assert result.reasons == ('output 2: expected "b", but the bot said nothing here',)


def test_assertions_that_are_off_stay_unevaluated_where_a_reply_is_missing() -> None:
    result = judge((says("a", text_on=False),))
    assert result.verdict is Verdict.FAILED
    assert result.outputs[0].text.passed is None
    assert result.outputs[0].text.entries == (None,)
    assert result.outputs[0].flow.passed is None
    assert result.reasons == ('output 1: expected "a", but the bot said nothing here',)


def test_an_extra_reply_fails_the_step_with_its_assertions_off() -> None:
    result = judge((says("a"),), "a", "b")
    assert result.verdict is Verdict.FAILED
    extra = result.outputs[1]
    assert extra.extra
    assert extra.text.passed is extra.flow.passed is extra.context.passed is None
    assert result.outputs[0].passed
    assert result.reasons == ('output 2: the bot said "b", but nothing more was expected',)


def test_silence() -> None:
    assert judge(()).verdict is Verdict.PASSED
    assert judge((), "a").verdict is Verdict.FAILED
    assert judge((says("a"),)).verdict is Verdict.FAILED


def test_facts_that_cannot_be_read_warn_once_and_do_not_fail() -> None:
    expected = (says("a", node="n", key="x"), says("b", node="m", key="x"))
    result = judge(expected, "a", "b", facts=frozenset())
    assert result.verdict is Verdict.PASSED
    assert result.warnings == (
        "the connector cannot read the node of a reply: not evaluated",
        "the connector cannot read the session's context variables: not evaluated",
    )


def test_text_mismatch_is_carried() -> None:
    assert judge((says("a"),), "a ").outputs[0].text_mismatch
    assert not judge((says("a"),), "a").outputs[0].text_mismatch


def test_errors_and_unplayed_steps_are_neither_passed_nor_failed() -> None:
    step = Step("hi", (says("a"),))
    error = step_in_error(4, "case", step, "no answer", 7.0)
    assert (error.verdict, error.error, error.duration_ms) == (Verdict.ERROR, "no answer", 7.0)
    skipped = step_not_executed(5, "case", step, "the bot was down")
    assert (skipped.verdict, skipped.error) == (Verdict.NOT_EXECUTED, "the bot was down")
    for result in (error, skipped):
        assert result.reply is None
        assert result.outputs == ()
        assert result.reasons == (result.error,)
