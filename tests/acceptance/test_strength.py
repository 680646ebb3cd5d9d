"""The shipped suites are strong: they notice nearly every change of what the bank's assistant said."""

import json
from pathlib import Path

import pytest

from tests.acceptance.processes import CHECKOUT, viva, viva_json
from vivavoce.assistant.bank import conversation_suites
from vivavoce.cli.init import SUITE_FILE

ENOUGH = 0.95
EXAMPLES = [CHECKOUT / "examples" / name for name in ("whole-bank.yaml", "five-lines.yaml")]


@pytest.mark.parametrize("suite", [*conversation_suites(), *EXAMPLES], ids=lambda path: path.stem)
def test_shipped_suites_notice_what_goes_wrong(suite: Path, tmp_path: Path) -> None:
    assert_strong(suite, tmp_path)


def test_the_first_suite_of_a_new_user_notices_it_too(tmp_path: Path) -> None:
    first = tmp_path / "first.yaml"
    first.write_text(SUITE_FILE, encoding="utf-8")
    assert_strong(first, tmp_path)


def assert_strong(suite: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    bot = CHECKOUT / "examples" / "bank.bot.yaml"
    viva("run", str(suite), "--bot", str(bot), data_dir=data, expect=int("known-failure" in suite.stem))
    run = viva_json("runs", data_dir=data)[0]["id"]
    report = tmp_path / "strength.json"
    measured = ("mutate", str(suite), "--run", run, "--min-score", str(ENOUGH), "--json", str(report))
    viva(*measured, data_dir=data)
    document = json.loads(report.read_text(encoding="utf-8"))
    assert document["score"] >= ENOUGH
    assert document["tried"] >= 2 * sum(len(case["steps"]) for case in document["cases"])
