"""Files that commands write: never over what they read, whole or not at all, whoever leaves."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Viva
from vivavoce.cli.reports import write_whole

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


def test_a_file_that_breaks_off_leaves_the_one_that_was_there(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_text("before")

    def pieces() -> Iterator[str]:
        yield "half"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole(target, pieces())
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("out.csv", "before")]


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


@pytest.mark.parametrize("rate", ["nan", "inf"])
def test_a_rate_that_is_no_number_is_refused(viva: Viva, suite: Path, rate: str) -> None:
    refused = viva("run", suite, "--bot", "bot.yaml", "--rate", rate)
    assert refused.code == 2 and f"--rate {rate}: 0 (no limit) or more" in refused.err


@pytest.mark.parametrize(
    ("target", "told"),
    [("nowhere/out.csv", "there is no folder nowhere"), ("folder", "this is a folder; name a file")],
)
def test_a_conversion_to_nowhere_is_refused(viva: Viva, suite: Path, target: str, told: str) -> None:
    (suite.parent / "folder").mkdir()
    refused = viva("convert", suite, target, "--force")
    assert refused.code == 2 and told in refused.err
