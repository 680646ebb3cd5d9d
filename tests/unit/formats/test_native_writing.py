import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft7Validator
from tests.unit.formats.suite_values import suites

from vivavoce.domain.assertions.contains import Contains
from vivavoce.domain.assertions.equals import Equals
from vivavoce.domain.assertions.silence import Silence
from vivavoce.domain.assertions.text import TextEntry
from vivavoce.domain.catalog import Suite, SuiteKind
from vivavoce.domain.suite import Step, SuiteHead, TestCase
from vivavoce.formats.conversations import read_conversations
from vivavoce.formats.native.outputs import said
from vivavoce.formats.native.schema import suite_schema
from vivavoce.formats.native.writing import write_native
from vivavoce.formats.suite_document import suite_document
from vivavoce.formats.yaml_text import YamlText

CONTRACT = Path(__file__).parents[2] / "fixtures" / "contract"
VALID = Draft7Validator(suite_schema())
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@given(suites())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_stored_suite_comes_back(suite: tuple[SuiteHead, list[TestCase]]) -> None:
    head, cases = suite
    written = write_native(head, cases)
    read = read_conversations(written.encode())
    assert VALID.is_valid(YamlText(written, core=True).value)
    assert read.head == head
    assert list(read.cases()) == cases
    assert write_native(read.head, read.cases()) == written


@given(suites())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_stored_suite_comes_back_from_its_document(suite: tuple[SuiteHead, list[TestCase]]) -> None:
    head, cases = suite
    stored = Suite(
        id="ctc-1", kind=SuiteKind.CONVERSATION, bot_id="st-1", head=head, created_on=NOW, modified_on=NOW
    )
    data = b"".join(suite_document(stored, cases, account_id="a", stream_id="st-1"))
    read = read_conversations(data)
    assert read.head == head
    assert list(read.cases()) == cases


@pytest.mark.parametrize(
    "name", ["conversation-import-success.json", "conversation-run-completed.json"], ids=lambda name: name
)
def test_the_samples_of_the_contract_come_back(name: str) -> None:
    sample = json.loads((CONTRACT / name).read_text())
    if "response" in sample:
        document = sample["response"]
    else:
        keys = ("input", "outputs", "event")
        results = sample["result"]["executionResults"]
        document = {"testSteps": [{key: one[key] for key in keys if key in one} for one in results]}
    stored = read_conversations(json.dumps(document).encode())
    read = read_conversations(write_native(stored.head, stored.cases()).encode())
    assert read.head == stored.head
    assert list(read.cases()) == list(stored.cases())


@pytest.mark.parametrize(
    "step",
    [
        Step("hi", assertions=(Contains(texts=("x",)),)),  # silence, and yet a text
        Step("hi", assertions=(Silence(negated=True),)),
        Step("hi", (), None, "among", (Contains(texts=("x",)), Contains(texts=("x",), negated=True))),
        Step(
            "hi",
            (msgspec.structs.replace(said("x"), also=(Equals(entries=(TextEntry("x"),), negated=True),)),),
        ),
    ],
)
def test_what_no_reply_can_meet_stands_there_as_exports_have_it(step: Step) -> None:
    cases = [TestCase("A", (step,))]
    written = write_native(SuiteHead(), cases)
    assert "assertions:" in written
    assert list(read_conversations(written.encode()).cases()) == cases
