"""Every assertion is described, and its example fails on the reply beside it as the page says."""

import json
from datetime import date
from typing import Any

import msgspec
import pytest
from tests.unit.docs.pages import DOCS, Block, Note, headings, parts, reference, section
from tests.unit.domain.assertions.looking import ALL_FACTS

from vivavoce.domain.assertions.kinds import KINDS
from vivavoce.domain.assertions.language import LANGUAGES
from vivavoce.domain.judging import Circumstances, judge_step, questions
from vivavoce.domain.output import Reply
from vivavoce.domain.questions import Answer
from vivavoce.domain.verdict import Verdict
from vivavoce.formats.conversations import read_conversations
from vivavoce.formats.native.keys import ASSERTIONS, GROUPS

PAGE = DOCS / "reference" / "assertions.md"
PARTS = parts(PAGE)
EXAMPLES = [at for at, part in enumerate(PARTS) if isinstance(part, Note) and part.kind == "reply"]
AS_EXPORTED = "assertions"  # the key for what has no words of its own; told where the formats are


def heading_of(key: str) -> str:
    """A heading may name several keys, separated by commas."""
    found = [heading for heading in headings(reference("assertions")) if key in heading.split(", ")]
    assert len(found) == 1, (key, found)
    return found[0]


@pytest.mark.parametrize("key", [*ASSERTIONS, *(group for group in GROUPS if group != AS_EXPORTED)])
def test_every_key_has_its_heading_and_an_example(key: str) -> None:
    told = section(reference("assertions"), heading_of(key))
    if key in ASSERTIONS:
        assert f"`{ASSERTIONS[key].kind}`" in told
    assert "<!-- reply: " in told and "```yaml" in told


def test_every_kind_is_that_of_a_key() -> None:
    described = {key.kind for key in ASSERTIONS.values()} | {"anyOf"}
    assert described == set(KINDS)
    assert "`anyOf`" in section(reference("assertions"), "any_of")


def reply_of(given: dict[str, Any]) -> Reply:
    """Texts, templates, and under `output` outputs in full."""
    outputs = []
    for said in given["outputs"]:
        if isinstance(said, str):
            outputs.append({"text": said})
        else:
            outputs.append(said.get("output") or {"text": json.dumps(said, separators=(",", ":"))})
    fields = {name: value for name, value in given.items() if name not in ("duration_ms", "answer")}
    return msgspec.convert({**fields, "outputs": outputs}, Reply)


def reasons(example: str, given: dict[str, Any]) -> tuple[str, ...]:
    """Why the reply does not meet the example, warnings of soft assertions too."""
    indented = "".join(f"      {line}\n" for line in example.splitlines())
    file = read_conversations(f"cases:\n  - say: hi\n    expect:\n{indented}".encode())
    (case,) = file.cases()
    (step,) = case.steps
    reply, took = reply_of(given), given.get("duration_ms", 0)
    around = Circumstances(today=date(2026, 11, 22))
    if "answer" in given:
        answer: Any = msgspec.convert(given["answer"], Answer)
        around.answers.update(dict.fromkeys(questions(step, reply, ALL_FACTS, took, around), answer))
    result = judge_step(0, "a", step, reply, ALL_FACTS, took, around)
    assert result.verdict is Verdict.FAILED
    assert all(not each.problems() for each in (*step.assertions, *(a for o in step.outputs for a in o.also)))
    return (*result.reasons, *result.warnings)


@pytest.mark.parametrize("at", EXAMPLES, ids=lambda at: str(PARTS[at + 1]))
def test_the_example_fails_as_it_is_shown(at: int) -> None:
    given, example, shown = PARTS[at : at + 3]
    assert isinstance(given, Note) and isinstance(example, Block) and isinstance(shown, Block)
    assert (example.language, shown.language) == ("yaml", "")
    assert shown.text.splitlines() == list(reasons(example.text, json.loads(given.text)))


def test_every_language_that_is_told_apart() -> None:
    listed = section(reference("assertions"), "language").partition("Codes: ")[2].partition(".")[0]
    assert set(listed.split()) == LANGUAGES
