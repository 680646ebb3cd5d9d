"""`viva run` of batch suites: engines, warnings with their lines, what is shown of a case that fails."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.bots.running import RunningBots
from tests.integration.cli.conftest import Viva

COLUMNS = (
    "input",
    "intent",
    "parentIntent",
    "entityName",
    "entityValue",
    "entityOrder",
    "fulfillmentType",
    "botName",
)


@pytest.fixture
def reciter(tmp_path: Path, bots: RunningBots) -> Path:
    """A bot that answers what the utterance says, as JSON."""
    nlu = {
        "intents": "$.won[*]",
        "entities": "$.entities[*]",
        "entity_name": "$[0]",
        "entity_value": "$[1]",
        "bot_name": "$.bot",
        "fulfillment": "$.as",
    }
    url = f"{bots.url}/recite"
    connector = {
        "type": "http",
        "url": url,
        "body": {"text": "{{input}}"},
        "nlu": {**nlu, "winning": "$.won"},
    }
    path = tmp_path / "reciter.yaml"
    limits = {"requests_per_second": 0, "max_conversations": 1}  # so that cases are judged in their order
    path.write_text(yaml.safe_dump({"name": "reciter", "limits": limits, "connector": connector}))
    return path


def saying(*won: str, **more: Any) -> str:
    return json.dumps({"won": won, **more})


def suite(path: Path, *rows: Sequence[str]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([COLUMNS, *rows])
    return path


def test_categories_count_with_their_engine_alone(viva: Viva, reciter: Path, tmp_path: Path) -> None:
    rows = [[saying(name), "A | B", *[""] * 4, "multi"] for name in "AB"]
    file = suite(tmp_path / "categories.csv", *rows)
    plain = viva("run", file, "--bot", reciter)
    assert plain.code == 0
    assert "warning: line 2: the case has a fulfillment category" in plain.out and "times" not in plain.out
    assert "--engine dgpt" in " ".join(plain.out.split())
    judged = viva("run", file, "--bot", reciter, "--engine", "DGPT", "--json", tmp_path / "report.json")
    assert judged.code == 1 and "warning" not in judged.out
    assert "FP:" in judged.out and "expected as multi" in " ".join(judged.out.split())
    (run,) = json.loads((tmp_path / "report.json").read_text())["runs"]
    assert run["engine"] == "dgpt"
    refused = viva("run", file, "--bot", reciter, "--engine", "gpt")
    assert refused.code == 2 and "--engine gpt: there are regression and dgpt" in refused.err


def test_a_bot_that_does_not_tell_who_answered_is_warned_of_once(
    viva: Viva, reciter: Path, tmp_path: Path
) -> None:
    untold, told = saying("A"), saying("A", bot="Shop")
    rows = [[said, "A", *[""] * 5, "Bank"] for said in (untold, untold + " ", told)]
    result = viva("run", suite(tmp_path / "bots.csv", *rows), "--bot", reciter)
    shown = " ".join(result.out.split())
    assert result.code == 1
    assert "expected A, matched A; expected of Bank, answered by Shop" in shown
    assert (
        shown.count("does not tell which one did") == 1 and "warning: line 2: the case names the bot" in shown
    )


def test_the_order_of_entities_is_shown_and_not_judged(viva: Viva, reciter: Path, tmp_path: Path) -> None:
    found = [["b", "2"], ["x", "?"], ["a", "1"]]
    rows = [[saying("A", entities=found, n=n), "A", "", "a", value, "a>b"] for n, value in enumerate("13")]
    result = viva("run", suite(tmp_path / "order.csv", *rows), "--bot", reciter)
    assert result.code == 1 and "1 failed" in result.out
    assert "entity order differs: expected a>b, found b>x>a (not judged)" in " ".join(result.out.split())


def test_a_hundred_cases_with_an_endless_expression_end_soon(
    viva: Viva, reciter: Path, tmp_path: Path
) -> None:
    found = [["e", "a" * 2_000 + "b"]]
    rows = [[saying("A", entities=found, n=n), "A", "", "e", "(a|aa)+$"] for n in range(100)]
    result = viva("run", suite(tmp_path / "endless.csv", *rows), "--bot", reciter)
    shown = " ".join(result.out.split())
    assert result.code == 1 and "100 failed" in shown
    assert 'line 2: the expression "(a|aa)+$" took too long' in shown
    assert "it is not tried again in this run" in shown and "times)" not in shown
