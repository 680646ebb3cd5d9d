"""Files that commands write: never over what they read, whole or not at all, whoever leaves."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Viva

UTTERANCES = "input,intent\nI lost my card,Block card\nthe sky is blue,Check balance\n"
BOT = "name: Bank\nconnector: {type: assistant, definition: bank}\n"


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    (tmp_path / "bot.yaml").write_text(BOT, encoding="utf-8")
    path = tmp_path / "suite.csv"
    path.write_text(UTTERANCES, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["--csv", "suite.csv"], "--csv suite.csv: would be written over"),
        (["--csv", "./suite.csv"], "would be written over"),
        (["--html", "bot.yaml"], "--html bot.yaml: would be written over"),
        (["--csv", "report", "--json", "./report"], "--json report: is the file of --csv, too"),
    ],
)
def test_a_report_is_not_written_over_what_is_read_nor_over_another(
    viva: Viva, suite: Path, flags: list[str], told: str
) -> None:
    refused = viva("run", "suite.csv", "--bot", "bot.yaml", *flags)
    assert refused.code == 2
    assert told in refused.err and "name another file" in refused.err
    assert suite.read_text(encoding="utf-8") == UTTERANCES
    assert (suite.parent / "bot.yaml").read_text(encoding="utf-8") == BOT
    assert viva("runs", "--json").out == "[]\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_report_that_cannot_be_written_is_an_error_and_costs_no_other(viva: Viva, suite: Path) -> None:
    played = viva(
        "run", suite, "--bot", "bot.yaml", "--csv", "/dev/full", "--json", "r.json", "--html", "/dev/null"
    )
    assert played.code == 3
    assert "--csv /dev/full: cannot be written: No space left on device" in played.err
    assert "Traceback" not in played.err
    assert json.loads((suite.parent / "r.json").read_bytes())["runs"][0]["counts"]["failed"] == 1
    assert not Path("/dev/null").is_file(), "a device is written to, never replaced"
    assert sorted(path.name for path in suite.parent.iterdir()) == ["bot.yaml", "data", "r.json", "suite.csv"]


def test_a_conversion_that_breaks_off_leaves_the_file_that_was_there(viva: Viva, suite: Path) -> None:
    target = suite.parent / "out.csv"
    target.mkdir()
    refused = viva("convert", suite, target, "--force")
    assert refused.code in (2, 3) and "Traceback" not in refused.err and str(target) in refused.err
    assert not list(suite.parent.glob("*.part"))


@pytest.mark.parametrize("flags", [[], ["--json", "-"]])
def test_a_reader_that_leaves_changes_neither_exit_code_nor_reports(
    viva: Viva, suite: Path, flags: list[str]
) -> None:
    viva("run", suite, "--bot", "bot.yaml", "--json", "before.json")
    command = [sys.executable, "-m", "vivavoce", "compare", "before.json", "before.json"]
    read_end, write_end = os.pipe()
    os.close(read_end)
    ended = subprocess.run(
        [*command, *flags, "--markdown", "out.md"], cwd=suite.parent, stdout=write_end, stderr=subprocess.PIPE
    )
    os.close(write_end)
    assert (ended.returncode, ended.stderr.decode() if not flags else "") == (0, "")
    assert (suite.parent / "out.md").read_text(encoding="utf-8").startswith("# Comparison")
