"""Puts other texts into what a step of a suite file expects; all that it expects besides stays."""

from collections.abc import Sequence
from typing import Any

from vivavoce.domain.assertions.text import TextAssertion, TextEntry
from vivavoce.domain.suite import Assertions
from vivavoce.domain.template import parse_template
from vivavoce.formats.editing import Editor, NotEditable
from vivavoce.formats.native.entries import write_entries
from vivavoce.formats.native.keys import CONTRACT_TEXTS
from vivavoce.formats.places import Path
from vivavoce.formats.step_places import StepPlace
from vivavoce.formats.suite_document import assertions_document

Entries = tuple[TextEntry, ...]

_REPLY_TEXTS = ("equals", "one_of", "contains", "contains_all")


class ExpectedTexts:
    """What one step expects, in the file where it stands. Raises NotEditable where a text has no place."""

    def __init__(self, editor: Editor, place: StepPlace) -> None:
        if place.expected is None or place.expected not in editor.spots:
            raise NotEditable("it expects nothing, so there is nothing to replace")
        self._editor = editor
        self._native = place.form == "native"
        self._expected = place.expected
        self._keys = editor.keys(place.expected)

    @property
    def alone(self) -> bool:
        """Whether it is a text and nothing more."""
        return self._editor.spot(self._expected).kind == "scalar"

    @property
    def free(self) -> bool:
        """Whether it names no outputs."""
        return bool(self._keys) and "outputs" not in self._keys

    def put(self, position: int, entries: Entries) -> None:
        """One of these texts at the place of an output that the step expects."""
        if self.alone:
            self._put_alone([entries])
        elif self._native:
            self._put_native((*self._outputs, position), entries)
        else:
            self._put_json((*self._outputs, position), entries)

    def put_number(self, expected: int, texts: Sequence[Entries]) -> None:
        """As many outputs as there are texts, in place of the `expected` ones; the further ones are new."""
        if self.alone:
            self._put_alone(texts)
        elif not texts or not expected:
            self._editor.put(self._outputs, [self._item(entries) for entries in texts])
        elif len(texts) < expected:
            self._editor.cut(self._outputs, len(texts))
        elif len(texts) > expected:
            self._editor.append(self._outputs, [self._item(entries) for entries in texts[expected:]])

    def put_whole(self, text: str, count: int, failed: Sequence[str]) -> bool:
        """The text of the whole reply, where assertions about it failed; `failed` are their kinds. False:
        none of them is about texts or their number."""
        if "silence" in failed and "silence" in self._keys:
            self._editor.put(self._expected, [text])
            return True
        changed = False
        for key in self._keys:
            kind = "contains" if key.startswith("contains") else "equals"
            if key in _REPLY_TEXTS and kind in failed and not changed:
                if not count:
                    self._editor.put(self._expected, [])
                    return True
                self._editor.put_member((*self._expected, key), "equals", write_entries((TextEntry(text),)))
                changed = True
            elif key == "replies" and "replies" in failed:
                self._editor.put((*self._expected, key), count)
                changed = True
        return changed

    # --- native ---

    @property
    def _outputs(self) -> Path:
        return (*self._expected, "outputs") if "outputs" in self._keys else self._expected

    def _put_alone(self, texts: Sequence[Entries]) -> None:
        """In the place of `expect: a text`."""
        items = [self._item(entries) for entries in texts]
        self._editor.put(self._expected, items[0] if len(items) == 1 and isinstance(items[0], str) else items)

    def _put_native(self, path: Path, entries: Entries) -> None:
        if self._editor.spot(path).kind == "scalar":
            self._editor.put(path, self._item(entries))
            return
        keys = self._editor.keys(path)
        key = next((key for key in (*CONTRACT_TEXTS, "text_assertion") if key in keys), None)
        if key is None:
            raise NotEditable(f"output {int(path[-1]) + 1} asserts no text")
        self._editor.put_member((*path, key), _key(entries), write_entries(entries))
        if "recorded" in keys:
            self._editor.put((*path, "recorded"), entries[0].text)

    def _item(self, entries: Entries) -> Any:
        """An output of a list."""
        if not self._native:
            return _json_item(entries)
        written = write_entries(entries)
        return written if isinstance(written, str) else {_key(entries): written}

    # --- JSON ---

    def _put_json(self, path: Path, entries: Entries) -> None:
        keys = self._editor.keys(path)
        stated = (*path, "assertions", "text", "contains")
        if "text" in keys and "assertions" in keys:
            self._editor.put((*path, "text"), entries[0].text)
            if stated in self._editor.spots:
                self._editor.put(stated, _json_entries(entries))
            elif len(entries) > 1 or _is_dynamic(entries):
                raise NotEditable("its text assertion names no texts")
            return
        key = next((key for key in ("equals", "contains") if key in keys), None)
        if key is not None and not _is_dynamic(entries):
            texts = [_json_text(entry.text) for entry in entries]
            self._editor.put_member((*path, key), "equals", texts[0] if len(texts) == 1 else {"oneOf": texts})
        elif len(keys) <= 1:
            self._editor.put(path, _json_item(entries))
        else:
            raise NotEditable("its texts stand beside other assertions: change them by hand")


def _key(entries: Entries) -> str:
    return "equals" if len(entries) == 1 else "one_of"


def _is_dynamic(entries: Entries) -> bool:
    return any(entry.dynamic or entry.dynamic_paths for entry in entries)


def _json_item(entries: Entries) -> Any:
    if len(entries) == 1 and not _is_dynamic(entries):
        return entries[0].text
    return {"text": entries[0].text, "assertions": {"text": {"contains": _json_entries(entries)}}}


def _json_entries(entries: Entries) -> Any:
    return assertions_document(Assertions(TextAssertion(contains=entries)))["text"]["contains"]


def _json_text(text: str) -> Any:
    """A template as the object that it is."""
    template = parse_template(text)
    return text if template is None else template
