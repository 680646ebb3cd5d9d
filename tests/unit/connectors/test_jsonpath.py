from typing import Any

import jsonpath_rfc9535
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivavoce.connectors.jsonpath import BadPath, Path

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=12,
)
PATHS = [
    "$",
    "$.a",
    "$['b'].a",
    "$.a[0]",
    "$[-1]",
    "$[1].b",
    "$[*]",
    "$.a[*]",
    "$.*",
    "$..a",
    "$[0:2]",
    "$[?@.a]",
]


@pytest.mark.parametrize("text", PATHS)
@given(value=JSON)
def test_the_quick_ways_find_what_the_standard_finds(text: str, value: Any) -> None:
    expected = jsonpath_rfc9535.find(text, value).values()
    assert list(Path(text).find(value)) == expected


@pytest.mark.parametrize(
    ("text", "position"), [("a.b", 0), ("$.a[", 4), ("$.a b", 4), ("$..", 3), ("", 0), ("$[?nope(@)]", 3)]
)
def test_a_bad_path_is_named_with_the_position(text: str, position: int) -> None:
    with pytest.raises(BadPath) as caught:
        Path(text)
    assert caught.value.position == position
    assert f"`{text}`" in str(caught.value) and f"character {position + 1}" in str(caught.value)
