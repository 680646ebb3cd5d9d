"""How fast `viva run` is, against a bare loop of aiohttp with the same concurrency on the same bot."""

import tempfile
from pathlib import Path
from statistics import median

from bench.material import CONCURRENCY, write_bot, write_suite
from bench.processes import Spent, fast_bot, spend
from bench.tables import show

TITLE = "turns per second of `viva run`, with storage and four reports, to a bare aiohttp loop (aim: 0.5)"
STEPS = (20_000, 50_000)
ROUNDS = 3


def play() -> None:
    rows = []
    with tempfile.TemporaryDirectory(prefix="viva-bench-") as name, fast_bot(Path(name)) as url:
        folder = Path(name)
        bot = write_bot(folder, url)
        for steps in STEPS:
            suite = write_suite(folder, steps)
            pairs = [
                (spend(["-m", "bench.bare", url, steps, CONCURRENCY], folder=folder), run(folder, bot, suite))
                for _ in range(ROUNDS)
            ]
            rows.append(
                (
                    f"{steps:,} steps",
                    median(steps / bare.seconds for bare, _ in pairs),
                    median(steps / viva.seconds for _, viva in pairs),
                    median(bare.seconds / viva.seconds for bare, viva in pairs),
                    median(bare.cpu_seconds / viva.cpu_seconds for bare, viva in pairs),
                )
            )
    show(("whole processes, medians", "bare turns/s", "viva turns/s", "ratio", "ratio by CPU"), rows)


def run(folder: Path, bot: Path, suite: Path) -> Spent:
    """One `viva run` with everything on: results stored, all reports written. All steps must pass."""
    kinds = {"--junit": "run.xml", "--csv": "run.csv", "--json": "run.json", "--markdown": "run.md"}
    reports = [argument for flag, name in kinds.items() for argument in (flag, folder / name)]
    return spend(["-m", "vivavoce", "run", suite, "--bot", bot, "--no-keep", *reports], folder=folder)
