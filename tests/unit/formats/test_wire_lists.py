from tests.unit.formats.wire_values import body, conversation_run, sample, suite

from vivavoce.domain.catalog import StoredFile, SuiteKind
from vivavoce.domain.run import Counts, RunStatus
from vivavoce.formats.wire.errors import error_body
from vivavoce.formats.wire.lists import conversation_list, run_list
from vivavoce.formats.wire.uploads import uploaded


def passed_run():
    return conversation_run(RunStatus.PASSED, total=13, done=13, counts=Counts(passed=13))


def test_the_conversation_list():
    suites = [suite(SuiteKind.CONVERSATION), suite(SuiteKind.CONVERSATION, id="ctc-2")]
    document = body(conversation_list(suites, count=7, more=True, last_runs={"ctc-1": passed_run()}))
    assert list(document) == ["count", "moreAvailable", "testSuites"]
    assert list(document["testSuites"][0].items()) == [
        ("_id", "ctc-1"),
        ("name", "A / B"),
        ("description", "both"),
        ("tags", ["smoke"]),
        ("createdOn", "2023-08-23T10:03:21.825Z"),
        ("lModOn", "2023-08-23T10:04:24.972Z"),
        ("totalTestStepsCount", 3),
        ("lastRun", sample("conversation-run-completed.brief.json")),
    ]
    assert document["testSuites"][1]["lastRun"] is None


def test_runs_are_brief_status_bodies():
    document = body(run_list([passed_run()], count=1, more=False))
    assert document == {
        "count": 1,
        "moreAvailable": False,
        "runs": [sample("conversation-run-completed.brief.json")],
    }


def test_errors_have_one_shape():
    assert (
        error_body([("Validation errors/ Invalid arguments", 412), ("$.näme: missing", 412)])
        == (
            '{"errors":[{"msg":"Validation errors/ Invalid arguments","code":412},'
            '{"msg":"$.näme: missing","code":412}]}'
        ).encode()
    )


def test_an_upload_answers_its_id_and_hash():
    file = StoredFile(
        id="a" * 24,
        key="k",
        name="x.csv",
        size=1,
        sha256="ff",
        client_id="cs-1",
        created_on=passed_run().created_on,
    )
    assert body(uploaded(file)) == {"fileId": "a" * 24, "hash": "ff"}
    assert body(uploaded(file, named=True)) == {"fileId": "a" * 24, "hash": "ff", "fileName": "a" * 24}
