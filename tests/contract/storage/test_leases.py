"""Who plays a run: leases, also between threads and processes."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.contract.conftest import SECRET_KEY
from tests.contract.storage import making

from vivavoce.domain.run import RunStatus
from vivavoce.engine.ports.store import Store

NOW = making.NOW
CLAIMING = Path(__file__).parent / "claiming_process.py"


def claim(store: Store, owner: str, at: float = 0, run_id: str = "") -> str:
    """The id of the claimed run; empty: none."""
    run = store.runs.claim(owner, host="here", now=making.later(at), lease_s=30, run_id=run_id)
    return run.id if run else ""


def accept_runs(store: Store, count: int) -> set[str]:
    making.publish(store, making.a_suite(), making.conversations(1))
    ids = [f"ctr-{number}" for number in range(count)]
    for run_id in ids:
        store.runs.accept(making.a_run(run_id))
    return set(ids)


def test_the_oldest_free_run_comes_first(store: Store) -> None:
    accept_runs(store, 3)
    assert [claim(store, "me") for _ in range(4)] == ["ctr-0", "ctr-1", "ctr-2", ""]


def test_a_named_run_is_claimed_or_none(store: Store) -> None:
    accept_runs(store, 3)
    assert claim(store, "me", run_id="ctr-1") == "ctr-1"
    assert claim(store, "you", run_id="ctr-1") == ""
    assert claim(store, "you", run_id="ctr-9") == ""


def test_a_lease_runs_out_unless_renewed(store: Store) -> None:
    accept_runs(store, 1)
    assert claim(store, "me") == "ctr-0"
    assert store.runs.heartbeat("me", ["ctr-0"], now=making.later(20)) == []
    assert claim(store, "you", at=40) == ""
    assert claim(store, "you", at=51) == "ctr-0"
    store.runs.heartbeat("me", ["ctr-0"], now=making.later(60))  # too late: it is another's now
    assert claim(store, "me", at=80) == ""
    assert claim(store, "me", at=82) == "ctr-0"


def test_a_run_can_be_leased_from_the_start(store: Store) -> None:
    making.publish(store, making.a_suite(), making.conversations(1))
    store.runs.accept(making.a_run(), owner="me", host="here", lease_s=30)
    assert claim(store, "you", at=29) == ""
    assert store.runs.owners() == [("me", "here")]
    store.runs.heartbeat("me", ["ctr-1"], now=making.later(20))
    assert claim(store, "you", at=49) == ""
    assert claim(store, "you", at=51) == "ctr-1"


def test_a_heartbeat_tells_who_was_asked_to_cancel(store: Store) -> None:
    accept_runs(store, 3)
    for _ in range(2):
        claim(store, "me")
    claim(store, "you")
    for run_id in ("ctr-1", "ctr-2"):
        store.runs.request_cancel(run_id)
    assert store.runs.heartbeat("me", ["ctr-0", "ctr-1", "ctr-2"], now=NOW) == ["ctr-1"]
    assert store.runs.heartbeat("me", [], now=NOW) == []


def test_a_run_is_given_back(store: Store) -> None:
    accept_runs(store, 1)
    claim(store, "me")
    store.runs.release("you", "ctr-0")
    assert claim(store, "you") == ""
    store.runs.release("me", "ctr-0")
    assert claim(store, "you") == "ctr-0"


def test_the_runs_of_a_dead_owner_are_freed(store: Store) -> None:
    accept_runs(store, 3)
    for owner in ("dead", "dead", "alive"):
        claim(store, owner)
    assert store.runs.owners() == [("alive", "here"), ("dead", "here")]
    store.runs.drop_owner("dead")
    assert store.runs.owners() == [("alive", "here")]
    assert [claim(store, "me") for _ in range(3)] == ["ctr-0", "ctr-1", ""]


def test_an_ended_run_is_nobodys(store: Store) -> None:
    accept_runs(store, 1)
    claim(store, "me")
    store.runs.finish("ctr-0", RunStatus.PASSED, now=NOW)
    assert store.runs.owners() == []
    assert claim(store, "you", at=99) == ""
    assert store.runs.heartbeat("me", ["ctr-0"], now=NOW) == []


def test_threads_never_claim_the_same_run(store: Store) -> None:
    runs = accept_runs(store, 60)

    def claim_all(owner: str) -> list[str]:
        claimed = []
        while run_id := claim(store, owner):
            claimed.append(run_id)
        return claimed

    with ThreadPoolExecutor(6) as threads:
        claimed = [run for some in threads.map(claim_all, [f"owner {n}" for n in range(6)]) for run in some]
    assert len(claimed) == 60
    assert set(claimed) == runs


def test_processes_never_claim_the_same_run(store: Store, database_url: str) -> None:
    runs = accept_runs(store, 60)
    command = [sys.executable, CLAIMING, database_url, SECRET_KEY.hex()]
    processes = [
        subprocess.Popen([*command, owner], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for owner in ("one", "two")
    ]
    for process in processes:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
    claimed = [run for process in processes for run in _finish(process)]
    assert len(claimed) == 60
    assert set(claimed) == runs


def _finish(process: "subprocess.Popen[str]") -> list[str]:
    out, _ = process.communicate("go\n", timeout=60)
    assert process.returncode == 0
    return out.split()
