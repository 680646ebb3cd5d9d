from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.engine.house import House, TestBot, open_house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path, TestBot()) as opened:
        yield opened
