from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer
from tests.integration.client.fake_server import CLIENT_ID, SECRET, STREAM, FakeServer

from vivavoce.client import Client, Pace


@pytest.fixture
def fake() -> FakeServer:
    return FakeServer()


@pytest.fixture
async def server(fake: FakeServer) -> AsyncIterator[TestServer]:
    server = TestServer(fake.application())
    await server.start_server()
    yield server
    await server.close()


@pytest.fixture
async def client(server: TestServer) -> AsyncIterator[Client]:
    pace = Pace(first_s=0.01, longest_s=0.02, patience_s=0.1)
    url = str(server.make_url("/"))
    async with Client(url, CLIENT_ID, SECRET, STREAM, user_email="qa@bank.example", pace=pace) as client:
        yield client
