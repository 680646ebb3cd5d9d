"""Which databases the contract is tested on."""

import pytest
from tests.contract.conftest import DATABASES
from tests.postgres import MISSING


def test_both_databases_are_tested() -> None:
    if "postgresql" not in DATABASES:
        pytest.skip(MISSING)
    assert DATABASES == ["sqlite", "postgresql"]
