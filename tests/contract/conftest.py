"""Both databases, for contract tests: whatever takes `database_url` or `store` runs on each of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import found, postgresql
from vivavoce.engine.ports.store import Store
from vivavoce.storage import default_url, open_store

__all__ = ["postgresql"]

SECRET_KEY = b"a secret key for tests"


DATABASES = ["sqlite", "postgresql"] if found() else ["sqlite"]  # test_databases.py says what is left out


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of the test's own."""
    if request.param == "sqlite":
        yield default_url(tmp_path)
        return
    with request.getfixturevalue("postgresql").database() as url:
        yield url


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = open_store(database_url, secret_key=SECRET_KEY)
    yield opened
    opened.close()
