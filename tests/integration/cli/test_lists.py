"""The lists that commands print for people: one line a row, nothing cut, since other commands ask for ids."""

import json
from pathlib import Path

from tests.integration.cli.conftest import Viva


def test_every_id_stands_in_its_list_whole(viva: Viva, bot_file: Path, tmp_path: Path) -> None:
    name = "a suite whose name is rather long " * 5
    path = tmp_path / f"{name}.json"
    turn = {"input": "my name is Bob", "outputs": ["Nice to meet you, Bob."]}
    path.write_text(json.dumps({"testCases": [{"name": "a", "messages": [turn]}]}), encoding="utf-8")
    bot = viva("bot", "add", bot_file).out.strip()
    app = json.loads(viva("app", "create", "--name", "ci", "--stream", bot, "--all-scopes", "--json").out)
    assert viva("run", path, "--bot", bot).code == 0
    [run] = json.loads(viva("runs", "--json").out)
    [suite] = json.loads(viva("suites", "--json").out)

    for command, row in (
        (("runs",), (run["id"], str(path), "passed", "1 passed, 0 failed")),
        (("suites",), (suite["id"], str(path), "conversation", "1")),
        (("bot", "list"), (bot, "bot", "http", "en")),
        (("app", "list"), (app["clientId"], "ci", "active", bot, "Batch Tests Execution")),
    ):
        titles, line = viva(*command).out.splitlines()
        assert all(cell in line for cell in row), line
        assert titles.split()[0] in ("run", "id", "client")
        assert line.startswith(row[0])


def test_an_empty_list_is_its_titles(viva: Viva) -> None:
    assert viva("runs").out.split() == ["run", "suite", "bot", "status", "result", "begun"]
