"""Bots, client apps and files."""

import pytest
from msgspec.structs import replace
from sqlalchemy import create_engine, text
from tests.contract.storage import making

from vivavoce.domain.errors import Conflict
from vivavoce.engine.ports.store import Store
from vivavoce.storage import open_store
from vivavoce.storage.sealing import WrongKey


def test_a_bot_is_kept_and_replaced(store: Store) -> None:
    store.bots.save(making.a_bot())
    store.bots.save(making.a_bot("st-2", "Airline"))
    changed = replace(making.a_bot(), language="de")
    store.bots.save(changed)
    assert store.bots.get("st-1") == changed
    assert store.bots.by_name("Bank") == changed
    assert [bot.name for bot in store.bots.all()] == ["Airline", "Bank"]
    assert store.bots.get("st-3") is None
    assert store.bots.by_name("bank") is None


def test_removing_a_bot_takes_its_suites_and_runs_along(store: Store) -> None:
    store.bots.save(making.a_bot())
    run = making.an_accepted_run(store)
    assert store.bots.remove("st-1")
    assert store.bots.get("st-1") is None
    assert store.suites.by_id(run.suite_id) is None
    assert store.runs.get(run.id) is None
    assert not store.bots.remove("st-1")


@pytest.mark.parametrize("name", [*making.AWKWARD, "nul\x00", "half \ud83d", "\x1a0000"])
def test_names_come_back_as_they_were(store: Store, name: str) -> None:
    store.bots.save(making.a_bot("st-1", "other"))
    assert store.bots.by_name(name) is None
    bot = making.a_bot("st-2")
    store.bots.save(bot)
    assert store.bots.by_name("Bank") == bot
    assert store.bots.get(name) is None


def test_an_app_comes_back_with_its_secret(store: Store) -> None:
    app = making.an_app()
    store.apps.add(app)
    assert store.apps.get("cs-1") == app
    assert store.apps.get("cs-2") is None
    with pytest.raises(Conflict):
        store.apps.add(app)


def test_a_revoked_app_is_still_there(store: Store) -> None:
    store.apps.add(making.an_app("cs-1"))
    store.apps.add(making.an_app("cs-2", created_on=making.later(1)))
    assert store.apps.revoke("cs-1")
    assert not store.apps.revoke("cs-3")
    assert [(app.client_id, app.revoked) for app in store.apps.all()] == [("cs-1", True), ("cs-2", False)]
    assert store.apps.get("cs-1") == making.an_app("cs-1", revoked=True)


def test_a_secret_is_nowhere_in_the_clear(store: Store, database_url: str) -> None:
    store.apps.add(making.an_app(secret="find-me-if-you-can"))
    engine = create_engine(database_url)
    with engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM apps")).one()
    engine.dispose()
    assert b"find-me" not in b"".join(bytes(value) for value in row if isinstance(value, bytes | memoryview))
    assert "find-me" not in repr(row)


def test_another_key_is_refused_at_once(store: Store, database_url: str) -> None:
    store.apps.add(making.an_app())
    with pytest.raises(WrongKey, match="secret key is not the one"):
        open_store(database_url, secret_key=b"another key")


def test_a_sealed_secret_does_not_open_in_another_row(store: Store, database_url: str) -> None:
    store.apps.add(making.an_app("cs-1"))
    store.apps.add(making.an_app("cs-2"))
    engine = create_engine(database_url)
    with engine.begin() as connection:
        swapped = "UPDATE apps SET secret = (SELECT secret FROM apps WHERE client_id = 'cs-1')"
        connection.execute(text(swapped))
    engine.dispose()
    assert store.apps.get("cs-1") == making.an_app("cs-1")
    with pytest.raises(WrongKey):
        store.apps.get("cs-2")


def test_files(store: Store) -> None:
    file = making.a_file("a" * 24, name="überweisung 😀.csv")
    store.files.add(file)
    assert store.files.get(file.id) == file
    with pytest.raises(Conflict):
        store.files.add(file)
    store.files.remove(file.id)
    store.files.remove(file.id)
    assert store.files.get(file.id) is None


def test_ping(store: Store) -> None:
    store.ping()
