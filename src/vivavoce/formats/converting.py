"""Suites from one file format into another, and what of them the other cannot carry."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Literal, get_args

import msgspec

from vivavoce.domain.suite import ExpectedOutput, Step, SuiteHead, TestCase, TextEntry
from vivavoce.domain.values.expanding import expand
from vivavoce.domain.values.variables import Unique
from vivavoce.formats.native.writing import write_native
from vivavoce.formats.suite_document import output_document, step_documents
from vivavoce.formats.yaml_text import SIZE_LIMIT

Target = Literal["native", "suite", "transcript"]
TARGETS: Final[tuple[Target, ...]] = get_args(Target)

_OWN: Final[dict[str, Callable[[TestCase], bool]]] = {
    "variables": lambda case: case.variables is not None,
    "context": lambda case: case.context is not None,
    "fixture": lambda case: bool(case.fixture),
    "threshold": lambda case: case.threshold is not None,
    "passes": lambda case: case.pass_rule is not None,
    "capture": lambda case: any(step.captures for step in case.steps),
    "assertions of our own": lambda case: any(
        step.assertions or any(output.also for output in step.outputs) for step in case.steps
    ),
    "free or otherwise ordered outputs": lambda case: any(step.arrangement != "exact" for step in case.steps),
}
"""What only our own formats say of a case."""


def converted(head: SuiteHead, cases: Sequence[TestCase], target: Target) -> tuple[str, list[str]]:
    """The file's text, and a sentence for each thing that is not in it or that only Vivavoce understands."""
    if target == "native":
        text = write_native(head, cases)
        large = f"larger than the {SIZE_LIMIT:,} characters that are read of a native file; split it"
        return text, [large] if len(text) > SIZE_LIMIT else []
    document = _head(head)
    notes = _notes(cases, target)
    if target == "suite":
        document["testSteps"] = list(step_documents(cases))
    else:
        document["testCases"] = [_transcript_case(_filled(case)) for case in cases]
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n", notes


def _notes(cases: Iterable[TestCase], target: Target) -> list[str]:
    notes = []
    listed = list(cases)
    for what, says in _OWN.items():
        names = [case.name for case in listed if says(case)]
        if names:
            more = f" and {len(names) - 3} more" if len(names) > 3 else ""
            where = ", ".join(names[:3]) + more
            fate = "left out" if target == "transcript" else "in keys that only Vivavoce reads"
            notes.append(f"{what}: {fate} ({where})")
    if target == "transcript" and any(_is_free(step) for case in listed for step in case.steps):
        notes.append("steps that let anything come back expect silence now")
    return notes


def _filled(case: TestCase) -> TestCase:
    """The case with its values put in, as far as they are known before it is played."""
    if case.variables is None:
        return case
    return expand(
        case, {name: value for name, value in case.variables.items() if not isinstance(value, Unique)}
    )


def _is_free(step: Step) -> bool:
    return step.arrangement == "among" and not step.outputs


def _head(head: SuiteHead) -> dict[str, Any]:
    stated: dict[str, Any] = {
        "name": head.name,
        "description": head.description,
        "tags": list(head.tags),
        "preprocessor": head.preprocessor,
        "botName": head.bot_name,
        "welcomeMessageCount": head.welcome_message_count,
        "discardMessage": head.discard_message,
        "language": head.language,
        "metadataAvailable": head.metadata_available,
    }
    return {key: value for key, value in stated.items() if value}


def _transcript_case(case: TestCase) -> dict[str, Any]:
    stated: dict[str, Any] = {
        "name": case.name,
        "description": case.description,
        "tags": list(case.tags),
        "preprocessor": case.preprocessor,
        "discardBefore": case.discard_before,
    }
    notes = {key: value for key, value in stated.items() if value or value is False}
    return {**notes, "messages": [_message(step) for step in case.steps]}


def _message(step: Step) -> dict[str, Any]:
    message: dict[str, Any] = {"input": step.input}
    if step.trigger is not None:
        message["event"] = step.trigger
    return {**message, "outputs": [_output(output) for output in step.outputs]}


def _output(output: ExpectedOutput) -> Any:
    """The shortest form of transcripts, or else that of suite documents."""
    output = msgspec.structs.replace(output, also=())
    entries = output.assertions.text.contains
    plain = msgspec.structs.replace(output, assertions=_text_alone(output))
    matches = {entry.match for entry in entries}
    exact = not any(entry.dynamic or entry.dynamic_paths for entry in entries)
    if plain == output and entries and exact and output.text == entries[0].text and not output.metadata:
        texts = [entry.text for entry in entries]
        if matches == {"equals"}:
            return texts[0] if len(texts) == 1 else {"equals": {"oneOf": texts}}
        if matches == {"contains"}:
            return {"contains": texts[0] if len(texts) == 1 else {"oneOf": texts}}
        if matches == {"allOf"} and len(entries) == 1 and _joined(entries[0]):
            return {"contains": {"allOf": list(entries[0].texts)}}
    return output_document(output)


def _text_alone(output: ExpectedOutput) -> Any:
    """The output's assertions when the text one is all it has."""
    text = msgspec.structs.replace(output.assertions.text, enabled=True)
    return type(output.assertions)(text=text)


def _joined(entry: TextEntry) -> bool:
    return entry.text == "\n".join(entry.texts)
