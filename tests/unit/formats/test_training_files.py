from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.domain.errors import Malformed
from vivavoce.formats.training import is_training, read_training, training_file

BOTH = """\
intents:
  Greet:
    - hello
    - hi there
  None:
    - banana
traits:
  angry:
    - hi there
    - where is it
  urgent:
    - where is it
"""


def test_intents_and_traits() -> None:
    assert read_training(BOTH) == [
        BatchCase("hello", ("Greet",), line=3),
        BatchCase("hi there", ("Greet",), ("angry",), line=4),
        BatchCase("banana", ("None",), line=6),
        BatchCase("where is it", traits=("angry", "urgent"), line=10),
    ]


def test_the_short_form_may_have_intents_called_so() -> None:
    assert [case.intents for case in read_training("intents: [what can you do]\ntraits: [how are you]")] == [
        ("intents",),
        ("traits",),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (BOTH + "trait: {a: [b]}\n", "line 13, column 1: unknown section 'trait' (did you mean `traits`?)"),
        ("intents: {A: [b]}\ntraits: [x]", "line 2, column 1: names with lists of utterances"),
        ("intents:\n  A: hello", "line 2, column 3: a list of utterances is wanted below 'A'"),
        ("traits:\n  A:\n    - 5", "line 3, column 7: a text is wanted below 'A' (put it in quotes)"),
        ("- a", "intents with lists of utterances are wanted"),
    ],
)
def test_what_is_wrong_has_its_place(text: str, told: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_training(text)
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (BOTH, True),
        ("traits: {a: [b, c]}", True),
        ("Greet: [hello]", True),
        ("name: B\nintents: {a: {utterances: [b, c]}}\ntraits: {x: [y, z]}", False),
        ("name: B\nconnector: {type: assistant}", False),
    ],
)
def test_told_from_bot_files_and_definitions(text: str, is_one: bool) -> None:
    assert is_training(text) is is_one


def test_is_written_plainly_where_yaml_allows_it() -> None:
    cases = [
        BatchCase(text, ("Greet",)) for text in ("hello, you!", "5", "yes", "a: b", "it's 5 o'clock", "#1")
    ]
    assert "".join(training_file([*cases, BatchCase("banana")])) == (
        "Greet:\n  - hello, you!\n"
        '  - "5"\n  - "yes"\n  - "a: b"\n'
        "  - it's 5 o'clock\n"
        '  - "#1"\nNone:\n  - banana\n'
    )


def test_several_intents_teach_the_first_and_repetitions_are_written_once() -> None:
    cases = [BatchCase("pay", ("A", "B")), BatchCase("pay", ("A",)), BatchCase("pay", ("C",))]
    assert "".join(training_file(cases)) == "A:\n  - pay\nC:\n  - pay\n"


words: Any = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12
)
names = words.filter(lambda name: name.strip().casefold() not in ("", "none"))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.builds(
            BatchCase,
            utterance=words,
            intents=st.lists(names, max_size=1).map(tuple),
            traits=st.lists(names, max_size=2, unique=True).map(tuple),
        ),
        min_size=1,
        max_size=5,
        unique_by=lambda case: case.utterance,
    )
)
def test_what_is_written_is_read_again(cases: list[BatchCase]) -> None:
    def told(found: list[BatchCase]) -> set[tuple[Any, ...]]:
        return {
            (case.utterance, tuple(name for name in case.intents if name != "None"), frozenset(case.traits))
            for case in found
        }

    assert told(read_training("".join(training_file(cases)))) == told(cases)
