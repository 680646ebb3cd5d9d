import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vivavoce.domain.catalog import Suite, SuiteKind
from vivavoce.domain.errors import Malformed
from vivavoce.domain.output import Metadata
from vivavoce.domain.suite import (
    Assertions,
    ContextAssertion,
    ContextEntry,
    ExpectedOutput,
    FlowAssertion,
    FlowEntry,
    Span,
    Step,
    SuiteHead,
    TestCase,
    TextAssertion,
    TextEntry,
)
from vivavoce.formats.conversations import read_conversations
from vivavoce.formats.suite_document import (
    assertions_document,
    output_document,
    read_step,
    step_document,
    suite_document,
)
from vivavoce.formats.times import wire_time

CONTRACT = Path(__file__).parents[2] / "fixtures" / "contract"


def sample(name: str) -> Any:
    return json.loads((CONTRACT / name).read_text())


def without_outcomes(value: Any) -> Any:
    """What was expected, out of a run's results."""
    if isinstance(value, dict):
        return {
            key: without_outcomes(item)
            for key, item in value.items()
            if key not in ("status", "textMismatch")
        }
    return [without_outcomes(item) for item in value] if isinstance(value, list) else value


def suite_of(head: SuiteHead, **fields: Any) -> Suite:
    return Suite(
        id="ctc-1",
        kind=SuiteKind.CONVERSATION,
        bot_id="st-1",
        head=head,
        created_on=datetime(2023, 8, 23, 10, 3, 37, 404_000, UTC),
        modified_on=datetime(2023, 8, 23, 10, 3, 37, 404_000, UTC),
        **fields,
    )


def document_of(suite: Suite, cases: list[TestCase]) -> bytes:
    return b"".join(suite_document(suite, cases, account_id="639", stream_id="st-1"))


class TestContract:
    def test_the_import_sample_comes_back_byte_for_byte(self) -> None:
        response = sample("conversation-import-success.json")["response"]
        file = read_conversations(json.dumps(response).encode())
        assert file.warnings == []
        suite = Suite(
            id=response["_id"],
            kind=SuiteKind.CONVERSATION,
            bot_id=response["streamId"],
            head=file.head,
            created_by=response["createdBy"],
            modified_by=response["lModBy"],
            created_on=datetime.fromisoformat(response["createdOn"]),
            modified_on=datetime.fromisoformat(response["lModOn"]),
        )
        written = b"".join(
            suite_document(
                suite, file.cases(), account_id=response["accountId"], stream_id=response["streamId"]
            )
        )
        assert written.decode() == json.dumps(response, separators=(",", ":"), ensure_ascii=False)

    @pytest.mark.parametrize("index", [0, 1])
    def test_the_outputs_of_the_run_sample(self, index: int) -> None:
        result = sample("conversation-run-completed.json")["result"]["executionResults"][index]
        step = {key: without_outcomes(result[key]) for key in ("input", "outputs", "event") if key in result}
        case = TestCase("", ())
        written = step_document(read_step(step), case, first_of_case=True, new_session=False)
        assert json.dumps(written) == json.dumps(step)

    def test_a_standard_response_keeps_its_own_shape(self) -> None:
        result = sample("conversation-run-completed.json")["result"]["executionResults"][1]
        [output] = read_step({"input": "help", "outputs": result["outputs"]}).outputs
        assert output.metadata == Metadata(category="Confirmation", is_standard_response=True)
        assert output.assertions.flow == FlowAssertion(True, (FlowEntry(node_id="Confirmation"),))


class TestOwnKeys:
    def test_cases_are_marked_in_the_steps(self) -> None:
        step = Step("hi")
        cases = [
            TestCase("A", (step, step), tags=("t",), discard_before=True),
            TestCase("B", (step,), description="d", preprocessor="p"),
            TestCase("", (step,)),
        ]
        steps = json.loads(document_of(suite_of(SuiteHead(name="s")), cases))["testSteps"]
        assert [{key: step[key] for key in step if key not in ("input", "outputs")} for step in steps] == [
            {"testCase": "A", "tags": ["t"], "discardBefore": True},
            {"testCase": "A"},
            {"testCase": "B", "newSession": True, "preprocessor": "p", "description": "d"},
            {"newSession": True},
        ]

    def test_the_head_survives(self) -> None:
        head = SuiteHead(
            name="näme",
            description="d",
            tags=("a", "b"),
            preprocessor="p",
            bot_name="Bank",
            welcome_message_count=2,
            discard_message="discard",
            metadata_available=True,
        )
        data = document_of(suite_of(head, revision=3), [TestCase("A", (Step("hi"),))])
        assert read_conversations(data).head == head
        assert json.loads(data)["__v"] == 2

    def test_unstated_flow_stays_unstated(self) -> None:
        assert assertions_document(Assertions())["flowLevel"] == {"contains": []}

    def test_what_is_given_out_is_the_callers(self) -> None:
        output = ExpectedOutput("a", Assertions(TextAssertion(contains=(TextEntry("a"),))))
        changed = output_document(output)
        changed["assertions"]["text"]["contains"][0]["status"] = "passed"
        assert "passed" not in json.dumps(output_document(output))

    def test_a_large_document_comes_in_chunks(self) -> None:
        steps = (Step("hello there"),) * 10
        cases = [TestCase(f"case {index}", steps) for index in range(1_000)]
        chunks = list(suite_document(suite_of(SuiteHead()), cases, account_id="", stream_id=""))
        assert len(chunks) > 5
        assert max(map(len, chunks)) < 100_000
        assert list(read_conversations(b"".join(chunks)).cases()) == cases


def test_read_step_tells_places_below_the_step() -> None:
    with pytest.raises(Malformed) as refused:
        read_step({"input": "a", "outputs": [{"text": "b"}, {"contains": 3}]})
    assert [problem.place for problem in refused.value.problems] == ["$.outputs[1].contains"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime(2023, 8, 23, 10, 3, 37, 404_999, UTC), "2023-08-23T10:03:37.404Z"),
        (datetime(2023, 8, 23, tzinfo=UTC), "2023-08-23T00:00:00.000Z"),
        (datetime(2023, 8, 23, tzinfo=timezone(timedelta(hours=2))), "2023-08-22T22:00:00.000Z"),
    ],
)
def test_times(value: datetime, expected: str) -> None:
    assert wire_time(value) == expected


# --- round trip ---------------------------------------------------------------------------------

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(texts, below, max_size=3),
    max_leaves=5,
)


def several(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values, max_size=2).map(tuple)


@st.composite
def text_entries(draw: st.DrawFn) -> TextEntry:
    text = draw(texts)
    match = draw(st.sampled_from(["equals", "contains", "allOf"]))
    edges = sorted(draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    return TextEntry(
        text,
        match,
        draw(st.lists(texts, min_size=1, max_size=3).map(tuple)) if match == "allOf" else (),
        draw(st.sampled_from([(), (Span(*edges),)])),
        draw(st.sampled_from([(), ("$.payload.elements[0].title",)])),
    )


flow_entries = st.builds(
    FlowEntry,
    intent_id=st.none() | texts,
    node_id=st.none() | texts,
    transitions=st.none() | several(json_values),
    prompt_type=st.none() | texts,
)
context_entries = st.builds(ContextEntry, key=texts.filter(str.strip), value=json_values)
metadata = st.just(Metadata()) | st.builds(
    Metadata,
    node_id=texts,
    node_name=texts,
    component_type=texts,
    intent_id=texts,
    intent_type=texts,
    task_id=texts,
    dialog_name=texts,
    transitions=several(json_values),
    transition_node_names=several(json_values),
    transition_node_type=several(json_values),
    prompt_type=texts,
    category=texts,
    is_standard_response=st.booleans(),
    user_prompts=several(texts),
)
assertions = st.builds(
    Assertions,
    text=st.builds(TextAssertion, enabled=st.booleans(), contains=several(text_entries())),
    flow=st.builds(FlowAssertion, enabled=st.none() | st.booleans(), contains=several(flow_entries)),
    context=st.builds(ContextAssertion, enabled=st.booleans(), contains=several(context_entries)),
)
outputs = st.builds(ExpectedOutput, text=texts, assertions=assertions, metadata=metadata)
steps = st.builds(Step, input=texts, outputs=several(outputs), trigger=st.none() | texts.filter(bool))
cases = st.builds(
    TestCase,
    name=texts,
    steps=st.lists(steps, min_size=1, max_size=3).map(tuple),
    description=texts,
    tags=several(texts),
    preprocessor=texts,
    discard_before=st.none() | st.booleans(),
)


@settings(max_examples=100, deadline=None)
@given(steps)
def test_a_step_survives(step: Step) -> None:
    document = step_document(step, TestCase("A", (step,)), first_of_case=True, new_session=False)
    assert same(read_step(document), step)
    assert same(read_step(json.loads(json.dumps(document))), step)


@settings(max_examples=50, deadline=None)
@given(st.lists(cases, min_size=1, max_size=3))
def test_a_suite_survives(cases: list[TestCase]) -> None:
    file = read_conversations(document_of(suite_of(SuiteHead()), cases))
    assert same(list(file.cases()), cases)
    assert file.case_count == len(cases)
    assert file.step_count == sum(len(case.steps) for case in cases)


def same(left: Any, right: Any) -> bool:
    """Equality that tells 1 from 1.0 and from true, as JSON does."""
    return bool(left == right) and repr(left) == repr(right)
