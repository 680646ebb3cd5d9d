"""The smaller commands: bots, apps, tokens, init, check."""

import base64
import json
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Viva, write_bot
from vivavoce import __version__


def test_the_command_tells_its_version(viva: Viva) -> None:
    shown = viva("--version")
    assert (shown.code, shown.out) == (0, f"vivavoce {__version__}\n")


def test_a_bot_is_registered_updated_and_removed(viva: Viva, bot_file: Path) -> None:
    added = json.loads(viva("bot", "add", bot_file, "--json").out)
    assert added["id"].startswith("st-") and added["name"] == "bot"
    assert viva("bot", "add", bot_file).out.strip() == added["id"], "a known name is updated"
    [listed] = json.loads(viva("bot", "list", "--json").out)
    assert listed["id"] == added["id"]
    assert viva("bot", "remove", added["id"]).code == 0
    assert viva("bot", "remove", added["id"]).code == 2
    assert json.loads(viva("bot", "list", "--json").out) == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("conector: {}", "connector"),
        ("limits: {max_conversations: none}", "max_conversations"),
        ("connector: {type: carrier-pigeon}", "carrier-pigeon"),
        ("connector: {type: http, url: http://x/, body: {a: '{{inptu}}'}, reply: {outputs: $.x}}", "inptu"),
        ("connector: {type: http, url: http://x/, reply: {outputs: '$.['}}", "outputs"),
        ("connector: {type: http, url: 'http://x/${HOME}', reply: {outputs: $.x}}", "HOME"),
    ],
)
def test_a_wrong_bot_file_is_refused_with_its_place(viva: Viva, tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(f"name: x\n{line}\n", encoding="utf-8")
    result = viva("bot", "add", path)
    assert result.code == 2
    assert str(path) in result.err and told in result.err
    assert json.loads(viva("bot", "list", "--json").out) == []


def test_bot_try_shows_request_reply_and_paths(viva: Viva, bot_file: Path) -> None:
    result = viva("bot", "try", bot_file, "my name is Ada")
    assert result.code == 0
    assert "my name is Ada" in result.out
    assert "Nice to meet you, Ada." in result.out
    assert "$.messages[*]" in result.out


def test_an_app_is_created_listed_and_revoked_and_its_secret_is_shown_once(
    viva: Viva, bot_file: Path
) -> None:
    bot_id = viva("bot", "add", bot_file).out.strip()
    made = json.loads(viva("app", "create", "--name", "ci", "--stream", bot_id, "--all-scopes", "--json").out)
    assert made["clientSecret"] and len(made["scopes"]) == 5
    listed = viva("app", "list", "--json").out
    assert made["clientId"] in listed and made["clientSecret"] not in listed
    token = viva("token", "--client-id", made["clientId"], "--ttl", "15m").out.strip()
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert claims["appId"] == made["clientId"]
    assert claims["exp"] - claims["iat"] == 900
    assert viva("app", "revoke", made["clientId"]).code == 0
    assert viva("token", "--client-id", made["clientId"]).code == 2


def test_wrong_apps_are_refused(viva: Viva) -> None:
    assert viva("app", "create", "--name", "x", "--scope", "Everything").code == 2
    assert viva("app", "create", "--name", "x", "--stream", "st-nobody").code == 2
    assert viva("app", "create", "--name", "x", "--max-lifetime", "soon").code == 2
    assert viva("app", "create", "--name", "x", "--algorithm", "none").code == 2
    assert json.loads(viva("app", "list", "--json").out) == []


def test_init_writes_files_that_pass_at_once_and_never_overwrites(viva: Viva, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "project"
    assert viva("init", folder).code == 0
    played = viva("run", folder / "first.yaml", folder / "utterances.csv", "--bot", folder / "bot.yaml")
    assert played.code == 0, played.out
    assert "training" not in played.err, "the first batch suite holds nothing that was trained"
    (folder / "first.yaml").write_text("mine")
    again = viva("init", folder)
    assert again.code == 2 and "first.yaml" in again.err
    assert (folder / "first.yaml").read_text() == "mine"


def test_check_reads_and_plays_nothing(viva: Viva, tmp_path: Path) -> None:
    viva("init", tmp_path / "p")
    fine = viva("check", tmp_path / "p" / "first.yaml", tmp_path / "p" / "utterances.csv")
    assert fine.code == 0 and "batch suite, 3 utterances" in fine.out
    wrong = tmp_path / "u.csv"
    wrong.write_text("input,intent\nhello,Fly to the moon\n", encoding="utf-8")
    told = viva("check", wrong, "--bot", tmp_path / "p" / "bot.yaml")
    assert told.code == 2 and "Fly to the moon" in told.err and "line 2" in told.err


def test_check_says_when_it_cannot_know_a_bots_intents(viva: Viva, bot_file: Path, tmp_path: Path) -> None:
    viva("init", tmp_path / "p")
    result = viva("check", tmp_path / "p" / "utterances.csv", "--bot", bot_file)
    assert result.code == 0 and "no training data" in result.err


def test_the_data_dir_may_stand_before_the_command(viva: Viva, bot_file: Path, tmp_path: Path) -> None:
    viva("--data-dir", tmp_path / "other", "bot", "add", bot_file)
    assert json.loads(viva("bot", "list", "--json").out) == []
    assert len(json.loads(viva("bot", "list", "--json", "--data-dir", tmp_path / "other").out)) == 1


def test_bot_try_speaks_with_the_assistant_too(viva: Viva, tmp_path: Path) -> None:
    viva("init", tmp_path / "p")
    result = viva("bot", "try", tmp_path / "p" / "bot.yaml", "what is my balance")
    assert result.code == 0
    assert "balance" in result.out.casefold()


def test_bot_try_on_a_bot_that_is_down_exits_3_and_says_why(viva: Viva, tmp_path: Path) -> None:
    bot = write_bot(tmp_path / "down.yaml", "http://127.0.0.1:1/chat")
    result = viva("bot", "try", bot, "hello")
    assert result.code == 3
    assert "127.0.0.1" in result.out


def test_bot_try_says_where_a_variable_is_missing(viva: Viva, tmp_path: Path) -> None:
    file = tmp_path / "bot.yaml"
    file.write_text(
        """
name: Locked
connector:
  type: http
  url: http://127.0.0.1:9/chat
  headers: {Authorization: "Bearer ${VIVA_BOT_NEVER_SET}"}
  body: {text: "{{input}}"}
  reply: {outputs: "$.messages[*]", text: $.text}
"""
    )
    tried = viva("bot", "try", file)
    assert tried.code == 2
    place = "the bot 'Locked', $.connector.headers.Authorization"
    assert f"{place}: the environment variable VIVA_BOT_NEVER_SET is not set" in tried.err.replace("\n", " ")
