"""Values across turns, secrets, thresholds and evidence: `viva run` of native suites against real bots."""

import csv
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.bots.running import RunningBots
from tests.integration.cli.conftest import Viva

BOT = """\
name: echo
limits: {requests_per_second: 0}
connector:
  type: http
  url: %s
  headers: {Authorization: "Bearer ${VIVA_BOT_OWN}", X-Trace: "${VIVA_BOT_OWN}"}
  body: {text: "{{input}}", session: "{{conversation_id}}", context: "{{context}}"}
  reply: {outputs: "$.messages[*].text", context: "$.request"}
"""
OWN, SUITE = "own-s3cret", "suite-s3cret"


@pytest.fixture
def echo(tmp_path: Path, bots: RunningBots, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bot that echoes everything, its own token with it."""
    monkeypatch.setenv("VIVA_BOT_OWN", OWN)
    monkeypatch.setenv("VIVA_BOT_SUITE", SUITE)
    return bot(tmp_path, f"{bots.url}/echo")


def bot(folder: Path, url: str) -> Path:
    file = folder / "bot.yaml"
    file.write_text(BOT % url, encoding="utf-8")
    return file


def suite(folder: Path, text: str) -> Path:
    file = folder / "suite.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def played(folder: Path) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = json.loads((folder / "run.json").read_text("utf-8"))["runs"][0]["results"]
    return results


def test_a_value_read_off_one_reply_is_said_in_the_next_turn(viva: Viva, echo: Path, tmp_path: Path) -> None:
    file = suite(
        tmp_path,
        """\
variables:
  price: $5
  mail: {unique: "user-*@example.org"}
cases:
  - case: order
    steps:
      - say: order 42 for {{price}} by {{mail}}
        expect: ["order 42 for {{price}} by {{mail}}"]
        capture: {number: {matches: 'order (\\d+)'}, sent: {context: body.text}}
      - say: status of {{number}} (${HOME}) \\{{number}}
        expect: "status of 42 (${HOME}) \\\\{{number}}"
      - say: "{{sent}}"
        expect: {matches: 'order 42 for \\$5 by user-[a-z0-9]{8}@example\\.org'}
""",
    )
    result = viva("run", file, "--bot", echo, "--json", tmp_path / "run.json")
    assert result.code == 0, result.out + result.err
    steps = played(tmp_path)
    assert steps[1]["input"] == "status of 42 (${HOME}) {{number}}"
    assert steps[0]["values"].keys() == {"price", "mail"}
    assert steps[1]["values"]["number"] == "42"


def test_secrets_of_the_suite_and_of_the_bot_are_nowhere_in_what_is_kept(
    viva: Viva, echo: Path, tmp_path: Path
) -> None:
    file = suite(
        tmp_path,
        """\
cases:
  - case: secret
    context: {card: "${VIVA_BOT_SUITE}"}
    steps:
      - say: my card is ${VIVA_BOT_SUITE}
        expect: my card is ${VIVA_BOT_SUITE}
        capture: {card: {matches: 'card is (.*)'}}
      - say: again {{card}}
        expect: no
      - say: once more
        expect: {context: {headers.X-Trace: wrong}}
""",
    )
    reports = {kind: tmp_path / f"run.{kind}" for kind in ("json", "junit", "csv", "markdown")}
    flags = [part for kind, path in reports.items() for part in (f"--{kind}", path)]
    result = viva("run", file, "--bot", echo, *flags)
    assert result.code == 1, result.out + result.err
    first, second, third = played(tmp_path)
    assert first["verdict"] == "passed" and "evidence" not in first
    assert first["actual"] == ["my card is ${VIVA_BOT_SUITE}"]
    assert second["input"] == "again ${VIVA_BOT_SUITE}"
    assert "X-Trace: ${VIVA_BOT_OWN}" in second["evidence"]["request"]
    assert '"${VIVA_BOT_OWN}"' in third["reasons"][0]
    texts = [result.out, result.err, *(path.read_text("utf-8") for path in reports.values())]
    files = [path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file()]
    for secret in (OWN, SUITE):
        assert not any(secret in text for text in texts)
        assert not any(secret.encode() in content for content in files)
    for text in (result.out, *texts[2:]):  # every report shows what was sent and what came back
        assert "again ${VIVA_BOT_SUITE}" in text and "HTTP 200" in text
    assert "<details>" in reports["markdown"].read_text("utf-8")
    outputs = ElementTree.parse(reports["junit"]).findall(".//testcase/system-out")
    assert outputs and "POST http" in (outputs[0].text or "")
    with reports["csv"].open(encoding="utf-8", newline="") as rows:
        found = list(csv.DictReader(rows))
    assert [bool(row["Sent"]) for row in found] == [False, True, True]
    assert "HTTP 200" in found[1]["Received"]


def test_a_variable_that_is_not_set_is_an_error_before_anything_is_sent(
    viva: Viva, echo: Path, tmp_path: Path, bots: RunningBots
) -> None:
    before = bots.bots.calls["/echo"]
    file = suite(tmp_path, "cases:\n- {say: 'token ${VIVA_BOT_NOWHERE}', expect: hi}\n")
    result = viva("run", file, "--bot", echo)
    assert result.code == 3, result.out + result.err
    assert "${VIVA_BOT_NOWHERE} has no value" in result.out
    assert bots.bots.calls["/echo"] == before


@pytest.mark.parametrize(
    ("way", "received"),
    [("status/500", "HTTP 500"), ("text", "<html>Something went wrong</html>"), ("drop", "(none came)")],
)
def test_what_a_broken_bot_said_is_evidence(
    viva: Viva, echo: Path, tmp_path: Path, bots: RunningBots, way: str, received: str
) -> None:
    broken = bot(tmp_path, f"{bots.url}/nasty/{way}")
    file = suite(tmp_path, "cases:\n- {say: anybody there?, expect: hi}\n")
    junit = tmp_path / "run.xml"
    result = viva("run", file, "--bot", broken, "--json", tmp_path / "run.json", "--junit", junit)
    assert result.code == 3, result.out + result.err
    (step,) = played(tmp_path)
    assert step["verdict"] == "error"
    assert "anybody there?" in step["evidence"]["request"]
    assert received in (step["evidence"]["reply"] or "(none came)")
    (told,) = ElementTree.parse(junit).findall(".//system-out")
    assert received in (told.text or "")


def test_a_threshold_tolerates_what_failed_and_says_so(viva: Viva, echo: Path, tmp_path: Path) -> None:
    text = (
        "cases:\n- case: c\n  threshold: {}\n  steps:\n  - {{say: a, expect: a}}\n  - {{say: b, expect: x}}\n"
    )
    met = viva("run", suite(tmp_path, text.format(0.5)), "--bot", echo, "--json", tmp_path / "run.json")
    assert met.code == 0, met.out + met.err
    assert "tolerated: output 1: expected" in met.out
    assert [step.get("tolerated") for step in played(tmp_path)] == [None, True]
    missed = viva("run", suite(tmp_path, text.format(0.6)), "--bot", echo)
    assert missed.code == 1
    assert "the case reached 0.50 of its weights, its threshold is 0.60" in missed.out
