"""Edits of YAML: one value changes, all else stays as people wrote it."""

from collections.abc import Callable

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from vivavoce.formats.editing import NotEditable, YamlEditor

FILE = """\
# a suite
cases:
  - case: One   # its name
    steps:
      - say: hi
        expect: Hello!   # a greeting

      - say: bye
        expect:
          - Good bye.
          # and then
          - contains: soon
            node: end
      - {say: more, expect: [a, b]}
      - say: long
        expect: |
          a text
          of lines
      # the end
"""

STEPS = ("cases", 0, "steps")


def edited(change: Callable[[YamlEditor], None]) -> str:
    editor = YamlEditor(FILE)
    change(editor)
    return editor.changed()


def test_a_scalar_is_replaced_and_its_comment_stays() -> None:
    text = edited(lambda editor: editor.put((*STEPS, 0, "expect"), "Hi: there"))
    assert text == FILE.replace("Hello!", '"Hi: there"')


def test_a_member_gets_another_key() -> None:
    text = edited(lambda editor: editor.put_member((*STEPS, 1, "expect", 1, "contains"), "equals", "See you"))
    assert text == FILE.replace("contains: soon", "equals: See you")


def test_a_list_in_the_place_of_a_scalar_begins_on_its_own_line() -> None:
    text = edited(
        lambda editor: editor.put((*STEPS, 0, "expect"), ["One", {"text": "Two", "dynamic": ["T"]}])
    )
    assert yaml.safe_load(text)["cases"][0]["steps"][0]["expect"] == [
        "One",
        {"text": "Two", "dynamic": ["T"]},
    ]
    assert "        expect:\n          - One\n          - text: Two\n" in text
    assert text.startswith("# a suite") and "# a greeting" in text and "# the end" in text


def test_items_are_appended_behind_the_last_one() -> None:
    text = edited(lambda editor: editor.append((*STEPS, 1, "expect"), ["Third."]))
    assert text == FILE.replace("            node: end\n", "            node: end\n          - Third.\n")


def test_items_are_cut_with_what_stands_between_them() -> None:
    text = edited(lambda editor: editor.cut((*STEPS, 1, "expect"), 1))
    assert yaml.safe_load(text)["cases"][0]["steps"][1]["expect"] == ["Good bye."]


def test_within_brackets_values_stay_within_brackets() -> None:
    text = edited(lambda editor: editor.append((*STEPS, 2, "expect"), ["c, d"]))
    assert '[a, b, "c, d"]' in text
    text = edited(lambda editor: editor.put((*STEPS, 2, "expect"), []))
    assert "{say: more, expect: []}" in text


def test_a_block_in_the_place_of_silence() -> None:
    text = edited(lambda editor: editor.put((*STEPS, 1, "expect"), []))
    assert yaml.safe_load(text)["cases"][0]["steps"][1] == {"say": "bye", "expect": []}


def test_a_text_of_several_lines_is_replaced_whole() -> None:
    text = edited(lambda editor: editor.put((*STEPS, 3, "expect"), "short"))
    assert text == FILE.replace("|\n          a text\n          of lines", "short")


def test_two_changes_of_one_place_are_refused() -> None:
    editor = YamlEditor(FILE)
    editor.put((*STEPS, 1, "expect", 0), "x")
    editor.put((*STEPS, 1, "expect"), [])
    with pytest.raises(NotEditable, match="same place"):
        editor.changed()


def test_what_is_not_there_cannot_be_changed() -> None:
    with pytest.raises(NotEditable, match=r"\$\.cases\[3\]"):
        YamlEditor(FILE).put(("cases", 3), "x")


def test_lines_are_counted_from_one() -> None:
    assert YamlEditor(FILE).line((*STEPS, 0, "expect")) == 6


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"])),
    st.sampled_from([(0, "expect"), (1, "expect", 0), (2, "expect", 1), (3, "expect")]),
)
def test_any_text_comes_back_and_nothing_else_changes(value: str, place: tuple[int | str, ...]) -> None:
    editor = YamlEditor(FILE)
    editor.put((*STEPS, *place), value)
    read = yaml.safe_load(editor.changed())
    wanted = yaml.safe_load(FILE)
    target = wanted["cases"][0]["steps"]
    for key in place[:-1]:
        target = target[key]
    target[place[-1]] = value
    assert read == wanted


def test_offsets_count_characters_not_bytes() -> None:
    text = "a: ü𝔘 # ß\nb: x\n"
    editor = YamlEditor("\ufeff" + text)
    editor.put(("b",), "new")
    assert editor.changed() == "\ufeff" + text.replace("x", "new")


def test_line_endings_are_the_files_own() -> None:
    editor = YamlEditor(FILE.replace("\n", "\r\n"))
    editor.append((*STEPS, 1, "expect"), ["Third."])
    editor.put((*STEPS, 0, "expect"), ["One", "Two"])
    changed = editor.changed()
    assert changed.count("\n") == changed.count("\r\n") == FILE.count("\n") + 3


def test_what_an_alias_stands_for_is_changed_at_its_anchor_only() -> None:
    editor = YamlEditor("a: &x [one]\nb: *x\n")
    editor.put(("a", 0), "two")
    assert editor.changed() == "a: &x [two]\nb: *x\n"
    with pytest.raises(NotEditable):
        editor.put(("b", 0), "three")
