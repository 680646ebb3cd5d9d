"""The tables and their history."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text
from tests.contract.conftest import SECRET_KEY
from tests.contract.storage import making

from vivavoce.domain.errors import Conflict, InputError, Malformed
from vivavoce.engine.ports.store import Store
from vivavoce.storage import migrations, open_store
from vivavoce.storage.tables import metadata


def test_the_migrations_lead_to_the_tables(store: Store, database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)
    engine.dispose()
    assert differences == []


def test_every_revision_is_known_in_order() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    revisions = ScriptDirectory.from_config(config).walk_revisions()
    assert tuple(script.revision for script in revisions)[::-1] == migrations.REVISIONS


def test_opening_again_keeps_everything(store: Store, database_url: str) -> None:
    store.bots.save(making.a_bot())
    again = open_store(database_url, secret_key=SECRET_KEY)
    assert again.bots.get("st-1") == making.a_bot()
    again.close()


def test_a_newer_database_is_refused(store: Store, database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(Conflict, match=r"newer Vivavoce.*9999"):
        open_store(database_url, secret_key=SECRET_KEY)


def test_what_cannot_be_opened_is_told_without_passwords(tmp_path: Path) -> None:
    for url in ("no url", "mysql://u:hidden@db/x", "sqlite://", "sqlite:///:memory:"):
        with pytest.raises(Malformed) as refusal:
            open_store(url, secret_key=SECRET_KEY)
        assert "hidden" not in str(refusal.value)
    (tmp_path / "text").write_text("no database at all, " * 100)
    with pytest.raises(InputError, match="not a database"):
        open_store(f"sqlite:///{tmp_path}/text", secret_key=SECRET_KEY)
    with pytest.raises(InputError, match="cannot be opened") as refusal:
        open_store("postgresql://u:hidden@127.0.0.1:1/x", secret_key=SECRET_KEY)
    assert "hidden" not in str(refusal.value)
