import pytest
from tests.unit.formats.wire_values import batch_run, body, sample, shape, suite, time

from vivavoce.domain.catalog import SuiteKind
from vivavoce.domain.run import RunStatus, Tally
from vivavoce.formats.wire import batches

FILE_URL = sample("batch-run-completed.json")["result"]["fileUrl"]


def expected_sample(name):
    document = sample(name)
    # The samples show another suite id inside `result` than outside (not normative); a run has one.
    document["result"]["testSuiteId"] = document["testSuiteId"]
    return document


def assert_same(actual, expected):
    assert actual == expected
    assert shape(actual) == shape(expected)


def test_completed_equals_the_sample_also_when_every_utterance_errored():
    run = batch_run(RunStatus.ERROR, report_file="649980035ebd2d3b2d5c6df5")
    document = body(batches.run_status(run, file_url=FILE_URL))
    assert_same(document, expected_sample("batch-run-completed.json"))


def test_running_equals_the_sample():
    run = batch_run(
        RunStatus.RUNNING,
        id="tr-beaadxxb-xxxx-xxxe-axfb-xxxxcxbexdxa",
        suite_id="ts-deaxxxxc-xxxx-xxxe-axbx-bxxcxxxxfxxx",
        triggered_by="u-xxbdxecd-xxdx-xxex-xxxd-xxdxxxxdxxea",
        started_on=time("2021-01-07T17:05:34.509Z"),
        total=10,
        done=5,
    )
    expected = expected_sample("batch-run-running.json")
    expected["streamId"] = expected["result"]["streamId"] = run.bot.id
    assert_same(body(batches.run_status(run, file_url="")), expected)


def test_cancelled_equals_the_sample():
    run = batch_run(RunStatus.CANCELLED, error_details="cancelled")
    document = body(batches.run_status(run, file_url=FILE_URL))
    assert_same(document, expected_sample("ours/batch-run-cancelled.json"))


@pytest.mark.parametrize("status", [RunStatus.BROKEN, RunStatus.UNUSABLE])
def test_failed_equals_the_sample(status):
    run = batch_run(status, error_details="the results could not be stored: disk full")
    assert_same(body(batches.run_status(run, file_url="")), expected_sample("ours/batch-run-failed.json"))


def test_scores_have_two_decimals_and_errors_count_as_failures_only_here():
    tally = Tally(
        tp=5,
        tn=1,
        fp=2,
        fn=1,
        failed_utterances=1,
        total_entities=4,
        matched_entities=3,
        failed_entities=1,
        total_traits=2,
        matched_traits=1,
        trait_success=1,
        trait_failure=1,
    )
    run = batch_run(RunStatus.FAILED, total=10, done=10, tally=tally, report_file="f" * 24)
    result = body(batches.run_status(run, file_url="http://h/x"))["result"]
    assert (result["precision"], result["recall"], result["f1_score"]) == ("0.71", "0.83", "0.77")
    assert result["isPartialFailure"] is True
    assert result["results"] == {
        "TP": 5,
        "TN": 1,
        "FP": 2,
        "FN": 1,
        "success": 6,
        "failure": 4,
        "traitSuccess": 1,
        "traitFailure": 1,
        "totalEntitiesCount": 4,
        "matchedEntitiesCount": 3,
        "totalTraitsCount": 2,
        "matchedTraitsCount": 1,
        "failedUtteranceCount": 1,
        "failedEntitiesCount": 1,
    }


def test_the_suite_record():
    record = suite(SuiteKind.BATCH, file_id="5" * 24, file_name="cases.csv")
    assert list(body(batches.suite_record(record)).items()) == [
        ("_id", "ts-1"),
        ("name", "A / B"),
        ("description", "both"),
        ("streamId", "st-1"),
        ("language", "en"),
        ("fileId", "5" * 24),
        ("createdBy", "u-1"),
        ("createdOn", "2023-08-23T10:03:21.825Z"),
        ("modifiedOn", "2023-08-23T10:04:24.972Z"),
        ("__v", 0),
        ("fileName", "cases.csv"),
    ]


def test_the_list_holds_suites_by_id_and_prebuilt_ones_by_name():
    run = batch_run(RunStatus.PASSED, tally=Tally(tp=1))
    document = body(
        batches.suite_list(
            [suite(SuiteKind.BATCH)],
            count=3,
            more=True,
            runs={"ts-1": [run]},
            prebuilt={"AllMlUtterances": [], "Last100sentences": [run]},
        )
    )
    assert list(document) == ["count", "moreAvailable", "ts-1", "AllMlUtterances", "Last100sentences"]
    assert (document["count"], document["moreAvailable"]) == (3, True)
    listed = document["ts-1"]["results"][0]
    assert list(listed) == ["_id", "version", "results", "recall", "precision", "f1_score"]
    assert listed["f1_score"] == "1.00"
    assert document["AllMlUtterances"] == {"testSuiteType": "prebuilt", "results": []}


def test_short_answers():
    record = suite(SuiteKind.BATCH)
    assert batches.run_accepted("tr-1") == b'{"status":"accepted","requestId":"tr-1"}'
    assert batches.RUN_CANCELLED == b'{"status":"cancelled"}'
    assert batches.SUITE_REMOVED == b'{"message":"Test Suite removed successfully"}'
    assert batches.RUN_REMOVED == b'{"message":"Test Result Removed Successfully"}'
    assert batches.suite_export(record, download_url="http://h/x") == (
        b'{"downloadUrl":"http://h/x","name":"A / B","description":"both"}'
    )
