"""`viva run --server`: suites are imported and played at a real server, and judged as if they were here."""

import json
import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.acceptance.house import House
from tests.acceptance.http_api import USER
from tests.acceptance.processes import CHECKOUT, Server, viva, wait_until
from tests.acceptance.suites import as_text, chats, transcript, utterances
from vivavoce.client import BlockingClient, Client

GOOD = """
suite: Greeting
tags: [smoke]
include: [shared.yaml]
variables: {who: Ann}
cases:
  - case: greet
    steps:
      - say: "I am {{who}}"
        expect: "You said: I am {{who}}"
"""
SHARED = "cases: [{case: shared, say: one, expect: 'You said: one'}]\n"


@pytest.fixture
def there(house: House, server: Server) -> "There":
    return There(house, server)


class There:
    """The command with the address of the server in its environment."""

    def __init__(self, house: House, server: Server) -> None:
        self.house = house
        self.url = server.url
        app = house.apps["all"]
        self.environment = {"VIVA_CLIENT_ID": app.client_id, "VIVA_CLIENT_SECRET": app.secret}

    def arguments(self, *arguments: str, bot: str = "dialog", url: str = "") -> list[str]:
        bot = self.house.bots.get(bot, bot)
        return ["run", *arguments, "--server", url or self.url, "--bot", bot]

    def run(
        self, *arguments: str, expect: int = 0, bot: str = "dialog", url: str = "", **environment: str
    ) -> "subprocess.CompletedProcess[str]":
        environment = self.environment | environment
        given = {name: value for name, value in environment.items() if value}
        return viva(*self.arguments(*arguments, bot=bot, url=url), expect=expect, environment=given)

    def client(self, bot: str = "dialog") -> BlockingClient:
        app = self.house.apps["all"]
        asked = Client(self.url, app.client_id, app.secret, self.house.bots[bot], user_email=USER)
        return BlockingClient(asked)


def written(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def test_a_native_file_with_includes_is_imported_run_and_exported(there: There, tmp_path: Path) -> None:
    written(tmp_path, "shared.yaml", SHARED)
    path = written(tmp_path, "greeting.yaml", GOOD)
    done = there.run(path, "--wait")
    assert done.stdout.splitlines()[0] == f"{path}: passed" and "2 passed, 0 failed" in done.stdout
    with there.client() as client:
        first = client.export("Greeting")
        assert [step["input"] for step in first["testSteps"]] == ["one", "I am {{who}}"]
        assert first["tags"] == ["smoke"]
        changed = GOOD.replace("I am {{who}}", "It is {{who}}")
        written(tmp_path, "greeting.yaml", changed)
        there.run(path, "--wait")
        there.run(path, "--wait")  # the same again: no revision
        assert [one.number for one in client.revisions("Greeting").revisions] == [2, 1]
        assert client.export("Greeting", revision=1) == first
        [newest, second, *_] = client.runs("Greeting").runs
        assert (newest["suiteRevision"], second["suiteRevision"]) == (2, 2)


def test_a_failure_is_told_and_reported(there: There, tmp_path: Path) -> None:
    path = written(tmp_path, "chats.json", as_text(chats(8)))
    junit, report, page = tmp_path / "junit.xml", tmp_path / "report.json", tmp_path / "page.html"
    reports = ("--junit", str(junit), "--json", str(report), "--html", str(page))
    done = there.run(path, "--suite", "Chats", "--wait", *reports, expect=1)
    assert done.stdout.splitlines()[0] == f"{path}: failed"
    assert "14 passed, 2 failed" in done.stdout and "something else" in done.stdout
    assert ET.parse(junit).getroot().get("failures") == "2"
    [run] = json.loads(report.read_bytes())["runs"]
    assert (run["suite"], run["counts"]["failed"]) == ("Chats", 2)
    assert "Failed cases" in page.read_text("utf-8")
    # without a file it is what is there; the flags choose as they do here, and thresholds judge here
    done = there.run(
        "--suite", "Chats", "--wait", "--case", "conversation 1", "--case", "conversation 4", expect=1
    )
    assert "3 passed, 1 failed" in done.stdout
    there.run("--suite", "Chats", "--wait", "--min-pass-rate", "0.8")
    repeated = there.run("--suite", "Chats", "--wait", "--case", "conversation 1", "--repeat", "3")
    assert "cases over 3 repeats: 1 passed" in repeated.stdout
    table = there.run("--suite", "Chats", "--wait", "--csv", "-", expect=1)
    assert table.stdout.startswith("Suite,Case,Step")


def test_a_batch_suite(there: There, tmp_path: Path) -> None:
    path = written(tmp_path, "batch.json", as_text(utterances(8)))
    done = there.run(path, "--wait", expect=1)
    assert "F1 0.500" in done.stdout and "FP: transfer 2" in done.stdout
    there.run("--suite", "batch", "--wait", "--min-f1", "0.5")
    refused = there.run("--suite", "batch", "--repeat", "2", expect=2)
    assert "there is no conversation suite 'batch'" in refused.stderr


def test_without_waiting_it_prints_the_run_and_leaves(there: There, tmp_path: Path) -> None:
    path = written(tmp_path, "chats.json", as_text(chats(2)))
    done = there.run(path, "--suite", "Later")
    run_id = done.stdout.strip()
    assert run_id.startswith("ctr-")
    with there.client() as client:
        assert client.wait_run("Later", run_id).ok
    assert "add --wait" in there.run("--suite", "Later", "--junit", "x.xml", expect=2).stderr


def test_what_is_wrong_is_told_with_the_way_out(there: There, tmp_path: Path) -> None:
    path = written(tmp_path, "chats.json", as_text(chats(1)))
    wrong = {
        "no suite 'nobody'": lambda: there.run("--suite", "nobody", "--wait", expect=2),
        "VIVA_CLIENT_ID": lambda: there.run("--suite", "x", expect=2, VIVA_CLIENT_ID=""),
        "VIVA_CLIENT_SECRET": lambda: there.run("--suite", "x", expect=2, VIVA_CLIENT_SECRET=""),
        "check the client id": lambda: there.run("--suite", "x", expect=2, VIVA_CLIENT_SECRET="s" * 40),
        "the bot's id": lambda: there.run("--suite", "x", expect=2, bot="st-none"),
        "gave no answer: Connection refused": lambda: there.run(
            "--suite", "x", "--wait", expect=3, url="http://127.0.0.1:9"
        ),
        "begins with http://": lambda: there.run("--suite", "x", expect=2, url="viva.example"),
        "a FILE to import, or --suite": lambda: there.run(expect=2),
        "--concurrency does not go": lambda: there.run(path, "--concurrency", "2", expect=2),
        "names one suite, but 2 files": lambda: there.run(path, path, "--suite", "x", expect=2),
        "two files are named 'chats'": lambda: there.run(path, path, expect=2),
        "one FILE a command": lambda: there.run(path, path, "--wait", "--junit", "x.xml", expect=2),
    }
    for words, attempt in wrong.items():
        assert words in attempt().stderr
    assert "--suite goes with --server" in viva("run", path, "--bot", "b", "--suite", "x", expect=2).stderr
    assert "name a suite FILE" in viva("run", "--bot", "b", expect=2).stderr


def test_a_bot_that_is_down_is_an_error_and_the_secret_may_lie_in_a_file(
    there: There, tmp_path: Path
) -> None:
    path = written(tmp_path, "chats.json", as_text(chats(1)))
    secret = written(tmp_path, "secret", there.environment["VIVA_CLIENT_SECRET"] + "\n")
    done = there.run(
        path, "--wait", "--client-secret-file", secret, expect=3, bot="down", VIVA_CLIENT_SECRET=""
    )
    assert "it was not imported" in done.stdout and "could not be reached" in done.stdout


def test_ctrl_c_cancels_the_run_at_the_server(there: There, tmp_path: Path) -> None:
    many = [(f"turn {number}", f"You said: turn {number}") for number in range(100)]
    with there.client("slow") as client:
        file = client.upload(as_text(transcript(many)).encode())
        started = client.import_conversations(file.id, "Long")
        assert client.wait_import(started).ok
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VIVA_")}
    running = subprocess.Popen(
        [sys.executable, "-m", "vivavoce", *there.arguments("--suite", "Long", "--wait", bot="slow")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=CHECKOUT,
        env=environment | there.environment | {"NO_COLOR": "1"},
        text=True,
    )
    with there.client("slow") as client:
        wait_until(lambda: client.runs("Long").count == 1, what="the run")
        wait_until(lambda: client.runs("Long").runs[0]["percentageCompleted"] > 0, what="a played step")
        begun = time.monotonic()
        running.send_signal(signal.SIGINT)
        out, told = running.communicate(timeout=30)
        assert running.returncode == 130, told
        assert time.monotonic() - begun < 12
        assert client.runs("Long").runs[0]["status"] == "aborted"
        assert out.splitlines()[0].startswith("Long: cancelled")
