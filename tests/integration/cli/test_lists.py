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


def test_the_history_of_a_suite(viva: Viva, bot_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "names.json"
    for name in ("Bob", "Bob", "Eve"):
        turn = {"input": f"my name is {name}", "outputs": [f"Nice to meet you, {name}."]}
        path.write_text(json.dumps({"testCases": [{"name": "a", "messages": [turn]}]}), encoding="utf-8")
        assert viva("run", path, "--bot", bot_file).code == 0
    _, newest, oldest = viva("suites", "--history", str(path)).out.splitlines()
    history = json.loads(viva("suites", "--history", str(path), "--json").out)
    assert [one["revision"] for one in history] == [int(newest.split()[0]), int(oldest.split()[0])]
    assert {run["revision"] for run in json.loads(viva("runs", "--json").out)} == {
        one["revision"] for one in history
    }
    unknown = viva("suites", "--history", "nobody")
    assert unknown.code == 2 and "there is no suite 'nobody'" in unknown.err
