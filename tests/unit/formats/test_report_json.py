import json

from inline_snapshot import snapshot
from tests.unit.formats.report_values import batch, conversation, conversation_results, reported, step

from vivavoce.domain.run import RunStatus
from vivavoce.formats.reports.json_report import json_report


def parsed(*runs):
    return json.loads("".join(json_report(runs)))


def test_it_states_its_format():
    document = parsed()
    assert document == {"format": "vivavoce-report", "version": 1, "runs": []}


def test_the_head_of_a_conversation_run():
    (run,) = parsed(conversation())["runs"]
    results = run.pop("results")
    assert run == snapshot(
        {
            "id": "ctr-8xxxxxxa-bxx1-5xx1-axx7-d5xxxxxxxxxb",
            "kind": "conversation",
            "suite": "greetings",
            "revision": 1,
            "bot": {"id": "st-4xxxxxx7-3xx4-5xxa-9xxa-d8xxxxxxxxx0", "name": "Bank"},
            "botVersion": "inDevelopment",
            "language": "en",
            "engine": "",
            "notes": "",
            "status": "failed",
            "errorDetails": None,
            "createdOn": "2023-08-23T10:14:13.100Z",
            "startedOn": "2023-08-23T10:14:13.330Z",
            "endedOn": "2023-08-23T10:14:27.694Z",
            "total": 7,
            "counts": {"passed": 3, "failed": 1, "error": 1, "notExecuted": 2},
            "passRate": 0.75,
            "metrics": None,
            "intents": None,
        }
    )
    assert len(results) == 7
    assert results[2] == snapshot(
        {
            "index": 2,
            "case": "Opening hours",
            "step": 1,
            "unit": 1,
            "input": "when?",
            "trigger": None,
            "verdict": "failed",
            "expected": ["9 to 5"],
            "actual": ["8 to 4"],
            "intents": [],
            "reasons": ["output 1: expected '9 to 5', got '8 to 4'"],
            "warnings": [],
            "durationMs": 250.0,
        }
    )


def test_a_batch_run_has_metrics():
    (run,) = parsed(batch())["runs"]
    assert run["metrics"] == snapshot(
        {
            "precision": 0.5,
            "recall": 0.5,
            "f1": 0.5,
            "accuracy": 0.5,
            "TP": 1,
            "TN": 1,
            "FP": 1,
            "FN": 1,
            "errors": 1,
        }
    )
    assert run["results"][0] == snapshot(
        {
            "index": 0,
            "line": 2,
            "utterance": "send 5 to Ann",
            "verdict": "failed",
            "outcome": "TP",
            "expected": {
                "intents": ["Transfer", "Pay"],
                "traits": [],
                "parentIntents": ["Money", "Accounts"],
                "entityOrder": ["amount", "to"],
            },
            "matched": {
                "intents": [{"name": "Transfer", "score": 0.9, "type": "dialog"}],
                "candidates": [
                    {"name": "Transfer", "score": 0.9, "type": "dialog"},
                    {"name": "Balance", "score": 0.0625, "type": "dialog"},
                ],
                "traits": [],
                "entityOrder": ["amount", "to"],
                "taskState": "published",
                "elimination": "FM: low",
            },
            "entities": [
                {"name": "amount", "expected": ["5", "5.0"], "actual": "5", "matched": True},
                {"name": "to", "expected": ["Bob"], "actual": "Ann", "matched": False},
            ],
            "traits": [],
            "reasons": ["entity to: expected 'Bob', found 'Ann'"],
            "warnings": [],
            "durationMs": 10,
        }
    )
    assert [result["verdict"] for result in run["results"]] == [
        "failed",
        "passed",
        "failed",
        "error",
        "failed",
    ]


def test_what_is_undefined_is_null():
    (run,) = parsed(batch([]))["runs"]
    assert run["passRate"] is None
    assert (run["metrics"]["precision"], run["metrics"]["recall"], run["metrics"]["f1"]) == (None,) * 3


def test_counts_of_a_run_that_has_not_ended_are_counted():
    played = conversation_results()[:4]
    (run,) = parsed(conversation(played, counts=None, total=10, status=RunStatus.RUNNING))["runs"]
    assert run["counts"] == {"passed": 3, "failed": 1, "error": 0, "notExecuted": 6}
    assert run["passRate"] == 0.75


def test_metrics_of_a_batch_run_that_has_not_ended_are_added_up():
    (ended,), (going,) = parsed(batch())["runs"], parsed(batch(tally=None, counts=None))["runs"]
    assert going["metrics"] == ended["metrics"]
    assert going["counts"] == ended["counts"]


def test_texts_are_as_they_were():
    text = '=1+1,"|`]]>\x00\r\n😀'
    (run,) = parsed(conversation([step(text, text, text, case=text)]))["runs"]
    result = run["results"][0]
    assert (result["input"], result["case"], result["expected"], result["actual"]) == (
        text,
        text,
        [text],
        [text],
    )


def test_results_are_written_as_they_are_read():
    alive = most = 0

    def watched(results):
        nonlocal alive, most
        for result in results * 1000:
            alive += 1
            most = max(most, alive)
            yield result
            alive -= 1

    run = reported(conversation().run, conversation_results(), watched)
    assert sum(1 for _ in json_report([run])) > 7000
    assert most == 1


def test_figures_that_would_say_nothing_are_null():
    """Traits found besides are right, so precision would always be 1; an entity has no true negatives."""
    (run,) = parsed(batch())["runs"]
    traits = {one["name"]: one for one in run["evaluation"]["traits"]}
    entities = {one["name"]: one for one in run["evaluation"]["entities"]}
    trait, entity = traits["Polite"], entities["to"]
    assert (trait["recall"], trait["support"]) == (0, 1)
    for key in ("precision", "precisionInterval", "f1", "f1Interval", "accuracy"):
        assert trait[key] is None
    assert (entity["precision"], entity["recall"], entity["f1"]) == (0, 0, 0)
    assert entity["accuracy"] is None and entity["f1Interval"] is None
