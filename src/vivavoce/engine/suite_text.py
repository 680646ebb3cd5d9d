"""A suite's file with those that it includes, and what would become of them."""

from collections.abc import Mapping

from vivavoce.formats.conversations import ConversationFile, read_conversations
from vivavoce.formats.editing import Editor, JsonEditor, YamlEditor
from vivavoce.formats.expected_texts import ExpectedTexts
from vivavoce.formats.native.reading import Include
from vivavoce.formats.step_places import StepPlace, StepPlaces


class SuiteText:
    """A suite's file, and those that it includes, as they stand and as they are to be."""

    def __init__(self, data: bytes, source: str, include: Include) -> None:
        self.source = source
        self._include = include
        self._data: dict[str, bytes] = {source: data}
        self._editors: dict[str, Editor] = {}
        self.read = read_conversations(data, source, self._included)
        self.places = StepPlaces.of(data, source, self.read)

    def _included(self, pattern: str, source: str) -> list[tuple[str, bytes]]:
        found = self._include(pattern, source)
        self._data.update(found)
        return found

    def expected(self, place: StepPlace) -> ExpectedTexts:
        """Raises NotEditable."""
        editor = self._editors.get(place.source)
        if editor is None:
            text = self._data[place.source].decode()
            editor = YamlEditor(text) if place.form == "native" else JsonEditor(text)
            self._editors[place.source] = editor
        return ExpectedTexts(editor, place)

    def changes(self) -> dict[str, tuple[str, str]]:
        """Old and new text of the files that change. Raises NotEditable."""
        texts = {name: (editor.text, editor.changed()) for name, editor in self._editors.items()}
        return {name: pair for name, pair in texts.items() if pair[0] != pair[1]}

    def read_again(self, changes: Mapping[str, tuple[str, str]]) -> ConversationFile:
        """The suite as it would be. Raises Malformed."""

        def include(pattern: str, source: str) -> list[tuple[str, bytes]]:
            return [(name, new(name, data)) for name, data in self._include(pattern, source)]

        def new(name: str, data: bytes) -> bytes:
            return changes[name][1].encode() if name in changes else data

        return read_conversations(new(self.source, self._data[self.source]), self.source, include)
