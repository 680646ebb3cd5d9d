"""Edits of JSON: one value changes, all else stays as it was written."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivavoce.formats.editing import JsonEditor, NotEditable
from vivavoce.formats.places import Path

FILE = """\
{
\t"name": "A \\"suite\\"",
\t"testSteps": [
\t\t{
\t\t\t"input": "hi", "outputs": ["Hello!", {"contains":   "x"}]
\t\t},
\t\t{"input": "bye",
\t\t "outputs": [
\t\t\t"Good bye.",
\t\t\t"Soon."
\t\t ]}
\t], "empty": {}, "none": [], "deep": [[1, -2.5e3], true, null]
}
"""

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


def test_a_value_is_replaced_and_the_rest_stays() -> None:
    editor = JsonEditor(FILE)
    editor.put(("testSteps", 0, "outputs", 0), "Hi “there”")
    assert editor.changed() == FILE.replace("Hello!", "Hi “there”")


def test_a_member_gets_another_key() -> None:
    editor = JsonEditor(FILE)
    editor.put_member(("testSteps", 0, "outputs", 1, "contains"), "equals", "y")
    assert editor.changed() == FILE.replace('"contains":   "x"', '"equals":   "y"')


def test_items_are_appended_and_cut() -> None:
    editor = JsonEditor(FILE)
    editor.append(("testSteps", 1, "outputs"), ["Third."])
    editor.cut(("testSteps", 0, "outputs"), 1)
    changed = editor.changed()
    assert json.loads(changed)["testSteps"][0]["outputs"] == ["Hello!"]
    assert '"Soon.",\n\t\t\t"Third."\n' in changed


def test_an_object_is_written_in_the_files_indentation() -> None:
    editor = JsonEditor(FILE)
    editor.put(("testSteps", 1, "outputs", 0), {"text": "a"})
    assert '\t\t\t{\n\t\t\t\t"text": "a"\n\t\t\t},' in editor.changed()


def test_all_places_are_those_of_the_values() -> None:
    def values(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
        yield path, value
        parts = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        )
        for key, inner in parts:
            yield from values(inner, (*path, key))

    editor = JsonEditor(FILE)
    for path, value in values(json.loads(FILE)):
        spot = editor.spot(path)
        assert json.loads(FILE[spot.start : spot.end], strict=False) == value
    assert editor.line(("testSteps", 1, "outputs", 1)) == 10


@given(JSON)
def test_the_places_of_any_json(value: Any) -> None:
    for text in (json.dumps(value), json.dumps(value, indent=2, ensure_ascii=False)):
        editor = JsonEditor(text)
        assert json.loads(text[editor.spot(()).start : editor.spot(()).end]) == value


@pytest.mark.parametrize("text", ["", "{", '{"a": 1', '{"a": ?}', "[1,,2]", '["a" 1]'])
def test_broken_json_is_refused(text: str) -> None:
    with pytest.raises(NotEditable):
        JsonEditor(text)
