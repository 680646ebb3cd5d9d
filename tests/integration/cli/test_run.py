"""`viva run`: exit codes, what is printed, reports, thresholds, and interruptions."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.bots.running import RunningBots
from tests.integration.cli.conftest import Viva, write_bot


def suite(path: Path, *turns: tuple[str, str], cases: int = 1) -> Path:
    messages = [{"input": said, "outputs": [expected]} for said, expected in turns]
    document = {"testCases": [{"name": f"case {i}", "messages": messages} for i in range(cases)]}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


GOOD = ("my name is Ada", "Nice to meet you, Ada.")
BAD = ("my name is Ada", "Nice to meet you, Bob.")


def test_a_suite_that_passes_exits_0(viva: Viva, bot_file: Path, tmp_path: Path) -> None:
    result = viva("run", suite(tmp_path / "s.json", GOOD, cases=3), "--bot", bot_file)
    assert result.code == 0, result.err
    assert f"{tmp_path / 's.json'}: passed" in result.out
    assert "3 passed, 0 failed" in result.out


def test_a_failure_exits_1_and_shows_expected_and_actual(viva: Viva, bot_file: Path, tmp_path: Path) -> None:
    result = viva("run", suite(tmp_path / "s.json", GOOD, BAD), "--bot", bot_file)
    assert result.code == 1
    assert "Nice to meet you, Bob." in result.out and "Nice to meet you, Ada." in result.out


@pytest.mark.parametrize(
    ("stated", "code"),
    [({}, 1), ({"contains": [{"intentId": "introduce"}]}, 0), ({"enabled": False}, 0)],
)
def test_metadata_in_a_file_is_compared_unless_the_file_says_otherwise(
    viva: Viva, bot_file: Path, tmp_path: Path, stated: dict[str, object], code: int
) -> None:
    output = {"text": GOOD[1], "intentId": "elsewhere", "assertions": {"flowLevel": stated}}
    file = tmp_path / "s.json"
    file.write_text(json.dumps({"testSteps": [{"input": GOOD[0], "outputs": [output]}]}), encoding="utf-8")
    result = viva("run", file, "--bot", bot_file)
    assert result.code == code, result.out
    assert ('expected the intent id "elsewhere"' in result.out) is bool(code)


def test_what_cannot_be_read_is_warned_of_once_and_fails_nothing(
    viva: Viva, bot_file: Path, tmp_path: Path
) -> None:
    context = {"enabled": True, "contains": [{"key": "name", "value": "Bob"}]}
    output = {"text": GOOD[1], "assertions": {"context": context}}
    file = tmp_path / "s.json"
    steps = [{"input": GOOD[0], "outputs": [output]}] * 2
    file.write_text(json.dumps({"testSteps": steps}), encoding="utf-8")
    result = viva("run", file, "--bot", bot_file)
    assert result.code == 0
    [warning] = [line.strip() for line in result.out.splitlines() if "warning" in line]
    assert warning.startswith("warning: the connector cannot read the session's context variables")
    assert warning.endswith("(2 times)")


def test_a_bot_that_is_not_there_exits_3(viva: Viva, tmp_path: Path) -> None:
    bot = write_bot(tmp_path / "gone.yaml", "http://127.0.0.1:1/chat", limits="{retries: 0}")
    result = viva("run", suite(tmp_path / "s.json", GOOD), "--bot", bot)
    assert result.code == 3
    assert "error (1 in error" in result.out and "127.0.0.1" in result.out


def test_errors_besides_failures_exit_1(
    viva: Viva, bot_file: Path, bots: RunningBots, tmp_path: Path
) -> None:
    bad = suite(tmp_path / "bad.json", BAD)
    assert viva("run", bad, "--bot", bot_file, "--max-errors", 0).code == 1
    down = write_bot(tmp_path / "down.yaml", f"{bots.url}/nasty/status/500")
    result = viva("run", bad, "--bot", down)
    assert result.code == 3 and "500" in result.out
    assert viva("run", bad, "--bot", down, "--max-errors", 1).code == 0


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"testCases": []}', '{"testCases": [{"name": 3}]}', "\ufeff"]
)
def test_wrong_input_exits_2_names_the_file_and_plays_nothing(
    viva: Viva, bot_file: Path, bots: RunningBots, tmp_path: Path, content: str
) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text(content, encoding="utf-8")
    result = viva("run", suite(tmp_path / "s.json", GOOD), wrong, "--bot", bot_file)
    assert result.code == 2
    assert str(wrong) in result.err
    assert result.out == "", "all files are read before one is played"
    assert viva("runs", "--json").out.strip() == "[]"


def test_every_problem_of_every_file_is_told(viva: Viva, bot_file: Path, tmp_path: Path) -> None:
    missing = tmp_path / "missing.json"
    broken = tmp_path / "broken.csv"
    broken.write_text("input,intent\n" + "x" * 3001 + ",A\n", encoding="utf-8")
    result = viva("run", missing, broken, "--bot", bot_file)
    assert result.code == 2
    assert str(missing) in result.err and "line 2" in result.err


def test_what_cannot_be_chosen_is_refused(viva: Viva, bot_file: Path, tmp_path: Path) -> None:
    one = suite(tmp_path / "s.json", GOOD)
    assert viva("run", one, "--bot", "st-nobody").code == 2
    assert viva("run", one, "--bot", tmp_path / "nothing.yaml").code == 2
    assert viva("run", one, "--bot", bot_file, "--version", "beta").code == 2
    assert viva("run", one, "--bot", bot_file, "--concurrency", 0).code == 2
    assert viva("run", one, "--bot", bot_file, "--junit", tmp_path / "no" / "such.xml").code == 2
    assert viva("run", one, "--bot", bot_file, "--junit", "-", "--csv", "-").code == 2


def test_an_unset_variable_is_named_before_anything_is_sent(
    viva: Viva, bots: RunningBots, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = write_bot(tmp_path / "secret.yaml", f"{bots.url}/chat?key=${{VIVA_BOT_KEY}}")
    monkeypatch.delenv("VIVA_BOT_KEY", raising=False)
    result = viva("run", suite(tmp_path / "s.json", GOOD), "--bot", bot)
    assert result.code == 2
    assert "VIVA_BOT_KEY" in result.err


def test_reports_are_written_and_agree(viva: Viva, bot_file: Path, tmp_path: Path) -> None:
    conversations = suite(tmp_path / "s.json", GOOD, BAD)
    utterances = tmp_path / "u.csv"
    utterances.write_text("input,intent\nhello,greet\nnothing like it,pay\n", encoding="utf-8")
    files = {kind: tmp_path / f"report.{kind}" for kind in ("junit", "csv", "json", "markdown", "html")}
    flags = [part for kind, path in files.items() for part in (f"--{kind}", path)]
    result = viva("run", conversations, utterances, "--bot", bot_file, *flags)
    assert result.code == 1
    suites = ET.parse(files["junit"]).getroot()
    assert len(suites.findall("testsuite")) == 2
    assert len(suites.findall(".//failure")) >= 2
    report = json.loads(files["json"].read_text())
    assert next(run["counts"]["failed"] for run in report["runs"]) == 1
    assert "Nice to meet you, Bob." in files["markdown"].read_text()
    page = files["html"].read_text("utf-8")
    assert "Nice to meet you, " in page and "nothing like it" in page and "2 runs" in page
    rows = list(csv.reader(files["csv"].read_text().splitlines()))
    assert any("nothing like it" in row for row in rows)
    assert not list(tmp_path.glob("*.part"))


def test_a_report_on_stdout_moves_the_results_to_stderr(viva: Viva, bot_file: Path, tmp_path: Path) -> None:
    result = viva("run", suite(tmp_path / "s.json", GOOD), "--bot", bot_file, "--junit", "-")
    assert ET.fromstring(result.out).tag == "testsuites"
    assert "passed" in result.err


def test_thresholds_replace_the_rule_and_the_line_says_so(viva: Viva, bot_file: Path, tmp_path: Path) -> None:
    half = suite(tmp_path / "s.json", GOOD, BAD)
    lenient = viva("run", half, "--bot", bot_file, "--min-pass-rate", "0.5")
    assert lenient.code == 0 and "passed (pass rate 0.5000" in lenient.out
    strict = viva("run", half, "--bot", bot_file, "--min-pass-rate", "0.6")
    assert strict.code == 1 and "failed (pass rate 0.5000" in strict.out


def test_runs_are_kept_shown_again_and_can_be_not_kept(viva: Viva, bot_file: Path, tmp_path: Path) -> None:
    one = suite(tmp_path / "s.json", GOOD, BAD)
    viva("run", one, "--bot", bot_file, "--no-keep")
    assert json.loads(viva("runs", "--json").out) == []
    viva("run", one, "--bot", bot_file)
    viva("run", one, "--bot", bot_file)
    kept = json.loads(viva("runs", "--json").out)
    assert [run["status"] for run in kept] == ["failed", "failed"]
    assert [row["name"] for row in json.loads(viva("suites", "--json").out)] == [str(one)]
    again = viva("report", kept[0]["id"], "--json", tmp_path / "again.json")
    assert again.code == 0 and "Nice to meet you, Bob." in again.out
    assert json.loads((tmp_path / "again.json").read_text())["runs"][0]["id"] == kept[0]["id"]
    assert viva("report", "ctr-nothing").code == 2


def test_a_changed_file_is_the_same_suite_and_old_runs_keep_what_they_played(
    viva: Viva, bot_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "s.json"
    assert viva("run", suite(path, BAD), "--bot", bot_file).code == 1
    assert viva("run", suite(path, GOOD), "--bot", bot_file).code == 0
    new, old = json.loads(viva("runs", "--json").out)
    assert (new["status"], old["status"]) == ("passed", "failed")
    assert "Nice to meet you, Bob." in viva("report", old["id"]).out


def test_an_interrupted_run_writes_reports_of_what_was_played(
    viva: Viva, bots: RunningBots, tmp_path: Path
) -> None:
    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        hanging = write_bot(
            tmp_path / f"slow{code}.yaml", f"{bots.url}/chat", limits="{requests_per_second: 20}"
        )
        one = suite(tmp_path / "s.json", GOOD, cases=200)
        command = [
            sys.executable,
            "-m",
            "vivavoce",
            "run",
            str(one),
            "--bot",
            str(hanging),
            "--json",
            "r.json",
        ]
        process = subprocess.Popen(
            command,
            cwd=tmp_path,
            env={**os.environ, "VIVA_DATA_DIR": str(tmp_path / "data")},
            stdout=subprocess.PIPE,
            text=True,
        )
        waited = time.monotonic() + 30
        before = len(bots.bots.log) if hasattr(bots.bots, "log") else 0
        while time.monotonic() < waited and process.poll() is None:
            runs = viva("runs", "--json").out
            if runs.strip() and json.loads(runs) and json.loads(runs)[0]["status"] == "running":
                break
            time.sleep(0.1)
        time.sleep(1)
        process.send_signal(number)
        out, _ = process.communicate(timeout=30)
        assert process.returncode == code, (out, before)
        assert "cancelled" in out
        counts = json.loads((tmp_path / "r.json").read_text())["runs"][0]["counts"]
        assert 0 < counts["passed"] < 200
