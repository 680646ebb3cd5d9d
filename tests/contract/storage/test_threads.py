"""Many threads and processes on one database."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.contract.conftest import SECRET_KEY
from tests.contract.storage import making

from vivavoce.domain.errors import Conflict
from vivavoce.domain.run import Counts, RunStatus
from vivavoce.engine.ports.store import Store
from vivavoce.storage import default_url, open_store

NOW = making.NOW


def test_threads_commit_the_same_units_once(store: Store) -> None:
    run = making.an_accepted_run(store, 40, steps=3)
    units = [making.played(unit) for unit in making.conversations(40, steps=3)]

    def commit_all(offset: int) -> int:
        order = units[offset:] + units[:offset]
        return max(store.runs.commit(run.id, order[start : start + 4], now=NOW) for start in range(0, 40, 4))

    with ThreadPoolExecutor(6) as threads:
        marks = list(threads.map(commit_all, range(0, 40, 7)))
    assert max(marks) == 120
    assert [result.index for result in store.runs.step_results(run.id)] == list(range(120))
    assert store.runs.finish(run.id, RunStatus.PASSED, now=NOW).counts == Counts(passed=120)


def test_one_of_many_gets_the_name(store: Store) -> None:
    def stage(number: int) -> bool:
        try:
            store.suites.stage(making.a_suite(f"ctc-{number}"))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(stage, range(12))) == 1


def test_one_of_many_ends_the_run(store: Store) -> None:
    run = making.an_accepted_run(store)
    ways = [RunStatus.CANCELLED, RunStatus.FAILED, RunStatus.PASSED, RunStatus.BROKEN]
    with ThreadPoolExecutor(4) as threads:
        ends = list(threads.map(lambda status: store.runs.finish(run.id, status, now=NOW), ways))
    assert len({end.status for end in ends}) == 1
    assert all(end == store.runs.get(run.id) for end in ends)


def test_two_stores_on_one_database_see_each_other(store: Store, database_url: str) -> None:
    other = open_store(database_url, secret_key=SECRET_KEY)
    store.bots.save(making.a_bot())
    assert other.bots.get("st-1") == making.a_bot()
    reading = other.bots.all()
    store.bots.save(making.a_bot("st-2"))
    assert len(reading) == 1 and len(other.bots.all()) == 2
    other.close()


def test_many_open_a_fresh_database_together(database_url: str) -> None:
    def open_and_close(_: int) -> None:
        opened = open_store(database_url, secret_key=SECRET_KEY)
        opened.bots.save(making.a_bot())
        opened.close()

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(open_and_close, range(12)))


def test_awkward_folders(tmp_path: Path) -> None:
    folder = tmp_path / "Ünï 😀 100%25" / "deep"
    opened = open_store(default_url(folder), secret_key=SECRET_KEY)
    opened.bots.save(making.a_bot())
    opened.close()
    assert (folder / "vivavoce.db").is_file()


def test_what_was_read_together_is_read_anew_afterwards(store: Store) -> None:
    """Between two calls another process may change a bot: nothing of the first may be left."""
    store.bots.save(making.a_bot())
    changed = replace(making.a_bot(), language="de")
    with ThreadPoolExecutor(1) as elsewhere:
        with store.together():
            assert store.bots.get("st-1") == making.a_bot()
            with store.together():
                assert store.bots.by_name("Bank") == making.a_bot()
            elsewhere.submit(store.bots.save, changed).result()
            assert elsewhere.submit(store.bots.get, "st-1").result() == changed
        assert store.bots.get("st-1") == changed
        with pytest.raises(LookupError), store.together():
            raise LookupError
        assert store.bots.remove("st-1")
        assert store.bots.get("st-1") is None
