"""The driver: what is repeated, what is not, and what a broken conversation leaves."""

from collections.abc import Sequence
from itertools import count

import pytest

from tests.unit.engine.fakes import Answer, FakeClock, ToldConnector, ToldSession, case, said
from vivavoce.domain.bot import Limits
from vivavoce.domain.errors import (
    BadStatus,
    ConnectionLost,
    ConnectorError,
    StepTimeout,
    Throttled,
    Unreachable,
    UnreadableReply,
)
from vivavoce.domain.output import Output, Reply
from vivavoce.domain.suite import Step, SuiteHead, TestCase
from vivavoce.domain.verdict import Verdict
from vivavoce.engine.conversation import ConversationDriver, message_of
from vivavoce.engine.ports.bots import Opening

TWO = case(("hi", "hello"), ("bye", "see you"))
P, F, E, N = Verdict.PASSED, Verdict.FAILED, Verdict.ERROR, Verdict.NOT_EXECUTED


def driver(
    connector: ToldConnector, clock: FakeClock, *, head: SuiteHead | None = None
) -> ConversationDriver:
    ids = count()
    return ConversationDriver(
        connector,
        head or SuiteHead(),
        Limits(retries=2),
        "en",
        pacer=None,
        clock=clock,
        new_id=lambda prefix: f"{prefix}-{next(ids)}",
    )


async def verdicts(answers: Sequence[Answer], suite_case: TestCase = TWO) -> list[Verdict]:
    played = await driver(ToldConnector(answers), FakeClock()).play(suite_case, 0)
    return [result.verdict for result in played.results]


async def test_each_case_is_one_session_that_is_closed() -> None:
    connector = ToldConnector(["hello", "see you", "hello", "see you"])
    play = driver(connector, FakeClock())
    await play.play(TWO, 0)
    await play.play(TWO, 2)
    assert [session for session, _ in connector.sent] == ["conversation-0"] * 2 + ["conversation-1"] * 2
    assert connector.closed == 2


async def test_a_failed_assertion_does_not_end_the_conversation() -> None:
    assert await verdicts(["wrong", "see you"]) == [F, P]


async def test_indexes_count_over_the_whole_run() -> None:
    played = await driver(ToldConnector(["hello", "see you"]), FakeClock()).play(TWO, 40)
    assert [result.index for result in played.results] == [40, 41]


@pytest.mark.parametrize("error", [Unreachable("refused"), Throttled("later", 5)])
async def test_a_turn_that_was_not_taken_is_sent_again_in_the_same_session(error: ConnectorError) -> None:
    connector, clock = ToldConnector(["hello", error, "see you"]), FakeClock()
    played = await driver(connector, clock).play(TWO, 0)
    assert [result.verdict for result in played.results] == [P, P]
    assert len(connector.openings) == 1
    assert clock.slept == [5 if isinstance(error, Throttled) else 0.2]


async def test_a_long_retry_after_is_cut_to_30_seconds() -> None:
    clock = FakeClock()
    await driver(ToldConnector([Throttled("later", 3600), "hello", "see you"]), clock).play(TWO, 0)
    assert clock.slept == [30]


async def test_beginning_a_conversation_is_not_the_time_of_its_first_reply() -> None:
    clock = FakeClock()

    class SlowToOpen(ToldConnector):
        async def open(self, opening: Opening) -> ToldSession:
            await clock.sleep(3)
            return await super().open(opening)

    played = await driver(SlowToOpen(["hello", "see you"]), clock).play(TWO, 0)
    assert [result.duration_ms for result in played.results] == [0, 0]


async def test_a_lost_connection_replays_the_conversation_in_a_new_session() -> None:
    connector = ToldConnector(["hello", ConnectionLost("broken off"), "hello", "see you"])
    played = await driver(connector, FakeClock()).play(TWO, 0)
    assert [result.verdict for result in played.results] == [P, P]
    assert [session for session, _ in connector.sent] == ["conversation-0"] * 2 + ["conversation-1"] * 2


async def test_repeats_end_and_the_reason_says_how_many() -> None:
    played = await driver(ToldConnector([Unreachable("refused")] * 3), FakeClock()).play(TWO, 0)
    assert [result.verdict for result in played.results] == [E, N]
    assert played.results[0].error == "refused (after 2 retries)"
    assert played.outage


async def test_replays_end_too_and_keep_what_was_judged_before_the_break() -> None:
    answers = ["hello", ConnectionLost("broken off")] * 3
    assert await verdicts(answers) == [P, E]


@pytest.mark.parametrize("error", [StepTimeout("slow"), BadStatus("500"), UnreadableReply("not JSON")])
async def test_other_errors_are_errors_at_once_and_end_the_conversation(error: ConnectorError) -> None:
    connector = ToldConnector([error])
    played = await driver(connector, FakeClock()).play(TWO, 0)
    assert [result.verdict for result in played.results] == [E, N]
    assert played.results[0].error == error.message
    assert "broke off at step 1" in played.results[1].error
    assert len(connector.sent) == 1


async def test_a_fault_of_ours_is_an_error_not_a_failure() -> None:
    assert await verdicts([KeyError("bug")]) == [E, N]


async def test_a_session_that_the_bot_ends_leaves_the_rest_unexecuted() -> None:
    answers = [Reply((Output("hello"),), ended=True)]
    played = await driver(ToldConnector(answers), FakeClock()).play(TWO, 40)
    assert [result.verdict for result in played.results] == [P, N]
    assert played.results[1].error == "the bot ended the session after step 1", (
        "of the case, whatever its place"
    )


async def test_welcome_messages_of_each_session_are_dropped() -> None:
    connector = ToldConnector([said("Welcome!", "hello"), "see you"])
    play = driver(connector, FakeClock(), head=SuiteHead(welcome_message_count=1))
    played = await play.play(TWO, 0)
    assert [result.verdict for result in played.results] == [P, P]


async def test_a_discard_message_comes_first_where_sessions_are_not_fresh() -> None:
    head = SuiteHead(discard_message="discard all", welcome_message_count=1)
    for fresh, answers, sent in (
        (False, [said("Welcome!", "discarded"), "hello", "see you"], ["discard all", "hi", "bye"]),
        (True, [said("Welcome!", "hello"), "see you"], ["hi", "bye"]),
    ):
        connector = ToldConnector(answers)
        connector.fresh_sessions = fresh
        played = await driver(connector, FakeClock(), head=head).play(TWO, 0)
        assert [result.verdict for result in played.results] == [P, P]
        assert [message.text for _, message in connector.sent] == sent


async def test_a_discard_message_without_an_answer_is_an_error_of_the_first_step() -> None:
    connector = ToldConnector([BadStatus("500")])
    connector.fresh_sessions = False
    played = await driver(connector, FakeClock(), head=SuiteHead(discard_message="discard all")).play(TWO, 0)
    assert [result.verdict for result in played.results] == [E, N]


def test_the_input_of_a_trigger_is_no_text_when_it_repeats_its_name() -> None:
    assert message_of(Step("Start_Flow", trigger="Start_Flow")).text == ""
    assert message_of(Step("Start_Flow", trigger="Start_Flow")).trigger == "Start_Flow"
    assert message_of(Step("hello", trigger="Start_Flow")).text == "hello"
    assert message_of(Step("hello")).trigger == ""
