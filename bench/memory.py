"""Whether the memory of `viva run` depends on the size of the suite."""

import tempfile
from pathlib import Path

from bench.material import write_bot, write_suite
from bench.processes import fast_bot
from bench.tables import show
from bench.turns import run

TITLE = "peak memory of `viva run` by size of the suite (aim: flat)"
STEPS = (1_000, 10_000, 100_000)


def play() -> None:
    rows = []
    with tempfile.TemporaryDirectory(prefix="viva-bench-") as name, fast_bot(Path(name)) as url:
        folder = Path(name)
        bot = write_bot(folder, url)
        for steps in STEPS:
            suite = write_suite(folder, steps)
            spent = run(folder, bot, suite)
            rows.append((f"{steps:,} steps", suite.stat().st_size / 2**20, spent.peak_mb, spent.seconds))
    show(("suite", "file MB", "peak MB", "seconds"), rows)
