"""On a server, a suite reads only the variables that its bot's own file names."""

from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
import yaml

from tests.acceptance.house import House, bot_file
from tests.acceptance.http_api import Api
from tests.acceptance.processes import Server, serving, viva_json

SUITE = """\
cases:
- case: own
  steps:
  - {say: 'my name is ${VIVA_BOT_MINE}', expect: 'Nice to meet you, ${VIVA_BOT_MINE}.'}
- case: another bot's
  steps:
  - {say: 'my name is ${VIVA_BOT_THEIRS}', expect: 'Nice to meet you.'}
"""


@pytest.fixture(scope="module")
def server(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = house.copy(tmp_path_factory.mktemp("secrets") / "data")
    with serving(data, bot_mine="Ada", bot_theirs="t0p-s3cret") as running:
        yield running


async def test_nobody_reads_another_bots_token(
    server: Server, house: House, session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    document = bot_file("dialog", house.bots_url)
    document["connector"]["headers"] = {"X-Name": "${VIVA_BOT_MINE}"}
    file = tmp_path / "dialog.yaml"
    file.write_text(yaml.safe_dump(document), encoding="utf-8")
    viva_json("bot", "add", str(file), data_dir=server.data_dir)
    api = Api(session, server.url, house.apps["all"], house.bots["dialog"])
    await api.import_suite(SUITE, "secrets")
    status = await api.run_suite("secrets")
    text = str(status)
    assert "${VIVA_BOT_THEIRS} has no value" in text
    assert "Nice to meet you, ${VIVA_BOT_MINE}." in text
    assert "Ada" not in text and "t0p-s3cret" not in text
    said = [said for _, said in (await (await session.get(f"{house.bots_url}/stats")).json())["said"]]
    assert "my name is Ada" in said and not any("t0p-s3cret" in one for one in said)
