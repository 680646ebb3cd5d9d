"""The reference of the definition format: its example is read, and every key stands in it."""

import re
from pathlib import Path

import pytest

from vivavoce.assistant import read_dialogs, reader
from vivavoce.assistant.conditions import OPERATORS
from vivavoce.assistant.definition import STANDARD_RESPONSES
from vivavoce.assistant.reader import read_definition

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "assistant.md").read_text(encoding="utf-8")
EXAMPLE = next(
    block for block in re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.M | re.S) if "dialogs:" in block
)
KEYS = {
    *reader.TOP_KEYS,
    *reader.NLU_KEYS,
    *reader.ENTITY_KEYS,
    *(key for keys in reader.ENTITY_KEYS.values() for key in keys),
    *(key for keys in read_dialogs.NODE_KEYS.values() for key in keys),
    *read_dialogs.NODE_KEYS,
    *OPERATORS,
    *STANDARD_RESPONSES,
    *(
        "parent",
        "preceded_by",
        "utterances",
        "alternatives",
        "patterns",
        "replies",
        "trait",
        "all",
        "any",
        "not",
    ),
}


def test_the_example_is_read() -> None:
    definition = read_definition(EXAMPLE, "assistant.md")
    assert definition.published.on_connect == ("Good day.",)
    assert definition.in_development.faqs["hours"].answers == ("At ten.",)


@pytest.mark.parametrize("key", sorted(KEYS))
def test_every_key_is_described(key: str) -> None:
    prose = PAGE.replace(EXAMPLE, "")
    assert re.search(rf"`[^`\n]*\b{re.escape(key)}\b[^`\n]*`", prose), key
