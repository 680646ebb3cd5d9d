"""Files of training utterances."""

import pytest

from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.domain.errors import Malformed
from vivavoce.formats.training import read_training


@pytest.mark.parametrize(
    "text",
    [
        "pay:\n- pay Tom\n- yes\ncard:\n- 2026-01-01\n",
        '\ufeff{"pay":\n["pay Tom",\n"yes"],"card":\n["2026-01-01"]}',
    ],
)
def test_utterances_with_intent_and_line_in_file_order(text: str) -> None:
    assert read_training(text) == [
        BatchCase("pay Tom", ("pay",), line=2),
        BatchCase("yes", ("pay",), line=3),
        BatchCase("2026-01-01", ("card",), line=text.removeprefix("\ufeff").rstrip().count("\n") + 1),
    ]


def test_every_problem_with_its_place() -> None:
    text = "pay:\n- pay Tom\n- 7\n- null\ncard: block it\nhours: []\n"
    with pytest.raises(Malformed) as refused:
        read_training(text, "t.yaml")
    assert [problem.place for problem in refused.value.problems] == [
        "line 3, column 3",
        "line 4, column 3",
        "line 5, column 1",
    ]
    assert refused.value.source == "t.yaml"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- pay Tom", "line 1, column 1"),
        ("pay: [a]\npay: [b]", "line 2"),
        ("pay: [", "broken YAML"),
        ("", "empty"),
    ],
)
def test_what_is_no_training_file(text: str, told: str) -> None:
    with pytest.raises(Malformed, match=told):
        read_training(text)
