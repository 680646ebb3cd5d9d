"""One set of bots and one prepared data folder for all; a server of its own for each module."""

from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest

from tests.acceptance.house import House, make_house
from tests.acceptance.http_api import Api
from tests.acceptance.processes import Server, running_bots, serving


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    with running_bots(folder) as url:
        yield make_house(folder, url)


@pytest.fixture(scope="module")
def server(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(house.copy(tmp_path_factory.mktemp("server") / "data")) as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    timeout = aiohttp.ClientTimeout(total=60)
    async with aiohttp.ClientSession(timeout=timeout, auto_decompress=False) as opened:
        yield opened


@pytest.fixture
async def api(session: aiohttp.ClientSession, server: Server, house: House) -> Api:
    """Calls about the bot that answers at once, by an app that may do everything with it."""
    return Api(session, server.url, house.apps["all"], house.bots["dialog"])
