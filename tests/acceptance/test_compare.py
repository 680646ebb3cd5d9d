"""Two runs side by side with real processes: here, and played at a real server."""

import json
import subprocess
from pathlib import Path

from tests.acceptance.house import House
from tests.acceptance.processes import Server, viva, viva_each
from tests.acceptance.suites import as_text, batch

RIGHT = [("my balance {}", "check_balance")] * 6
UNKNOWN = [("my funds {}", "check_balance")] * 8  # this bot does not understand


def suite(path: Path, *rows: tuple[str, str]) -> Path:
    path.write_text(as_text(batch(*((words.format(n), intent) for n, (words, intent) in enumerate(rows)))))
    return path


def as_if(report: Path, to: Path, verdict: str, outcome: str, *intents: str) -> Path:
    """The report as a bot would have made it that understood the funds so."""
    document = json.loads(report.read_bytes())
    for result in document["runs"][0]["results"]:
        if "funds" in result["utterance"]:
            result |= {"verdict": verdict, "outcome": outcome}
            result["matched"]["intents"] = [{"name": name, "score": 0.9, "type": ""} for name in intents]
    to.write_text(json.dumps(document), encoding="utf-8")
    return to


def first_line(command: "subprocess.CompletedProcess[str]") -> str:
    return command.stdout.splitlines()[0]


def test_a_run_is_held_to_its_baseline(house: House, tmp_path: Path) -> None:
    data_dir, now, before = house.copy(tmp_path / "data"), tmp_path / "now.json", tmp_path / "before.json"
    run = ["run", str(suite(tmp_path / "batch.json", *RIGHT, *UNKNOWN)), "--bot", house.bots["dialog"]]
    viva(*run, "--json", str(now), data_dir=data_dir, expect=1)
    as_if(now, before, "passed", "TP", "check_balance")
    told, held, _, worse, better = viva_each(
        [*run, "--baseline", str(before)],
        [*run, "--baseline", str(now)],
        [*run, "--baseline", str(before), "--max-regressions", "8", "--min-f1", "0.99"],
        ["compare", str(before), "last"],
        ["compare", "last", str(before), "--significance", "0.005"],
        data_dir=data_dir,
        expect=[1, 0, 1, 1, 0],
    )
    assert first_line(told).endswith(": failed (against the baseline: 8 cases newly fail, none may)")
    assert "Worse: 8 cases newly fail and none newly passes" in told.stdout
    assert first_line(held).endswith(": passed (against the baseline: no case newly fails)")
    assert "Worse: 8 cases" in worse.stdout
    assert "No real difference at 0.005: no case newly fails and 8 newly pass" in better.stdout


def test_so_is_one_at_a_server(house: House, server: Server, tmp_path: Path) -> None:
    app, markdown = house.apps["all"], tmp_path / "report.md"
    environment = {"VIVA_CLIENT_ID": app.client_id, "VIVA_CLIENT_SECRET": app.secret}
    now, before = tmp_path / "now.json", tmp_path / "before.json"
    file = suite(tmp_path / "held.json", *RIGHT, *UNKNOWN)
    run = ["run", str(file), "--bot", house.bots["dialog"], "--server", server.url, "--wait"]
    viva(*run, "--json", str(now), environment=environment, expect=1)
    as_if(now, before, "passed", "TP", "check_balance")
    told, _, hasty = viva_each(
        [*run, "--baseline", str(before), "--markdown", str(markdown)],
        [*run, "--baseline", str(before), "--significance", "0.005"],
        [*run[:-1], "--baseline", str(now)],
        environment=environment,
        expect=[1, 0, 2],
    )
    assert first_line(told) == f"{file}: failed (against the baseline: 8 cases newly fail, none may)"
    assert "Worse: 8 cases newly fail" in told.stdout
    text = markdown.read_text(encoding="utf-8")
    assert text.startswith("# Comparison\n") and "# Test report\n" in text
    assert "a baseline is compared with a run that has ended: add --wait" in hasty.stderr
