"""A server that is killed while it updates a suite: what was seen stays, and the update ends as it should."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.acceptance.house import House
from tests.acceptance.http_api import USER
from tests.acceptance.processes import start_server, wait_until
from tests.acceptance.suites import as_text, transcript
from vivavoce.client import BlockingClient, Client

NAME = "Living"


def said(number: int) -> list[tuple[str, str]]:
    return [(f"{number} {turn}", f"You said: {number} {turn}") for turn in range(3)]


FIRST = as_text(transcript(said(1))).encode()
SECOND = as_text(transcript(*(said(number) for number in range(30)))).encode()  # 90 turns, 20 a second
THIRD = as_text(transcript(said(3))).encode()


def connected(house: House, url: str) -> BlockingClient:
    app = house.apps["all"]
    asked = Client(url, app.client_id, app.secret, house.bots["slow"], user_email=USER)
    return BlockingClient(asked)


def begin(client: BlockingClient, content: bytes) -> str:
    file = client.upload(content, "living.json")
    return client.import_conversations(file.id, NAME, import_type="update")


def first_inputs(document: dict[str, Any]) -> str:
    return str(document["testSteps"][0]["input"])


def test_an_update_goes_on_after_a_kill_and_is_not_seen_before(house: House, tmp_path: Path) -> None:
    data_dir = house.copy(tmp_path / "data")
    server = start_server(data_dir)
    with connected(house, server.url) as client:
        started = client.import_conversations(client.upload(FIRST, "living.json").id, NAME)
        assert client.wait_import(started).ok
        before = client.export(NAME)
        update = begin(client, SECOND)
        wait_until(lambda: client.import_status(update).percentage > 10, what="the update's progress")
        assert client.export(NAME) == before
        server.kill()
    again = start_server(data_dir)
    try:
        with connected(house, again.url) as client:
            assert client.export(NAME) == before
            assert [one.number for one in client.revisions(NAME).revisions] == [1]
            assert client.wait_import(update).ok
            assert client.revisions(NAME).revisions[0].total_steps == 90
            assert first_inputs(client.export(NAME)) == "0 0"
            assert client.export(NAME, revision=1) == before
            overtaken, quick = begin(client, SECOND), begin(client, THIRD)
            assert client.wait_import(quick).ok
            lost = client.wait_import(overtaken)
            assert not lost.ok and "updated by another call" in lost.logs[-1].message
            assert first_inputs(client.export(NAME)) == "3 0"
    finally:
        assert again.process.stop() == 0
    with closing(sqlite3.connect(data_dir / "vivavoce.db")) as database:
        kept = database.execute(
            "SELECT revision, published FROM suite_revisions ORDER BY revision"
        ).fetchall()
        units = {revision for (revision,) in database.execute("SELECT DISTINCT revision FROM suite_units")}
    assert kept == [(1, 1), (2, 1), (4, 1)]
    assert units == {1, 2, 4}
