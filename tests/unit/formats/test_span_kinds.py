"""`kind` of a dynamic part in suite documents: ours, and only where it says something."""

import json

import pytest

from vivavoce.domain.errors import Malformed
from vivavoce.domain.suite import Span
from vivavoce.formats.conversations import read_conversations
from vivavoce.formats.suite_document import assertions_document


def document(*spans: dict[str, object]) -> bytes:
    entry = {"text": "You owe 40 EUR to Ann", "dynamic": list(spans)}
    output = {"text": entry["text"], "assertions": {"text": {"enabled": True, "contains": [entry]}}}
    return json.dumps({"name": "s", "testSteps": [{"input": "hi", "outputs": [output]}]}).encode()


def test_a_kind_is_kept_and_none_is_not_written() -> None:
    spans = [{"start": 8, "end": 14, "kind": "amount"}, {"start": 18, "end": 21}]
    (case,) = read_conversations(document(*spans)).cases()
    assertions = case.steps[0].outputs[0].assertions
    assert assertions.text.contains[0].dynamic == (Span(8, 14, "amount"), Span(18, 21))
    assert assertions_document(assertions)["text"]["contains"][0]["dynamic"] == spans


def test_an_unknown_kind_is_named_with_its_place() -> None:
    with pytest.raises(Malformed) as caught:
        read_conversations(document({"start": 8, "end": 14, "kind": "money"}))
    assert "dynamic[0].kind: `money` is no kind of value" in str(caught.value)
    assert "number, amount, date, time, id, name" in str(caught.value)
