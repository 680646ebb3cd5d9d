"""How fast a batch suite is played on the embedded assistant."""

import json
import tempfile
from pathlib import Path

from bench.material import ASSISTANT, write_batch
from bench.processes import spend
from bench.tables import show

TITLE = "utterances per second of `viva run` of a batch suite on the embedded assistant"
UTTERANCES = (10_000, 100_000)
WRONG_ANSWERS = 1  # the exit code of a run in which some failed: these utterances are nobody's examples


def play() -> None:
    rows = []
    with tempfile.TemporaryDirectory(prefix="viva-bench-") as name:
        folder = Path(name)
        bot = folder / "bank.yaml"
        bot.write_text(json.dumps(ASSISTANT), encoding="utf-8")
        for utterances in UTTERANCES:
            file = write_batch(folder, utterances)
            command = [
                "-m",
                "vivavoce",
                "run",
                file,
                "--bot",
                bot,
                "--no-keep",
                "--json",
                folder / "run.json",
            ]
            spent = spend(command, folder=folder, codes=(WRONG_ANSWERS,))
            rows.append(
                (f"{utterances:,} utterances", spent.seconds, utterances / spent.seconds, spent.peak_mb)
            )
    show(("suite", "seconds", "utterances/s", "peak MB"), rows)
