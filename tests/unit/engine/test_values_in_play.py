"""Values across turns as they are played: expanded, captured, kept without secrets; thresholds; evidence."""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from tests.unit.engine.fakes import Answer, FakeClock, ToldConnector, ToldSession, expects, said
from vivavoce.domain.assertions.judge import MeetsCriterion
from vivavoce.domain.bot import Limits
from vivavoce.domain.errors import BadStatus, ConnectionLost
from vivavoce.domain.questions import AskJudge, Turn, Vote
from vivavoce.domain.secrecy import Secrets
from vivavoce.domain.suite import Step, SuiteHead, TestCase
from vivavoce.domain.values.variables import Capture, Unique
from vivavoce.domain.verdict import Exchange, StepResult, Verdict
from vivavoce.engine.conversation import ConversationDriver, RunContext
from vivavoce.engine.grading import Grading
from vivavoce.engine.ports.bots import Opening
from vivavoce.engine.ports.graders import Graders

P, F, E, N = Verdict.PASSED, Verdict.FAILED, Verdict.ERROR, Verdict.NOT_EXECUTED
SECRET = {"VIVA_BOT_T": "s3cret"}


class WiredSession(ToldSession):
    """Tells what was sent last."""

    def evidence(self) -> Exchange | None:
        return Exchange(self._connector.sent[-1][1].text, "the wire")


class WiredConnector(ToldConnector):
    async def open(self, opening: Opening) -> ToldSession:
        self.openings.append(opening)
        return WiredSession(self, opening.conversation_id)


async def play(
    case: TestCase, answers: Sequence[Answer], *, around: RunContext | None = None
) -> tuple[tuple[StepResult, ...], ToldConnector]:
    connector, ids = WiredConnector(answers), count()
    driver = ConversationDriver(
        connector,
        SuiteHead(),
        Limits(retries=2),
        "en",
        pacer=None,
        clock=FakeClock(),
        new_id=lambda prefix: f"{prefix}-{next(ids)}",
        around=around,
    )
    played = await driver.play(case, 0)
    assert len(played.results) == len(case.steps)
    return played.results, connector


def with_variables(*steps: Step, variables: Mapping[str, Any] | None = None, **fields: Any) -> TestCase:
    return TestCase("case", steps, variables=dict(variables or {}), **fields)


async def test_what_was_captured_is_said_and_expected_later() -> None:
    case = with_variables(
        Step(
            "hi from {{city}}",
            (expects("reference AB1."),),
            captures=(Capture("ref", "regex", r"reference (\w+)"),),
        ),
        Step("status of {{ref}}", (expects("{{ref}} is done"),)),
        variables={"city": "Berlin"},
    )
    results, connector = await play(case, ["reference AB1.", "AB1 is done"])
    assert [one.verdict for one in results] == [P, P]
    assert [message.text for _, message in connector.sent] == ["hi from Berlin", "status of AB1"]
    assert [one.values for one in results] == [{"city": "Berlin"}, {"city": "Berlin", "ref": "AB1"}]
    assert results[1].step.input == "status of AB1"
    assert results[1].step.outputs[0].text == "AB1 is done"


async def test_a_case_without_variables_is_taken_by_the_letter() -> None:
    step = Step(r"{{city}} \{{ ${VIVA_BOT_T}", (expects("{{city}}"),))
    results, connector = await play(
        TestCase("case", (step,)), ["{{city}}"], around=RunContext(suite_secrets=SECRET)
    )
    assert results[0].verdict is P and results[0].values is None and results[0].step is step
    assert connector.sent[0][1].text == step.input


async def test_what_was_not_captured_ends_the_conversation_where_it_is_needed() -> None:
    case = with_variables(
        Step("hi", (expects("hello"),), captures=(Capture("ref", "regex", r"reference (\w+)"),)),
        Step("still here", (expects("yes"),)),
        Step("status of {{ref}}", (expects("done"),)),
        Step("bye", (expects("bye"),)),
    )
    results, connector = await play(case, ["hello", "yes"])
    assert [one.verdict for one in results] == [F, P, N, N]
    assert results[0].reasons == (
        'expected to capture {{ref}} by `reference (\\w+)`, but the bot said "hello"',
    )
    assert results[2].error == "{{ref}} has no value: step 1 of the case should have captured it"
    assert "broke off" in results[3].error
    assert len(connector.sent) == 2


async def test_unique_values_are_one_for_a_run_or_fresh_for_each_playing() -> None:
    case = with_variables(
        Step("{{run}} {{mine}}"), variables={"run": Unique("*", "run"), "mine": Unique("*")}
    )
    around = RunContext(run_id="ctr-1")
    results, connector = await play(case, [ConnectionLost("gone"), said()], around=around)
    assert [one.verdict for one in results] == [P]
    (one, two) = (message.text.split() for _, message in connector.sent)
    assert one[0] == two[0] and one[1] != two[1]
    _, other = await play(case, [said()], around=RunContext(run_id="ctr-2"))
    assert other.sent[0][1].text.split()[0] != one[0]


async def test_secrets_are_sent_and_compared_but_never_kept() -> None:
    case = with_variables(
        Step(
            "my token is ${VIVA_BOT_T}",
            (expects("{{who}}: ${VIVA_BOT_T}"),),
            captures=(Capture("echo", "regex", r": (\w+)"),),
        ),
        Step("again {{echo}} {{mine}}", (expects("no"),)),
        variables={"who": "token", "mine": "${VIVA_BOT_T}"},
        context={"auth": "${VIVA_BOT_T}", "who": "{{who}}"},
    )
    around = RunContext(suite_secrets=SECRET)
    results, connector = await play(case, ["token: s3cret", "s3cret is wrong"], around=around)
    assert [message.text for _, message in connector.sent] == ["my token is s3cret", "again s3cret s3cret"]
    assert connector.openings[0].context == {"auth": "s3cret", "who": "token"}
    assert [one.verdict for one in results] == [P, F]
    assert "s3cret" not in repr(results)
    assert results[0].step.input == "my token is ${VIVA_BOT_T}"
    assert results[1].step.input == "again ${VIVA_BOT_T} ${VIVA_BOT_T}"
    assert results[1].evidence == Exchange("again ${VIVA_BOT_T} ${VIVA_BOT_T}", "the wire")
    assert connector.openings[0].secrets.mask("s3cret") == "${VIVA_BOT_T}"


async def test_a_bot_cannot_have_a_secret_read_out_to_it() -> None:
    case = with_variables(
        Step("say ${VIVA_BOT_T}", captures=(Capture("x", "regex", ".*"),), arrangement="among"), Step("{{x}}")
    )
    _, connector = await play(case, ["${VIVA_BOT_T} {{x}}", said()], around=RunContext(suite_secrets=SECRET))
    assert connector.sent[1][1].text == "${VIVA_BOT_T} {{x}}"


async def test_a_variable_that_is_not_set_is_an_error_before_anything_is_sent() -> None:
    results, connector = await play(with_variables(Step("${VIVA_BOT_X}"), Step("bye")), [])
    assert [one.verdict for one in results] == [E, N]
    assert "${VIVA_BOT_X} has no value" in results[0].error
    assert not connector.sent


async def test_a_bot_that_echoes_its_own_token_leaves_no_trace_of_it() -> None:
    around = RunContext(secrets=Secrets(SECRET), suite_secrets=SECRET)
    case = TestCase("case", (Step("hi", (expects("your token is ?"),)),))
    results, _ = await play(case, ["your token is s3cret"], around=around)
    assert "s3cret" not in repr(results)
    assert results[0].reply is not None and results[0].reply.outputs[0].text == "your token is ${VIVA_BOT_T}"


async def test_evidence_is_kept_of_failed_and_errored_steps_alone() -> None:
    case = TestCase("case", (Step("a", (expects("a"),)), Step("b", (expects("x"),)), Step("c"), Step("d")))
    results, _ = await play(case, ["a", "b", BadStatus("500")])
    assert [one.verdict for one in results] == [P, F, E, N]
    wire = "the wire"
    assert [one.evidence for one in results] == [None, Exchange("b", wire), Exchange("c", wire), None]


async def test_a_step_in_error_tells_what_was_said() -> None:
    case = with_variables(Step("hi {{city}} ${VIVA_BOT_T}"), variables={"city": "Berlin"})
    results, _ = await play(case, [BadStatus("500 for s3cret")], around=RunContext(suite_secrets=SECRET))
    assert results[0].step.input == "hi Berlin ${VIVA_BOT_T}"
    assert results[0].error == "500 for ${VIVA_BOT_T}"
    assert results[0].values == {"city": "Berlin"}


async def test_a_threshold_holds_over_the_case() -> None:
    steps = tuple(Step(text, (expects(text),)) for text in "abcd")
    results, _ = await play(TestCase("case", steps, threshold=0.75), ["a", "b", "wrong", "d"])
    assert [one.verdict for one in results] == [P] * 4
    assert [one.tolerated for one in results] == [False, False, True, False]
    results, _ = await play(TestCase("case", steps, threshold=0.8), ["a", "b", "wrong", "d"])
    assert [one.verdict for one in results] == [P, P, F, P]
    assert "its threshold is 0.80" in results[2].reasons[-1]


class Asked:
    """A judge that is content with everything, and remembers what it was asked."""

    def __init__(self) -> None:
        self.questions: list[AskJudge] = []

    async def vote(self, question: AskJudge) -> Vote:
        self.questions.append(question)
        return Vote(True, "fine")

    async def aclose(self) -> None: ...


async def test_a_judge_sees_the_conversation_and_no_secret() -> None:
    judge = Asked()
    around = RunContext(suite_secrets=SECRET, grading=Grading(Graders(judge=judge)))
    polite = MeetsCriterion(criterion="polite")
    case = with_variables(
        Step("I am ${VIVA_BOT_T}", (expects("hello s3cret"),)),
        Step("bye", arrangement="among", assertions=(polite,)),
    )
    results, _ = await play(case, ["hello s3cret", "bye s3cret"], around=around)
    assert [one.verdict for one in results] == [P, P]
    (question,) = judge.questions
    assert question.reply == "bye ${VIVA_BOT_T}"
    assert question.transcript[0] == Turn("I am ${VIVA_BOT_T}", "hello ${VIVA_BOT_T}")
