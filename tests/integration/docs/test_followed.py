"""Pages that a newcomer follows from top to bottom, followed: files, commands, bots, servers, answers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.docs.reader import Reader
from tests.unit.docs.pages import DOCS, ROOT

TUTORIALS = DOCS / "tutorial"


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    reader = Reader(tmp_path)
    yield reader
    reader.stop()


def test_the_readme_works_as_written(reader: Reader) -> None:
    assert reader.follow(ROOT / "README.md")


def test_the_tutorials_work_as_written(reader: Reader) -> None:
    # The last one builds on all before it.
    followed = reader.follow(TUTORIALS / "first-batch-test.md")
    assert sorted(followed) == sorted(TUTORIALS.glob("*.md"))


def test_training_data_are_checked_as_written(reader: Reader) -> None:
    assert reader.follow(DOCS / "guides" / "training-data.md")


def test_the_server_and_curl_work_as_written(reader: Reader) -> None:
    followed = reader.follow(DOCS / "guides" / "serve.md")
    assert followed[0] == TUTORIALS / "first-conversation-test.md"
