"""The secret key of a data folder; what is wrong with a bot is told as such."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from vivavoce.domain.bot import Bot
from vivavoce.domain.errors import InputError, Malformed
from vivavoce.settings import Settings
from vivavoce.wiring import BotConnectors, secret_key, suite_secrets


def test_the_first_to_ask_makes_the_key_and_all_get_the_same(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with ThreadPoolExecutor(16) as threads:
        keys = set(threads.map(secret_key, [settings] * 64))
    [key] = keys
    assert len(key) == 64
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("named", [False, True])
def test_an_empty_key_protects_nothing_and_is_refused(tmp_path: Path, named: bool) -> None:
    file = tmp_path / "secret.key"
    file.write_bytes(b" \n")
    settings = Settings(data_dir=tmp_path, secret_key_file=str(file) if named else "")
    with pytest.raises(Malformed, match=r"secret\.key is empty"):
        secret_key(settings)


@pytest.mark.parametrize("spoil", [Path.mkdir, lambda path: path.parent.rmdir()])
def test_a_key_that_cannot_be_read_or_made_is_wrong_input(
    tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    spoil(folder / "secret.key")
    with pytest.raises(InputError, match="cannot be read or made"):
        secret_key(Settings(data_dir=folder))


def test_a_key_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match="there is no file"):
        secret_key(Settings(secret_key_file=str(tmp_path / "none")))


def test_a_bot_that_cannot_be_asked_is_named_with_the_place_in_its_file() -> None:
    settings = {
        "type": "http",
        "url": "http://127.0.0.1/",
        "headers": {"Authorization": "Bearer ${VIVA_BOT_TOKEN}"},
        "body": {"text": "{{input}}"},
        "reply": {"outputs": "$.x"},
        "nlu": {"intents": "$.y"},
    }
    bot, connectors = (
        Bot(id="st-1", name="shop", connector=settings),
        BotConnectors(environment={}, allow=None),
    )
    for make in (connectors.connector, connectors.classifier):
        with pytest.raises(Malformed) as refused:
            make(bot, "published")
        [problem] = refused.value.problems
        assert problem.place == "the bot 'shop', $.connector.headers.Authorization"
        assert "VIVA_BOT_TOKEN is not set" in problem.message


def test_suites_of_others_read_only_what_the_bot_itself_names() -> None:
    environment = {"VIVA_BOT_OWN": "own\n", "VIVA_BOT_NEXT": "next", "VIVA_SECRET_KEY": "key", "HOME": "/"}
    bot = Bot(
        id="st-1",
        name="b",
        connector={"headers": {"Authorization": "Bearer ${VIVA_BOT_OWN} ${VIVA_BOT_UNSET}"}},
        versions={"published": {"connector": {"url": "${VIVA_SECRET_KEY}"}}},
    )
    assert suite_secrets(environment, bot, shared=True) == {"VIVA_BOT_OWN": "own"}
    assert suite_secrets(environment, bot, shared=False) == {"VIVA_BOT_OWN": "own", "VIVA_BOT_NEXT": "next"}


def test_graders_are_built_without_loading_what_is_heavy() -> None:
    """In a process of its own: whatever starts the command must not wait for a model."""
    program = """
import sys
from vivavoce import wiring
from vivavoce.settings import Settings
configured = wiring.graders(Settings.read({"VIVA_EMBEDDING_MODEL": "local"}))
assert configured.embedder and configured.languages and configured.judge is None
heavy = {"numpy", "py3langid", "wordllama", "tokenizers", "safetensors"}
print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
