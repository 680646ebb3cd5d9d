"""The import of large batch suites, by the use case itself, in a process of its own.

`python -m bench.batch_import FILE DATA_DIR` is that process; it prints the seconds of the import alone.
"""

import asyncio
import shutil
import sys
import tempfile
import time
from pathlib import Path

from bench.material import write_batch
from bench.processes import spend
from bench.tables import show

TITLE = "import of a batch suite from CSV into SQLite (aim: 1,000,000 utterances in 15 s and 300 MB)"
UTTERANCES = (10_000, 100_000, 1_000_000)


def play() -> None:
    rows = []
    for utterances in UTTERANCES:
        with tempfile.TemporaryDirectory(prefix="viva-bench-") as name:
            folder = Path(name)
            file = write_batch(folder, utterances)
            spent = spend(["-m", "bench.batch_import", file, folder / "data"], folder=folder)
            size = file.stat().st_size / 2**20
            rows.append(
                (f"{utterances:,} utterances", size, float(spent.output), spent.seconds, spent.peak_mb)
            )
    show(("suite", "file MB", "import s", "process s", "peak MB"), rows)


def import_file(file: Path, data_dir: Path) -> float:
    """Upload and import a file as the server does; how long the import took, in seconds."""
    from vivavoce import wiring
    from vivavoce.domain.bot import Bot
    from vivavoce.engine.importing import import_batch
    from vivavoce.engine.storing import store_file
    from vivavoce.settings import Settings

    bot = Bot(id="st-bench", name="bench", connector={"type": "http"})
    with wiring.open_engine(Settings.read({}, data_dir=data_dir)) as engine:
        engine.store.bots.save(bot)
        draft = data_dir / "draft.csv"
        shutil.copyfile(file, draft)
        stored = store_file(engine, draft, name=file.name)
        began = time.perf_counter()
        suite = asyncio.run(
            import_batch(engine, bot, stored, name="bench", user="u-bench", file_type="csv", language="en")
        )
        seconds = time.perf_counter() - began
    with file.open("rb") as lines:
        assert suite.total == sum(1 for _ in lines) - 1, suite.total
    return seconds


if __name__ == "__main__":
    print(import_file(Path(sys.argv[1]), Path(sys.argv[2])))
