"""The blocking face: the same calls from plain code (in a thread: the fake server has the loop)."""

import asyncio
import inspect
import threading

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from tests.integration.client.fake_server import CLIENT_ID, SECRET, STREAM, FakeServer, sample

from vivavoce.client import ApiError, BlockingClient, Client, Pace


def connect(server: TestServer) -> BlockingClient:
    pace = Pace(first_s=0.01, longest_s=0.02)
    url = str(server.make_url("/"))
    client = Client(url, CLIENT_ID, SECRET, STREAM, user_email="qa@bank.example", pace=pace)
    return BlockingClient(client)


def test_it_has_every_call_of_the_client_with_its_documentation() -> None:
    own = {"aclose"}
    calls = {name for name in vars(Client) if not name.startswith("_")} - own
    for name in calls:
        twin = getattr(BlockingClient, name)
        assert not inspect.iscoroutinefunction(twin)
        assert twin.__doc__ == getattr(Client, name).__doc__
    assert {name for name in vars(BlockingClient) if not name.startswith("_")} == calls | {"close"}


async def test_a_whole_run_from_plain_code(server: TestServer, fake: FakeServer) -> None:
    fake.queue("ctr-1/status", web.json_response(sample("conversation-run-inprogress.brief")))
    heard: list[int] = []

    def plain() -> str:
        with connect(server) as client:
            file = client.upload(b"{}", "suite.json")
            client.wait_import(client.import_conversations(file.id, "Zahlung/a?b"))
            run_id = client.run("Zahlung/a?b")
            return client.wait_run("Zahlung/a?b", run_id, progress=heard.append).status

    assert await asyncio.to_thread(plain) == "passed"
    assert heard == [85, 100]


async def test_errors_come_through_and_the_client_stays_usable(server: TestServer) -> None:
    def plain() -> int:
        with connect(server) as client:
            with pytest.raises(ApiError):
                client.run("unknown")
            return client.suites().count

    assert await asyncio.to_thread(plain) == 3


async def test_closing_twice_ends_the_thread_once(server: TestServer) -> None:
    def plain() -> list[str]:
        client = connect(server)
        client.suites()
        client.close()
        client.close()
        return [thread.name for thread in threading.enumerate() if thread.name == "viva-client"]

    assert await asyncio.to_thread(plain) == []
