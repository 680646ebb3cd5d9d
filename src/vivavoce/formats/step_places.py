"""Where the steps of a conversation suite's file stand, whatever its format."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from vivavoce.formats.conversations import ConversationFile
from vivavoce.formats.editing import JsonEditor
from vivavoce.formats.json_text import decode, utf8_body
from vivavoce.formats.native.origins import Shared
from vivavoce.formats.places import Path

Form = Literal["native", "json"]


@dataclass(frozen=True)
class StepPlace:
    """A step's place in one of the files that make a suite."""

    source: str  # the file's name
    path: Path  # of the step, from the file's root
    expected: Path | None  # of what it expects; None: nothing stands there
    line: int  # from 1
    form: Form
    shared: Shared = ""  # other cases have the same step: rows of a table, or users of a fixture

    def __str__(self) -> str:
        return f"{self.source}:{self.line}"


class StepPlaces:
    """The places of all steps, by case and step."""

    def __init__(self, cases: Sequence[Sequence[StepPlace]]) -> None:
        self.cases = cases
        self._flat = [place for case in cases for place in case]

    @classmethod
    def of(cls, data: bytes, source: str, read: ConversationFile) -> "StepPlaces":
        """The places in a file that was read without problems."""
        if read.native is not None:
            return cls([list(map(_native, origins)) for origins in read.native.origins])
        body = utf8_body(data, source)
        found = list(_json(bytes(body).decode(), decode(body, dict[str, Any], source), source))
        counted: list[list[StepPlace]] = []
        for case in read.cases():
            counted.append(found[: len(case.steps)])
            found = found[len(case.steps) :]
        return cls(counted)

    def of_step(self, index: int) -> StepPlace:
        """By the step's index over the whole suite."""
        return self._flat[index]


def _native(origin: Any) -> StepPlace:
    return StepPlace(origin.source, origin.path, origin.expect, origin.line, "native", origin.shared)


def _json(text: str, document: dict[str, Any], source: str) -> Iterator[StepPlace]:
    editor = JsonEditor(text)
    for path in _step_paths(document):
        expected = (*path, "outputs")
        yield StepPlace(source, path, expected, editor.line(expected), "json")


def _step_paths(document: dict[str, Any]) -> Iterator[Path]:
    for index, case in enumerate(document.get("testCases") or ()):
        for position in range(len(case["messages"])):
            yield "testCases", index, "messages", position
    for index in range(len(document.get("testSteps") or ())):
        yield "testSteps", index
