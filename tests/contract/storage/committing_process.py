"""A process that plays a run's pending units: URL, secret key as hex, run id, steps a unit.

It prints the index of each unit after it was committed; its tests kill it.
"""

import datetime
import sys

from vivavoce.domain.suite import Step
from vivavoce.domain.verdict import StepResult, Verdict
from vivavoce.engine.ports.units import FinishedUnit
from vivavoce.storage import open_store

if __name__ == "__main__":
    url, key, run_id, steps = sys.argv[1:]
    store = open_store(url, secret_key=bytes.fromhex(key))
    size, now = int(steps), datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
    for _, unit in store.runs.pending_units(run_id):
        results = tuple(
            StepResult(index=unit * size + step, case="case", step=Step("hi" * 200), verdict=Verdict.PASSED)
            for step in range(size)
        )
        store.runs.commit(run_id, [FinishedUnit(unit, results)], now=now)
        sys.stdout.write(f"{unit}\n")
        sys.stdout.flush()
    store.close()
