import json
from typing import Any

import pytest
from tests.unit.formats.wire_values import GREETING, body, bot, sample, shape, suite, time

from vivavoce.domain.catalog import SuiteKind
from vivavoce.domain.run import LogEntry, Run, RunKind, RunStatus
from vivavoce.domain.suite import SuiteHead, TestCase
from vivavoce.formats.suite_document import suite_document
from vivavoce.formats.wire.imports import import_started, import_status


def validation(status: RunStatus, **fields: Any) -> Run:
    values: dict[str, Any] = {
        "id": "ds-f8xxxxx5-5xxa-5xx4-axx4-48xxxxxxxxx9",
        "kind": RunKind.VALIDATION,
        "bot": bot("st-45xxxxx7-3xx4-5xxa-9xxa-d8xxxxxxxxx0"),
        "suite_id": "ctc-a1xxxxxc-5xx3-5xx5-axx3-77xxxxxxxxxb",
        "suite_name": "newtestcase",
        "revision": 1,
        "version": "inDevelopment",
        "language": "en",
        "total": 20,
        "created_on": time("2023-08-23T10:03:21.825Z"),
        "modified_on": time("2023-08-23T10:03:36.109Z"),
        "triggered_by": "u-7dxxxxxf-7xxd-5xx7-axx7-37xxxxxxxxx4",
        "status": status,
    }
    return Run(**(values | fields))


def expected_sample(name: str) -> Any:
    # The sample's expiry lies 5 ms off; 3.2 says 15 minutes.
    return sample(name) | {"expireAt": "2023-08-23T10:18:21.825Z"}


def assert_same(actual: Any, expected: Any) -> None:
    assert actual == expected
    assert shape(actual) == shape(expected)


def test_in_progress_equals_the_sample():
    run = validation(RunStatus.RUNNING, done=17)
    document = body(import_status(run, iter([b'{"never":"shown"}'])))
    assert_same(document, expected_sample("conversation-import-inprogress.json"))


def test_success_equals_the_sample_around_the_streamed_suite():
    expected = expected_sample("conversation-import-success.json")
    suite = json.dumps(expected["response"]).encode()
    run = validation(RunStatus.PASSED, done=20, modified_on=time("2023-08-23T10:04:24.972Z"))
    assert_same(body(import_status(run, iter([suite[:40], suite[40:]]))), expected)


def test_the_suite_document_fits_into_the_body():
    """The join with the suite's own writer: the sample's keys, types and order."""
    head = SuiteHead(name="newtestcase", metadata_available=True)
    record = suite(SuiteKind.CONVERSATION, head=head, modified_by="u-1")
    case = TestCase("", (GREETING,))
    document = suite_document(record, [case], account_id="6" * 24, stream_id="st-1")
    actual = body(import_status(validation(RunStatus.PASSED, done=20), document))
    assert shape(actual) == shape(sample("conversation-import-success.json"))


def test_failed_equals_the_sample():
    log = LogEntry(
        time("2023-08-23T10:03:36.109Z"), "error", "the bot could not be reached: connection refused", 0
    )
    run = validation(RunStatus.ERROR, done=8, logs=(log,), error_details=log.message)
    assert_same(body(import_status(run, None)), expected_sample("ours/conversation-import-failed.json"))


@pytest.mark.parametrize(
    "status",
    [RunStatus.FAILED, RunStatus.ERROR, RunStatus.CANCELLED, RunStatus.UNUSABLE, RunStatus.BROKEN],
)
def test_every_other_end_is_failed_and_says_why(status):
    run = validation(status, error_details="disk full", ended_on=time("2023-08-23T10:05:00.000Z"))
    document = body(import_status(run, iter([b"{}"])))
    assert document["status"] == "FAILED"
    assert "response" not in document
    assert document["statusLogs"] == [
        {"time": "2023-08-23T10:05:00.000Z", "level": "error", "message": "disk full", "step": None}
    ]


def test_warnings_stay_with_a_success():
    warning = LogEntry(time("2023-08-23T10:03:36.109Z"), "warning", "step 2 does not hold", 2)
    document = body(import_status(validation(RunStatus.PASSED, logs=(warning,)), iter([b"{}"])))
    assert (document["status"], document["response"]) == ("SUCCESS", {})
    assert document["statusLogs"][0]["level"] == "warning"


def test_the_call_answers_the_validations_id():
    assert import_started("ds-1") == b'{"status":"IN_PROGRESS","dsId":"ds-1"}'
