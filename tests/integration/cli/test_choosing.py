"""`viva run` on chosen cases, and with repeats: what is played, printed, reported, and the exit code."""

import csv
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.bots.running import RunningBots
from tests.integration.cli.conftest import Viva

GOOD = ("my name is Ada", "Nice to meet you, Ada.")
BAD = ("my name is Ada", "Nice to meet you, Bob.")
COIN = ("coin", "You said: heads")


def suite(path: Path, **cases: tuple[str, str]) -> Path:
    """A case a name, with one step; those whose names begin with `smoke` have that tag."""
    document = {
        "testCases": [
            {
                "name": name.replace("_", " "),
                "tags": ["smoke"] if name.startswith("smoke") else [],
                "messages": [{"input": said, "outputs": [expected]}],
            }
            for name, (said, expected) in cases.items()
        ]
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.fixture
def three(tmp_path: Path) -> Path:
    return suite(tmp_path / "s.json", smoke_good=GOOD, smoke_bad=BAD, other=GOOD)


def names(report: Path) -> list[str | None]:
    return [case.get("name") for case in ET.parse(report).getroot().iter("testcase")]


@pytest.mark.parametrize(
    ("flags", "played", "code"),
    [
        (["--case", "other"], ["other"], 0),
        (["--case", "*good", "--case", "other"], ["smoke good", "other"], 0),
        (["--tag", "smoke"], ["smoke good", "smoke bad"], 1),
        (["--tag", "smoke", "--case", "*good"], ["smoke good"], 0),
        (["--shard", "1/2"], ["smoke good", "other"], 0),
        (["--shard", "2/2"], ["smoke bad"], 1),
        (["--shard", "4/4"], [], 0),
    ],
)
def test_only_chosen_cases_are_played(
    viva: Viva, bot_file: Path, three: Path, tmp_path: Path, flags: list[str], played: list[str], code: int
) -> None:
    result = viva("run", three, "--bot", bot_file, "--junit", "r.xml", *flags)
    assert result.code == code, result.err
    assert names(tmp_path / "r.xml") == played


def test_an_empty_shard_says_so(viva: Viva, bot_file: Path, three: Path) -> None:
    result = viva("run", three, "--bot", bot_file, "--shard", "4/4")
    assert (result.code, "shard 4/4 has no case: nothing to play" in result.out) == (0, True)


def test_a_file_without_a_chosen_case_is_skipped(
    viva: Viva, bot_file: Path, three: Path, tmp_path: Path
) -> None:
    elsewhere = suite(tmp_path / "t.json", greeting=GOOD)
    result = viva("run", three, elsewhere, "--bot", bot_file, "--case", "greeting", "--junit", "r.xml")
    assert result.code == 0, result.err
    assert "s.json: skipped: no case is named like 'greeting'" in result.err.replace("\n", " ")
    assert names(tmp_path / "r.xml") == ["greeting"]


def test_no_chosen_case_in_any_file_is_wrong_input(
    viva: Viva, bot_file: Path, three: Path, bots: RunningBots, tmp_path: Path
) -> None:
    result = viva("run", three, "--bot", bot_file, "--case", "Smoke god")
    assert result.code == 2
    assert "did you mean 'smoke good'?" in result.err.replace("\n", " ")
    assert viva("run", three, "--bot", bot_file, "--tag", "smok").code == 2
    assert json.loads(viva("runs", "--json").out) == []


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--shard", "3/2"], "--shard: '3/2' is no shard"),
        (["--shard", "x"], "`1/4` is the first of four"),
        (["--repeat", "0"], "--repeat"),
        (["--repeat", "1001"], "--repeat"),
        (["--repeat", "3", "--pass-rule", "4"], "--pass-rule: '4' is no pass rule for 3 repeats"),
        (["--pass-rule", "most"], "--pass-rule: 'most' is no pass rule"),
        (["--last-failed", "--no-keep"], "--last-failed looks at kept runs"),
    ],
)
def test_wrong_flags_are_wrong_input(
    viva: Viva, bot_file: Path, three: Path, flags: list[str], said: str
) -> None:
    result = viva("run", three, "--bot", bot_file, *flags)
    assert result.code == 2
    assert said in " ".join(result.err.split())


@pytest.mark.parametrize(
    "flags", [["--case", "x"], ["--tag", "x"], ["--last-failed"], ["--shard", "1/2"], ["--repeat", "2"]]
)
def test_batch_files_know_nothing_of_cases(
    viva: Viva, bot_file: Path, three: Path, tmp_path: Path, flags: list[str]
) -> None:
    batch = tmp_path / "b.csv"
    batch.write_text("input,intent\nhello,greeting\n", encoding="utf-8")
    result = viva("run", three, batch, "--bot", bot_file, *flags)
    assert result.code == 2
    assert "b.csv" in result.err and flags[0] in result.err
    assert "for conversation suites" in " ".join(result.err.split())


def test_last_failed_plays_what_did_not_pass(viva: Viva, bot_file: Path, three: Path, tmp_path: Path) -> None:
    again = ("run", three, "--bot", bot_file, "--last-failed", "--junit", "r.xml")
    assert viva(*again).code == 1
    assert names(tmp_path / "r.xml") == ["smoke good", "smoke bad", "other"], "no run before: all"
    assert viva(*again).code == 1
    assert names(tmp_path / "r.xml") == ["smoke bad"]
    suite(three, other=GOOD, smoke_bad=GOOD, smoke_good=GOOD)  # repaired, in another order
    assert viva(*again).code == 0
    assert names(tmp_path / "r.xml") == ["smoke bad"]
    assert viva(*again).code == 0
    assert len(names(tmp_path / "r.xml")) == 3, "all passed: all"


def test_last_failed_remembers_across_runs_of_chosen_cases(
    viva: Viva, bot_file: Path, three: Path, tmp_path: Path
) -> None:
    play = ("run", three, "--bot", bot_file, "--junit", "r.xml")
    assert viva(*play).code == 1
    assert viva(*play, "--case", "other").code == 0
    assert viva(*play, "--last-failed").code == 1
    assert names(tmp_path / "r.xml") == ["smoke bad"]
    suite(three, smoke_good=GOOD, better=GOOD, other=GOOD)
    renamed = viva(*play, "--last-failed")
    assert renamed.code == 2
    assert "'smoke bad': renamed or removed since?" in " ".join(renamed.err.split())


def test_fail_fast_ends_the_command(viva: Viva, bot_file: Path, tmp_path: Path) -> None:
    cases = {"bad": BAD, **{f"case_{number}": GOOD for number in range(30)}}
    first, second = suite(tmp_path / "s.json", **cases), suite(tmp_path / "t.json", fine=GOOD)
    result = viva(
        "run", first, second, "--bot", bot_file, "--fail-fast", "--concurrency", 1, "--junit", "r.xml"
    )
    assert result.code == 1
    printed = " ".join((result.out + result.err).split())
    assert "failed (ended at the first case that did not pass: bad)" in printed
    assert "t.json: not played" in printed
    assert "0 passed, 1 failed, 30 not executed" in printed
    assert names(tmp_path / "r.xml") == ["bad", "(run)"]


@pytest.mark.parametrize(("rule", "code"), [("all", 1), ("any", 0), ("2", 0), ("3", 1)])
def test_repeats_by_their_rule_in_every_report(
    viva: Viva, bot_file: Path, bots: RunningBots, tmp_path: Path, rule: str, code: int
) -> None:
    """The coin falls in turn: a case that is played four times passes twice."""
    file = suite(tmp_path / "s.json", coin=COIN, good=GOOD)
    reports = {kind: tmp_path / f"r.{kind}" for kind in ("junit", "json", "markdown", "csv")}
    targets = [word for kind, path in reports.items() for word in (f"--{kind}", path)]
    result = viva("run", file, "--bot", bot_file, "--repeat", 4, "--pass-rule", rule, *targets)
    assert result.code == code, result.out + result.err
    printed = " ".join(result.out.split())
    assert f"s.json: {'failed' if code else 'passed'}" in printed
    assert "flaky: coin: 2 of 4 repeats passed (" in printed and "median" in printed
    assert "flaky: good" not in printed
    assert f"cases over 4 repeats: {2 - code} passed, {code} failed; steps: 6 passed, 2 failed" in printed
    assert "coin, step 1, repeat " in printed

    (run,) = json.loads(reports["json"].read_text())["runs"]
    wanted = rule if rule in ("all", "any") else int(rule)
    assert run["plan"] == {"repeat": 4, "passRule": wanted}
    assert (run["status"], run["repeats"]["passed"], run["repeats"]["failed"]) == (
        "failed" if code else "passed",
        2 - code,
        code,
    )
    (flaky,) = run["repeats"]["flaky"]
    assert (flaky["case"], flaky["passed"], flaky["failed"]) == ("coin", 2, 2)
    took = flaky["durationMs"]
    assert 0 < took["shortest"] <= took["median"] <= took["longest"]
    assert [one["repeat"] for one in run["results"]] == [1, 2, 3, 4] * 2

    root = ET.parse(reports["junit"]).getroot()
    assert (root.get("tests"), root.get("failures")) == ("2", str(code))
    coin, good = root.iter("testcase")
    told = {one.get("name"): one.get("value") for one in coin.iter("property")}
    assert (told["repeats"], told["passed"], told["flaky"]) == ("4", "2", "true")
    unmet = coin.findtext("failure" if code else "system-out") or ""
    assert unmet.count("You said: tails") >= 2 and "repeat " in unmet
    assert "flaky" not in {one.get("name") for one in good.iter("property")}

    markdown = reports["markdown"].read_text()
    assert "| coin | " in markdown and "| 2 of 4 |" in markdown
    assert "coin, step 1, repeat" in markdown
    rows = list(csv.DictReader(reports["csv"].read_text().splitlines()))
    assert [row["Repeat"] for row in rows] == ["1", "2", "3", "4"] * 2


def test_without_repeats_nothing_is_said_of_them(
    viva: Viva, bot_file: Path, three: Path, tmp_path: Path
) -> None:
    result = viva("run", three, "--bot", bot_file, "--json", "r.json", "--csv", "r.csv", "--markdown", "r.md")
    printed = result.out.replace(str(tmp_path), "")
    assert "repeat" not in printed and "flaky" not in printed
    (run,) = json.loads((tmp_path / "r.json").read_text())["runs"]
    assert {"plan", "repeats"}.isdisjoint(run)
    assert "repeat" not in run["results"][0]
    assert "Repeat" not in (tmp_path / "r.csv").read_text() + (tmp_path / "r.md").read_text()
