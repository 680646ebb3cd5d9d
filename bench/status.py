"""How fast a server answers while it plays."""

import asyncio
import json
import tempfile
import time
from pathlib import Path
from statistics import quantiles

from bench.intents import write_intents_batch, write_intents_bot
from bench.material import write_bot, write_suite
from bench.processes import cpu_of, fast_bot, serving, spend
from bench.tables import show
from vivavoce.client import Client

TITLE = "status calls while a real server plays runs, in milliseconds (aim: p99 of 50 during a batch run)"
STEPS = 10_000
RUNS = 3
UTTERANCES = 100_000
CALLS_PER_SECOND = 100
IDLE_CALLS = 100
BETWEEN_CALLS_S = 0.02
SETTINGS = {"VIVA_RATE_PER_MINUTE": "0", "VIVA_RATE_PER_HOUR": "0"}


def play() -> None:
    with tempfile.TemporaryDirectory(prefix="viva-bench-") as name:
        folder = Path(name)
        (folder / "bot").mkdir()
        with fast_bot(folder / "bot") as url:
            bot = _printed(folder, "bot", "add", write_bot(folder, url))["id"]
            app = _printed(folder, "app", "create", "--name", "bench", "--all-streams", "--all-scopes")
            serve = ["-m", "vivavoce", "serve", "--port", "0"]
            with serving(serve, folder=folder, environment=SETTINGS) as (line, server):
                client = Client(
                    line.rpartition(" ")[2],
                    app["clientId"],
                    app["clientSecret"],
                    bot,
                    user_email="bench@localhost",
                )
                idle, busy, cpu_ms = asyncio.run(_measure(client, write_suite(folder, STEPS), server))
                batch = _during_batch(folder, line.rpartition(" ")[2], app)
    rows = []
    for name, took in (
        ("while nothing runs", idle),
        (f"conversations of {STEPS:,} steps", busy),
        (f"batch of {UTTERANCES:,}, {CALLS_PER_SECOND} calls/s", batch),
    ):
        cuts = quantiles(took, n=100)
        rows.append((name, len(took), cuts[49], cuts[98], max(took)))
    show(("status calls", "calls", "p50 ms", "p99 ms", "max ms"), rows)
    print(f"CPU of the server at a call while nothing runs: {cpu_ms:.1f} ms")


def _during_batch(folder: Path, url: str, app: dict[str, str]) -> list[float]:
    """Milliseconds of each call while the embedded NLU plays a batch suite; another process asks."""
    bot = _printed(folder, "bot", "add", write_intents_bot(folder))["id"]
    suite, run = asyncio.run(_begin_batch(folder, url, app, bot))
    calls = ["-m", "bench.status_calls", url, app["clientId"], app["clientSecret"], bot, suite, run]
    took: list[float] = json.loads(spend([*calls, CALLS_PER_SECOND], folder=folder).output)
    return took


async def _begin_batch(folder: Path, url: str, app: dict[str, str], bot: str) -> tuple[str, str]:
    async with Client(url, app["clientId"], app["clientSecret"], bot, user_email="bench@localhost") as client:
        upload = await client.upload(write_intents_batch(folder, UTTERANCES))
        await client.import_batch(upload.id, "batch")
        return "batch", await client.run_batch("batch")


def _printed(folder: Path, *arguments: object) -> dict[str, str]:
    """What a command prints with `--json`."""
    printed: dict[str, str] = json.loads(
        spend(["-m", "vivavoce", *arguments, "--json"], folder=folder).output
    )
    return printed


async def _measure(client: Client, suite: Path, server: int) -> tuple[list[float], list[float], float]:
    """Milliseconds of each status call after runs, of each during them, and of CPU at one of the first."""
    cpu = 0.0
    idle: list[float] = []
    busy: list[float] = []
    async with client:
        upload = await client.upload(suite)
        imported = await client.import_conversations(upload.id, "bench")
        await client.wait_import(imported)
        for _ in range(RUNS):
            run = await client.run("bench")
            while await _ask(client, run, busy):
                pass
            before = cpu_of(server)
            for _ in range(IDLE_CALLS):
                await _ask(client, run, idle)
            cpu += cpu_of(server) - before
    return idle, busy, cpu / len(idle) * 1000


async def _ask(client: Client, run: str, took_ms: list[float]) -> bool:
    """Ask for the status once, and rest; whether the run goes on."""
    began = time.perf_counter()
    status = await client.run_status("bench", run, details=False)
    took_ms.append((time.perf_counter() - began) * 1000)
    await asyncio.sleep(BETWEEN_CALLS_S)
    return not status.ended
