import pytest

from vivavoce.connectors.environment import Secrets
from vivavoce.domain.errors import Malformed

SETTINGS = {"headers": {"Authorization": "Bearer ${VIVA_BOT_TOKEN}"}, "body": [{"k": "${VIVA_BOT_KEY}"}]}


def test_every_unset_variable_is_named_with_its_place_and_no_value() -> None:
    with pytest.raises(Malformed) as caught:
        Secrets({**SETTINGS, "url": "${VIVA_BOT_URL}"}, {"VIVA_BOT_KEY": "s3cret"})
    assert [problem.place for problem in caught.value.problems] == ["$.headers.Authorization", "$.url"]
    assert "VIVA_BOT_TOKEN" in str(caught.value) and "VIVA_BOT_URL" in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_values_are_filled_in_and_masked_in_every_spelling() -> None:
    secrets = Secrets(SETTINGS, {"VIVA_BOT_TOKEN": 'to"ken/1\n', "VIVA_BOT_KEY": "key"})
    assert secrets.resolve("Bearer ${VIVA_BOT_TOKEN}") == 'Bearer to"ken/1'
    masked = secrets.mask('to"ken/1 to\\"ken/1 to%22ken%2F1 to%22ken/1 key')
    assert masked == " ".join(["${VIVA_BOT_TOKEN}"] * 4 + ["${VIVA_BOT_KEY}"])
