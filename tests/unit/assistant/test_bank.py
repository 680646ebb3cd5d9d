"""The bank's assistant: big enough, its suites end as they should, and nobody trained on its batch suite."""

from collections import Counter
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from vivavoce.assistant import bank
from vivavoce.assistant.connector import (
    AssistantClassifier,
    AssistantConnector,
    load_definition,
    training_utterances,
)
from vivavoce.assistant.definition import Definition
from vivavoce.assistant.words import phrase
from vivavoce.domain.batch.scoring import score_case
from vivavoce.domain.batch.utterance import BatchCase, CaseResult, Classification
from vivavoce.domain.bot import Version
from vivavoce.domain.judging import judge_step
from vivavoce.domain.metrics import tally_of
from vivavoce.domain.values.captures import capture
from vivavoce.domain.values.expanding import expand
from vivavoce.domain.values.unique import opening_values
from vivavoce.domain.verdict import StepResult, Verdict
from vivavoce.engine.ports.bots import Message, Opening, Utterance
from vivavoce.formats.batches import read_batch
from vivavoce.formats.conversations import read_conversations
from vivavoce.formats.native.schema import schema_text, suite_schema
from vivavoce.formats.yaml_text import YamlText

VERSIONS: tuple[Version, ...] = ("published", "inDevelopment")


@pytest.fixture(scope="module")
def definition() -> Definition:
    return load_definition({"type": "assistant", "definition": "bank"})


def batch(path: Path) -> list[BatchCase]:
    warnings: list[str] = []
    with path.open("rb") as stream:
        cases = list(read_batch(stream, file_type=None, delimiter=None, warn=warnings.append))
    assert warnings == []
    return cases


async def play(definition: Definition, version: Version, path: Path) -> list[StepResult]:
    connector = AssistantConnector(definition.edition(version))
    results: list[StepResult] = []
    for number, case in enumerate(read_conversations(path.read_bytes(), path.name).cases()):
        session = await connector.open(Opening("c", "en"))
        values = opening_values(case.variables or {}, "run", f"conversation {number}")
        for written in case.steps:
            step = expand(written, values) if case.variables is not None else written
            text = "" if step.trigger == step.input else step.input
            reply = await session.send(Message(text, step.trigger or ""))
            results.append(judge_step(len(results), case.name, step, reply, connector.facts, 0))
            values |= capture(step.captures, reply, connector.facts)[0]
    return results


def test_it_is_a_whole_assistant(definition: Definition) -> None:
    for version in VERSIONS:
        edition = definition.edition(version)
        assert len(edition.intents) >= 15
        assert sum(len(intent.utterances) for intent in edition.intents.values()) >= 350
        assert len(edition.dialogs) >= 6 and len(edition.faqs) >= 12
        assert len(edition.smalltalk) >= 5 and len(edition.traits) >= 3
        kinds = {entity.kind for entity in edition.entities.values()}
        assert kinds == {"regex", "list", "number", "date", "currency", "email"}
        nodes = {node.kind for dialog in edition.dialogs.values() for node in dialog.nodes.values()}
        assert nodes == {"message", "entity", "confirmation", "logic"}
        assert any(intent.parent for intent in edition.intents.values())
    assert definition.published != definition.in_development


def test_no_utterance_trains_two_things(definition: Definition) -> None:
    for version in VERSIONS:
        cases = training_utterances(definition, version)
        seen = Counter(phrase(case.utterance) for case in cases)
        assert [text for text, count in seen.items() if count > 1] == []


@pytest.mark.parametrize("path", bank.conversation_suites(), ids=lambda path: path.stem)
async def test_each_suite_ends_as_it_should(path: Path, definition: Definition) -> None:
    results = await play(definition, "inDevelopment", path)
    failed = [result for result in results if result.verdict is not Verdict.PASSED]
    if path.stem == "07-known-failure":
        assert [result.step.input for result in failed] == ["how much do I have in savings"]
    else:
        assert [(result.step.input, result.reasons) for result in failed] == []


def test_there_are_suites_of_every_kind() -> None:
    paths = bank.conversation_suites()
    assert len(paths) >= 7
    texts = [path.read_text(encoding="utf-8") for path in paths]
    keys = "equals contains one_of contains_all trigger context node fixture examples variables capture"
    for word in (*keys.split(), "json_path", "buttons", "matches", "number", "unique"):
        assert any(f"{word}:" in text for text in texts), word


@pytest.mark.parametrize("path", bank.conversation_suites(), ids=lambda path: path.stem)
def test_each_suite_is_valid_by_the_published_schema(path: Path) -> None:
    document = YamlText(path.read_text(encoding="utf-8"), core=True).value
    assert list(Draft7Validator(suite_schema()).iter_errors(document)) == []
    first = path.read_text(encoding="utf-8").splitlines()[0]
    schema = path.parent / first.removeprefix("# yaml-language-server: $schema=")
    assert schema.read_text(encoding="utf-8") == schema_text()


async def test_the_versions_differ_where_the_overlay_says_so(definition: Definition) -> None:
    results = await play(definition, "published", bank.conversation_suites()[0])
    failed = [result for result in results if result.verdict is Verdict.FAILED]
    assert [result.step.trigger for result in failed] == ["Start_Flow"]


def test_the_batch_suite_is_the_same_as_json_and_as_csv() -> None:
    as_json, as_csv = (batch(path) for path in bank.batch_suites())
    assert len(as_json) >= 200

    def facts(case: BatchCase) -> tuple[object, ...]:
        return (
            case.utterance,
            case.intents,
            case.traits,
            case.parent_intents,
            case.entities,
            case.entity_order,
        )

    assert [facts(case) for case in as_json] == [facts(case) for case in as_csv]
    assert any(len(case.intents) > 1 for case in as_json)
    assert any(not case.intents and not case.traits for case in as_json)
    assert any(case.traits for case in as_json) and any(case.parent_intents for case in as_json)
    assert any(r"\d" in value for case in as_json for entity in case.entities for value in entity.values)


def test_nobody_trained_on_the_batch_suite(definition: Definition) -> None:
    trained: set[str] = set()
    for version in VERSIONS:
        edition = definition.edition(version)
        trained |= {phrase(case.utterance) for case in training_utterances(definition, version)}
        trained |= {phrase(text) for texts in edition.traits.values() for text in texts}
        trained |= {phrase(text) for text in edition.nlu.out_of_scope}
    asked = [case.utterance for case in batch(bank.batch_suites()[0])]
    assert [text for text in asked if phrase(text) in trained] == []


async def classified(definition: Definition, version: Version) -> list[CaseResult]:
    cases = batch(bank.batch_suites()[0])
    classifier = AssistantClassifier(definition.edition(version))
    asked = [Utterance(case.utterance, "en", case.parent_intents) for case in cases]
    answers = await classifier.classify(asked)
    return [
        score_case(at, case, answer, 0)
        for at, (case, answer) in enumerate(zip(cases, answers, strict=True))
        if isinstance(answer, Classification)
    ]


async def test_the_batch_suite_comes_out_well_but_not_perfect(definition: Definition) -> None:
    results = await classified(definition, "inDevelopment")
    share = sum(result.passed for result in results) / len(results)
    assert 0.85 <= share < 1
    tally = tally_of(results)
    assert min(tally.tp, tally.tn, tally.fp, tally.fn) > 0  # something of everything to look at
    assert tally.matched_entities / tally.total_entities > 0.9


async def test_the_published_version_knows_less(definition: Definition) -> None:
    now, then = [await classified(definition, version) for version in ("inDevelopment", "published")]
    assert sum(result.passed for result in then) < sum(result.passed for result in now)
