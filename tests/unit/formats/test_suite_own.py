"""What is wrong with the keys of our own in suite documents and transcripts."""

import json
from typing import Any

import pytest

from vivavoce.domain.errors import Malformed
from vivavoce.domain.suite import Step, SuiteHead, TestCase
from vivavoce.formats.conversations import read_conversations
from vivavoce.formats.suite_document import output_document, step_document

STEP: dict[str, Any] = {"input": "hi", "outputs": ["hello"]}


def problems(*steps: dict[str, Any]) -> list[str]:
    with pytest.raises(Malformed) as refused:
        read_conversations(json.dumps({"testSteps": [{**STEP, **step} for step in steps]}).encode())
    return [str(problem) for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ({"arrangement": "anyorder"}, "$.testSteps[0].arrangement: unknown arrangement `anyorder`"),
        ({"assertions": [{"kind": "startWith"}]}, "$.testSteps[0].assertions[0]: unknown kind of assertion"),
        ({"assertions": [{"kind": "startsWith"}]}, "$.testSteps[0].assertions[0]: Object missing required"),
        (
            {"assertions": [{"kind": "startsWith", "texts": []}]},
            "$.testSteps[0].assertions[0]: the list is empty",
        ),
        (
            {"outputs": [{"text": "a", "also": [{"kind": "x"}]}]},
            "$.testSteps[0].outputs[0].also[0]: unknown kind",
        ),
        ({"captures": [{"name": "a"}]}, "$.testSteps[0].captures[0]: Object missing required field"),
        (
            {"captures": [{"name": "a", "source": "regex", "expression": "("}]},
            "$.testSteps[0].captures[0]: `(` is no regular expression",
        ),
        (
            {"captures": [{"name": "a", "source": "regex", "expression": "h"}] * 2},
            "$.testSteps[0].captures[1]: `a` is captured twice",
        ),
        ({"variables": {"a": [1]}}, "$.testSteps[0].variables: Expected"),
        ({"variables": {"city": "B"}, "input": "{{citty}}"}, "did you mean `city`?"),
        ({"threshold": 2}, "$.testSteps[0].threshold: must be over 0 and at most 1, not 2"),
        ({"passRule": "some"}, "$.testSteps[0].passRule: unknown rule `some`"),
        ({"opening": 3}, "$.testSteps[0].opening: 3 steps, but the case has 1"),
    ],
)
def test_wrong_keys_are_told_with_their_path(step: dict[str, Any], told: str) -> None:
    assert told in "\n".join(problems(step))


def test_of_later_cases_too() -> None:
    found = problems({"testCase": "A"}, {"testCase": "B", "threshold": 0})
    assert found == ["$.testSteps[1].threshold: must be over 0 and at most 1, not 0"]


def test_they_stand_only_where_they_say_something() -> None:
    file = read_conversations(json.dumps({"testSteps": [STEP]}).encode())
    assert file.head == SuiteHead()
    [case] = file.cases()
    document = step_document(case.steps[0], case, first_of_case=True, new_session=False)
    assert document.keys() == {"input", "outputs"}
    assert "also" not in output_document(case.steps[0].outputs[0])
    bare = step_document(Step("hi"), TestCase("", ()), first_of_case=True, new_session=False)
    assert bare == {"input": "hi", "outputs": []}
