"""Settings: environment below flags, sizes with units, clear refusals."""

from pathlib import Path

import pytest

from vivavoce.domain.errors import Malformed
from vivavoce.settings import Settings


def test_flags_win_over_the_environment_and_none_is_no_flag() -> None:
    environment = {"VIVA_PORT": "1234", "VIVA_HOST": "0.0.0.0", "VIVA_DATA_DIR": "/x"}
    settings = Settings.read(environment, port=99, host=None)
    assert (settings.port, settings.host, settings.data_dir) == (99, "0.0.0.0", Path("/x"))


def test_sizes_have_units_and_lists_have_commas() -> None:
    settings = Settings.read({"VIVA_MAX_BATCH_FILE": "2MB", "VIVA_ALLOW_HOSTS": "bot.local, 10.0.0.0/8,"})
    assert settings.max_batch_file == 2 * 1024 * 1024
    assert settings.allow_hosts == ("bot.local", "10.0.0.0/8")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VIVA_PORT", "many"),
        ("VIVA_PORT", "70000"),
        ("VIVA_LOG", "loud"),
        ("VIVA_RATE_PER_HOUR", "-1"),
        ("VIVA_MAX_BATCH_FILE", "0"),
        ("VIVA_MAX_CONVERSATION_FILE", "0MB"),
        ("VIVA_PUBLIC_URL", "tests.example.org"),
        ("VIVA_PUBLIC_URL", "ftp://tests.example.org"),
        ("VIVA_PUBLIC_URL", "https://tests.example.org/?x=1"),
        ("VIVA_PUBLIC_URL", "https://tests.example.org:port"),
        ("VIVA_PUBLIC_URL", "https://"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(Malformed, match=name):
        Settings.read({name: value})


@pytest.mark.parametrize(
    "value", ["https://tests.example.org", "http://10.0.0.1:8377/viva/", "http://[::1]:80"]
)
def test_a_public_address(value: str) -> None:
    assert Settings.read({"VIVA_PUBLIC_URL": value}).public_url == value


def test_private_bots_are_allowed_only_on_loopback() -> None:
    assert Settings.read({}).private_bots_allowed
    assert not Settings.read({"VIVA_HOST": "0.0.0.0"}).private_bots_allowed


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"VIVA_JUDGE_URL": "models.example.org", "VIVA_JUDGE_MODEL": "m"}, "VIVA_JUDGE_URL"),
        ({"VIVA_JUDGE_URL": "https://models.example.org/v1"}, "VIVA_JUDGE_MODEL"),
        ({"VIVA_JUDGE_MODEL": "m"}, "VIVA_JUDGE_URL"),
        ({"VIVA_JUDGE_MODEL": "local"}, "VIVA_JUDGE_URL"),
        (
            {"VIVA_EMBEDDING_URL": "ftp://models.example.org", "VIVA_EMBEDDING_MODEL": "m"},
            "VIVA_EMBEDDING_URL",
        ),
        ({"VIVA_EMBEDDING_URL": "https://models.example.org/v1"}, "VIVA_EMBEDDING_MODEL"),
        ({"VIVA_EMBEDDING_MODEL": "m"}, "VIVA_EMBEDDING_URL"),
    ],
)
def test_half_a_service_of_models_is_named(environment: dict[str, str], named: str) -> None:
    with pytest.raises(Malformed, match=named):
        Settings.read(environment)


def test_a_local_model_needs_no_address_and_keys_are_not_shown() -> None:
    settings = Settings.read(
        {
            "VIVA_EMBEDDING_MODEL": "local",
            "VIVA_JUDGE_URL": "http://127.0.0.1:9/v1",
            "VIVA_JUDGE_MODEL": "m",
            "VIVA_JUDGE_KEY": "sk-hush",
            "VIVA_EMBEDDING_KEY": "sk-hush",
        }
    )
    assert (settings.embedding_model, settings.judge_key) == ("local", "sk-hush")
    assert "sk-hush" not in repr(settings)
