"""`viva demo`: the main job over real HTTP, on the bank's assistant that is built in."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from vivavoce import wiring
from vivavoce.assistant import bank
from vivavoce.cli.console import err, out
from vivavoce.cli.demo_api import DemoApi, Played
from vivavoce.cli.files import included_files
from vivavoce.cli.report import reported
from vivavoce.cli.reports import write_reports
from vivavoce.cli.show import show_run
from vivavoce.domain.catalog import SCOPES, SuiteKind
from vivavoce.domain.errors import Conflict, InternalError
from vivavoce.domain.run import RunStatus
from vivavoce.formats.conversations import read_conversations
from vivavoce.formats.converting import converted
from vivavoce.settings import Settings

LISTENING = "Listening on "
BOT_FILE = """\
name: Bank assistant
connector: {type: assistant, definition: bank}
limits: {requests_per_second: 0}
"""


def demo(
    data_dir: Annotated[
        Path | None, typer.Option("--data-dir", metavar="D", help="An empty folder; default a new one.")
    ] = None,
    port: Annotated[int, typer.Option("--port", metavar="P", help="Port; 0 picks a free one.")] = 0,
    serve: Annotated[bool, typer.Option("--serve", help="Stay up afterwards, until Ctrl-C.")] = False,
) -> None:
    """Import, validate, run and report the example suites of the bank's assistant over HTTP."""
    folder = data_dir or Path(tempfile.mkdtemp(prefix="vivavoce-demo-"))
    if folder.exists() and any(folder.iterdir()):
        raise Conflict(f"{folder} is not empty; the demo wants a fresh folder")
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings.read({}, data_dir=folder)
    with wiring.open_store_of(settings) as store:
        bot_file = folder / "bank.yaml"
        bot_file.write_text(BOT_FILE, encoding="utf-8")
        bot = wiring.register_bot(store, wiring.read_bot(bot_file))
        app = wiring.new_app("demo", scopes=SCOPES, streams=(bot.id,))
        store.apps.add(app)
    with _server(folder, port) as url:
        files = [
            *((path.with_suffix(".json"), _as_exported(path)) for path in bank.conversation_suites()),
            *((path, path.read_bytes()) for path in bank.batch_suites()),
        ]
        out().print(f"Server with the bank's assistant: {url} (data in {folder})")
        played = asyncio.run(DemoApi(url, app, bot.id).play(files))
        _report(settings, played)
        if serve:
            out().print(f"Still serving {url} - bot {bot.id}, app {app.client_id}; Ctrl-C ends it")
            _wait_for_interrupt()


def _as_exported(path: Path) -> bytes:
    """A native suite as the suite document that existing clients of the API upload."""
    file = read_conversations(path.read_bytes(), str(path), included_files)
    return converted(file.head, list(file.cases()), "suite")[0].encode()


@contextmanager
def _server(folder: Path, port: int) -> Iterator[str]:
    """A real server process; yields where it listens, and ends it in the end."""
    log = folder / "server.log"
    # The demo polls its own server as often as it likes; a server for others keeps its limits.
    environment = {**os.environ, "VIVA_RATE_PER_MINUTE": "0", "VIVA_RATE_PER_HOUR": "0"}
    command = [sys.executable, "-m", "vivavoce", "serve", "--port", str(port), "--data-dir", str(folder)]
    with log.open("wb") as sink:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=sink, env=environment, text=True, start_new_session=True
        )
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line.startswith(LISTENING):
                process.wait(10)
                raise InternalError(f"the server did not start: {log.read_text(errors='replace').strip()}")
            yield line.removeprefix(LISTENING).strip()
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _report(settings: Settings, played: list[Played]) -> None:
    """What came out, in the terminal and in files."""
    console = out()
    with wiring.open_store_of(settings) as store:
        runs = [(one, run) for one in played if (run := store.runs.get(one.run_id)) is not None]
        console.print("\nResults", style="bold")
        for one, run in runs:
            words = run.status.value
            if run.status is RunStatus.FAILED and run.kind.value == SuiteKind.CONVERSATION.value:
                words = "failed, as this suite means to show" if one.meant_to_fail else "failed"
            show_run(console, reported(store, run), label=one.name, words=words)
        folder = settings.data_dir / "reports"
        folder.mkdir(exist_ok=True)
        targets = {
            "junit": folder / "demo.xml",
            "csv": folder / "demo.csv",
            "json": folder / "demo.json",
            "markdown": folder / "demo.md",
            "html": folder / "demo.html",
        }
        write_reports(targets, [reported(store, run) for _, run in runs])
        for one in played:
            if one.report:
                (folder / f"{one.name}.csv").write_bytes(one.report)
    surprising = [one.name for one, run in runs if _surprising(one, run.status)]
    console.print(f"\nReports: {folder}; open {folder / 'demo.html'} in a browser")
    if surprising:
        raise InternalError(f"these suites did not end as they should: {', '.join(surprising)}")
    err().print(
        "Everything went as it should: one conversation suite fails on purpose, to show what that looks "
        "like, and the batch suites hold utterances that this bot gets wrong."
    )


def _surprising(one: Played, status: RunStatus) -> bool:
    if one.kind is SuiteKind.BATCH:
        return status not in (RunStatus.PASSED, RunStatus.FAILED)  # no classifier gets everything right
    return status is not (RunStatus.FAILED if one.meant_to_fail else RunStatus.PASSED)


def _wait_for_interrupt() -> None:
    try:
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
    except KeyboardInterrupt:
        return
