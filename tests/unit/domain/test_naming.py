"""Names come back into a text where their values stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivavoce.domain.naming import with_names
from vivavoce.domain.values.expanding import expand


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Hello Ann.", "Hello {{who}}."),
        ("Anna and Ann", "Anna and {{who}}"),
        ("Ann Keller owes 5, not 50.", "{{full}} owes {{count}}, not 50."),
        ("a {{b}}", r"a \{{b}}"),
        ("nothing", "nothing"),
    ],
)
def test_values_become_names_as_words_the_longest_first(text: str, named: str) -> None:
    values = {"who": "Ann", "full": "Ann Keller", "count": 5, "empty": "", "unused": "nothing"}
    assert with_names(text, values, ["who", "full", "count", "empty", "missing"]) == named


@given(st.text(), st.dictionaries(st.sampled_from(["a", "b", "c"]), st.text() | st.integers()))
def test_it_is_the_way_back_of_expanding(text: str, values: dict[str, object]) -> None:
    plain = text.replace("$", "")
    if plain.lstrip()[:1] in "{[&":  # what may be JSON is filled in as JSON
        return
    assert expand(with_names(plain, values, values), values) == plain
