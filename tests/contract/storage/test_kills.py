"""What is left after a writer was killed."""

import subprocess
import sys
from pathlib import Path

from tests.contract.conftest import SECRET_KEY
from tests.contract.storage import making

from vivavoce.domain.run import Counts, RunStatus
from vivavoce.engine.ports.store import Store

COMMITTING = Path(__file__).parent / "committing_process.py"
UNITS, STEPS = 1000, 20


def test_a_killed_writer_loses_only_what_was_not_committed(store: Store, database_url: str) -> None:
    run = making.an_accepted_run(store, UNITS, steps=STEPS)
    command = [sys.executable, COMMITTING, database_url, SECRET_KEY.hex(), run.id, str(STEPS)]
    finished = 0
    for kill_after in (7, 23, 40):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            told = [int(process.stdout.readline()) for _ in range(kill_after)]
            process.kill()
            told += map(int, process.stdout.read().split())
        assert told == list(range(finished, finished + len(told)))
        pending = store.runs.pending_units(run.id)
        # The unit in flight may have been committed without the word of it having come out.
        assert len(told) <= UNITS - finished - len(pending) <= len(told) + 1
        finished = UNITS - len(pending)
        assert pending == making.places(*range(finished, UNITS))
        kept = [result.index for result in store.runs.step_results(run.id)]
        assert kept == list(range(finished * STEPS))
        mark = store.runs.get(run.id)
        assert mark is not None and mark.done == finished * STEPS

    units = making.conversations(UNITS, STEPS)[finished:]
    store.runs.commit(run.id, [making.played(unit) for unit in units], now=making.NOW)
    ended = store.runs.finish(run.id, RunStatus.PASSED, now=making.NOW)
    assert ended.counts == Counts(passed=UNITS * STEPS)
