import pytest
from tests.unit.formats.wire_values import (
    GREETING,
    HELD,
    HELP,
    STANDARD,
    TEMPLATE,
    body,
    conversation_run,
    greeting_passed,
    help_failed,
    help_in_error,
    help_passed,
    sample,
    shape,
)

from vivavoce.domain.assertions.buttons import Buttons
from vivavoce.domain.assertions.intent import Intent
from vivavoce.domain.assertions.replies import Replies
from vivavoce.domain.assertions.starts_with import StartsWith
from vivavoce.domain.check import Check
from vivavoce.domain.judging import judge_step
from vivavoce.domain.output import Fact, Output, Reply
from vivavoce.domain.run import Counts, RunStatus
from vivavoce.domain.suite import Assertions, ExpectedOutput, FlowAssertion, Step, TextAssertion, TextEntry
from vivavoce.domain.verdict import OutputResult, StepResult, Verdict
from vivavoce.formats.wire import conversations
from vivavoce.formats.wire.conversations import brief_status, run_status
from vivavoce.formats.wire.steps import execution_document

# The samples' request ids do not follow from their run ids (not normative), ours do.
FIRST, SECOND = (f"ctr-8xxxxxxa-bxx1-5xx1-axx7-d5xxxxxxxxxb{index}" for index in (0, 1))


def full(run, results):
    return body(run_status(run, lambda: iter(results), details=True))


def expected_sample(name):
    document = sample(name)
    for request_id, result in zip(
        (FIRST, SECOND), document["result"].get("executionResults", []), strict=False
    ):
        result["requestId"] = request_id
    return document


def assert_same(actual, expected):
    assert actual == expected
    assert shape(actual) == shape(expected)  # the same keys in the same order


def test_passed_equals_the_sample():
    expected = expected_sample("conversation-run-completed.json")
    expected["result"]["nlpVersion"] = ["v3", "v3"]  # the sample leaves eleven steps out
    run = conversation_run(RunStatus.PASSED, total=13, done=13, counts=Counts(passed=13))
    assert_same(full(run, [greeting_passed("v3"), help_passed("v3")]), expected)


def test_failed_equals_the_sample():
    run = conversation_run(RunStatus.FAILED, counts=Counts(passed=1, failed=1))
    assert_same(
        full(run, [greeting_passed(), help_failed()]), expected_sample("ours/conversation-run-failed.json")
    )


def test_in_error_equals_the_aborted_sample():
    run = conversation_run(RunStatus.ERROR, counts=Counts(passed=1, error=1))
    assert_same(
        full(run, [greeting_passed(), help_in_error()]),
        expected_sample("ours/conversation-run-aborted.json"),
    )


def test_cancelled_before_the_first_step_equals_the_sample():
    run = conversation_run(
        RunStatus.CANCELLED, done=0, counts=Counts(not_executed=2), error_details="cancelled"
    )
    assert_same(full(run, []), sample("ours/conversation-run-cancelled-before-first-step.json"))


def in_progress():
    return conversation_run(
        RunStatus.RUNNING, id="ctr-80xxxxxa-bxx1-5xx1-axx7-d5xxxxxxxxxb", total=100, done=85
    )


def test_in_progress_equals_the_samples():
    for name, details in (
        ("conversation-run-inprogress.json", True),
        ("conversation-run-inprogress.brief.json", False),
    ):
        expected = sample(name) | {"totalTestStepsCount": 100}
        assert_same(body(run_status(in_progress(), lambda: pytest.fail("read"), details=details)), expected)


def test_the_brief_form_equals_the_sample_and_reads_no_results():
    run = conversation_run(RunStatus.PASSED, total=13, done=13, counts=Counts(passed=13))
    chunks = run_status(run, lambda: pytest.fail("read"), details=False)
    assert_same(body(chunks), sample("conversation-run-completed.brief.json"))


def test_bodies_are_compact_raw_utf_8():
    step = Step(input="Grüße 😀")
    result = StepResult(0, "a", step, Verdict.PASSED, Reply())
    run = conversation_run(RunStatus.PASSED, total=1, done=1, counts=Counts(passed=1))
    raw = b"".join(run_status(run, lambda: [result], details=True))
    assert '"input":"Grüße 😀","outputs":[]'.encode() in raw
    assert raw.startswith(b'{"_id":"ctr-8xxxxxxa-bxx1-5xx1-axx7-d5xxxxxxxxxb","streamId":"st-')


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (RunStatus.RUNNING, "inprogress"),
        (RunStatus.PASSED, "passed"),
        (RunStatus.FAILED, "failed"),
        (RunStatus.ERROR, "aborted"),
        (RunStatus.CANCELLED, "aborted"),
        (RunStatus.UNUSABLE, "aborted"),
        (RunStatus.BROKEN, "aborted"),
    ],
)
def test_statuses_are_the_platforms_words(status, word):
    document = brief_status(conversation_run(status))
    assert document["status"] == document["result"]["status"] == word


def test_a_published_run_says_so():
    run = conversation_run(RunStatus.PASSED, version="published")
    assert brief_status(run)["result"]["version"] == "published"


def test_error_details_name_the_run_first_then_its_steps_and_stay_bounded(monkeypatch):
    monkeypatch.setattr(conversations, "MAX_REASONS", 2)
    errors = [StepResult(index, "a", HELP, Verdict.ERROR, error="timeout") for index in range(5)]
    run = conversation_run(RunStatus.UNUSABLE, total=5, error_details="the bot is down")
    assert full(run, errors)["result"]["errorDetails"] == (
        "the bot is down\nstep 0: timeout\nstep 1: timeout\nand 3 more"
    )


def test_a_long_run_leaves_in_blocks_and_is_held_nowhere():
    alive = 0
    most = 0

    def results():
        nonlocal alive, most
        for index in range(3000):
            alive += 1
            most = max(most, alive)
            yield StepResult(index, "a", HELP, Verdict.PASSED, Reply((Output(TEMPLATE, STANDARD),)))
            alive -= 1

    run = conversation_run(RunStatus.PASSED, total=3000, counts=Counts(passed=3000))
    blocks = list(run_status(run, results, details=True))
    assert most == 1
    assert 10 < len(blocks) < 200
    assert len(body(blocks)["result"]["executionResults"]) == 3000


def test_a_missing_reply_fails_what_is_enabled_and_an_extra_one_is_not_judged():
    missing = OutputResult(text=Check(False, (False,)), flow=Check(False, (False,)), missing=True)
    silent = execution_document("r", StepResult(0, "a", HELP, Verdict.FAILED, Reply(), (missing,)))
    assert silent["actualOutput"] == []
    assert silent["outputs"][0]["assertions"]["flowLevel"]["status"] == "failed"
    assert "status" not in silent["outputs"][0]["assertions"]["context"]

    reply = Reply((Output("asdasd"), Output("and more")))
    judged = (OutputResult(text=HELD), OutputResult(extra=True))
    talkative = execution_document("r", StepResult(7, "a", GREETING, Verdict.FAILED, reply, judged))
    assert [one["text"] for one in talkative["actualOutput"]] == ["asdasd", "and more"]
    assert talkative["actualOutput"][1]["assertions"] == {
        "flowLevel": {"enabled": False, "contains": []},
        "text": {"enabled": False, "contains": []},
        "context": {"enabled": False, "contains": []},
    }
    assert (talkative["requestId"], talkative["status"]) == ("r7", "failed")
    assert len(talkative["outputs"]) == 1


def test_what_the_judge_says_is_what_the_sample_shows():
    run = conversation_run(RunStatus.FAILED, counts=Counts(passed=1, failed=1))
    facts = frozenset[Fact](["intent", "node", "transitions", "prompt", "context"])
    replies = (Reply((Output("asdasd"),)), Reply((Output("Something else", STANDARD),)))
    results = [
        judge_step(index, "greetings", step, reply, facts, 1.0)
        for index, (step, reply) in enumerate(zip((GREETING, HELP), replies, strict=True))
    ]
    assert_same(full(run, results), expected_sample("ours/conversation-run-failed.json"))


def test_what_was_not_evaluated_has_no_status():
    judged = OutputResult(text=HELD, flow=Check(None, (None,)))
    reply = Reply((Output(TEMPLATE, STANDARD),))
    document = execution_document("r", StepResult(0, "a", HELP, Verdict.PASSED, reply, (judged,)))
    assert document["outputs"][0]["assertions"]["flowLevel"] == {
        "enabled": True,
        "contains": [{"nodeId": "Confirmation"}],
    }


def test_a_flow_that_nobody_stated_is_shown_as_it_was_judged():
    unstated = Assertions(TextAssertion(True, (TextEntry("hi"),)), FlowAssertion())
    step = Step(input="hello", outputs=(ExpectedOutput("hi", unstated),))
    judged = (OutputResult(text=HELD),)
    document = execution_document(
        "r", StepResult(0, "a", step, Verdict.PASSED, Reply((Output("hi"),)), judged)
    )
    flow = document["outputs"][0]["assertions"]["flowLevel"]
    assert list(flow.items()) == [("enabled", False), ("contains", [])]


def test_names_matched_in_a_step_are_listed():
    reply = Reply(intents=("Transfer",), faqs=("What is an IBAN?",), smalltalk=("thanks",))
    document = execution_document("r", StepResult(0, "a", Step(input="x"), Verdict.PASSED, reply))
    assert (document["intents"], document["faqs"], document["smalltalk"]) == (
        ("Transfer",),
        ("What is an IBAN?",),
        ("thanks",),
    )
    assert "event" not in document
    assert "testCase" not in document


def expected_text(text, *also):
    return ExpectedOutput(text, Assertions(TextAssertion(True, (TextEntry(text),))), also=also)


def judged_document(step, *texts):
    reply = Reply(tuple(Output(text) for text in texts))
    return execution_document("r", judge_step(0, "a", step, reply, frozenset(), 1.0))


def statuses(outputs):
    return [(one["text"], one["assertions"]["text"].get("status")) for one in outputs]


def test_outputs_in_any_order_are_shown_with_what_was_held_against_them():
    step = Step(input="x", arrangement="anyOrder", outputs=(expected_text("one"), expected_text("two")))
    document = judged_document(step, "two", "three", "one")
    assert statuses(document["actualOutput"]) == [("two", "passed"), ("three", None), ("one", "passed")]
    assert document["actualOutput"][0]["assertions"]["text"]["contains"] == [
        {"text": "two", "status": "passed"}
    ]
    assert document["actualOutput"][1]["assertions"]["text"] == {"enabled": False, "contains": []}
    assert statuses(document["outputs"]) == [("one", "passed"), ("two", "passed")]
    assert document["status"] == "failed"


def test_outputs_among_others_leave_the_others_unjudged():
    step = Step(input="x", arrangement="among", outputs=(expected_text("one"), expected_text("two")))
    document = judged_document(step, "zero", "one", "more")
    assert statuses(document["actualOutput"]) == [("zero", None), ("one", "passed"), ("more", None)]
    assert statuses(document["outputs"]) == [("one", "passed"), ("two", "failed")]


def test_findings_of_our_own_stand_apart_from_the_contracts():
    also = (
        StartsWith(texts=("o",), weight=2.0),
        Buttons(titles=("Yes",)),
        Intent(names=("a",), soft=True),
    )
    step = Step(input="x", outputs=(expected_text("one", *also),), assertions=(Replies(min=1),))
    document = judged_document(step, "one")
    (output,) = document["outputs"]
    assert output["assertions"]["text"]["status"] == "passed" and document["status"] == "failed"
    assert output["findings"] == [
        {"kind": "startsWith", "status": "passed", "weight": 2.0},
        {
            "kind": "buttons",
            "status": "failed",
            "reason": 'expected the button "Yes", but the reply shows no button',
        },
        {
            "kind": "intent",
            "status": "notEvaluated",
            "reason": "the connector cannot read the intent of a reply: give `intent` a path in the bot file",
            "soft": True,
        },
    ]
    assert document["findings"] == [{"kind": "replies", "status": "passed"}]
    assert "findings" not in judged_document(Step(input="x", outputs=(expected_text("one"),)), "one")
