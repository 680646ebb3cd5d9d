"""How a batch run grows with its utterances: `viva run` as a whole, on the embedded NLU and over HTTP."""

import math
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.intents import source, write_intents_batch, write_intents_bot
from bench.material import CONCURRENCY, write_nlu_bot
from bench.processes import Spent, fast_bot, spend
from bench.tables import show

TITLE = (
    "`viva run` of batch suites by size (aims: linear, 25,000 utterances/s, 500 MB); --full: up to 1,000,000"
)
SIZES = (10_000, 100_000)
FULL = (10_000, 100_000, 1_000_000)
CODES = (0, 1)  # 1: some utterances were not understood


def play(*, full: bool = False) -> None:
    sizes = FULL if full else SIZES
    with tempfile.TemporaryDirectory(prefix="viva-bench-") as name:
        folder = Path(name)
        bot = write_intents_bot(folder)
        _show(f"embedded NLU, {source()}", sizes, [_run(folder, bot, size) for size in sizes])
        with fast_bot(folder) as url:
            bot = write_nlu_bot(folder, url)
            _show(f"HTTP bot, {CONCURRENCY} in flight", sizes, [_run(folder, bot, size) for size in sizes])
            bare = [spend(["-m", "bench.bare", url, size, CONCURRENCY], folder=folder) for size in SIZES]
            _show(f"a bare aiohttp loop, {CONCURRENCY} in flight", SIZES, bare)


def _run(folder: Path, bot: Path, utterances: int) -> Spent:
    """From the file to the CSV report, with the process's start."""
    file = write_intents_batch(folder, utterances)
    command = ["-m", "vivavoce", "run", file, "--bot", bot, "--no-keep", "--csv", folder / "run.csv"]
    return spend(command, folder=folder, codes=CODES)


def _show(title: str, sizes: Sequence[int], runs: Sequence[Spent]) -> None:
    rows = [
        (
            f"{size:,}",
            spent.seconds,
            size / spent.seconds,
            spent.cpu_seconds,
            spent.peak_mb,
            spent.tree_mb,
        )
        for size, spent in zip(sizes, runs, strict=True)
    ]
    print(f"  {title}")
    show(("utterances", "seconds", "utterances/s", "CPU s", "main MB", "all processes MB"), rows)
    seconds, cpu = (
        _slope(sizes, [one.seconds for one in runs]),
        _slope(sizes, [one.cpu_seconds for one in runs]),
    )
    last, before = runs[-1], runs[-2]
    more = (sizes[-1] - sizes[-2]) / (last.seconds - before.seconds)
    print(
        f"    slope of log seconds by log utterances {seconds:.2f}, of CPU seconds {cpu:.2f} (1 is linear);"
    )
    print(f"    between the last two sizes {more:,.0f} utterances/s", flush=True)


def _slope(sizes: Sequence[int], values: Sequence[float]) -> float:
    """Of the least-squares line through the logarithms."""
    x, y = [math.log(size) for size in sizes], [math.log(value) for value in values]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    rise = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    return rise / sum((a - mean_x) ** 2 for a in x)
