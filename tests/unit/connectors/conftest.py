from collections.abc import Iterator

import pytest
from tests.bots.running import RunningBots, running_bots


@pytest.fixture(scope="module")
def bots() -> Iterator[RunningBots]:
    with running_bots() as running:
        yield running
