"""A public dataset through the whole main job: the figures are computed anew from the CSV report.

Its test part is converted to a batch suite; the embedded assistant is trained on its training part.
"""

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sklearn.metrics import accuracy_score, precision_recall_fscore_support

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "banking77"
pytestmark = [pytest.mark.data, pytest.mark.skipif(not DATA.is_dir(), reason="the dataset is not here")]


def rows_of(part: str) -> list[tuple[str, str]]:
    with (DATA / f"{part}.csv").open(encoding="utf-8", newline="") as stream:
        return [(row["text"], row["category"]) for row in csv.DictReader(stream)]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, str]], dict[str, Any]]:
    """The cases of the CSV report, and the JSON report's run."""
    folder = tmp_path_factory.mktemp("banking77")
    bot = {
        "name": "Banking77",
        "connector": {"type": "assistant", "training": "train.yaml"},
        "limits": {"requests_per_second": 0},
    }
    (folder / "bot.yaml").write_text(json.dumps(bot), encoding="utf-8")
    for part, out in (("train", "train.yaml"), ("test", "test.csv")):
        convert = [sys.executable, "-m", "vivavoce", "convert", str(DATA / f"{part}.csv"), out]
        subprocess.run(convert, cwd=folder, check=True, capture_output=True)
    command = [sys.executable, "-m", "vivavoce", "run", "test.csv", "--bot", "bot.yaml", "--no-keep"]
    played = subprocess.run(
        [*command, "--csv", "r.csv", "--json", "r.json", "--min-f1", "0.5"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert played.returncode == 0, played.stderr
    with (folder / "r.csv").open(encoding="utf-8", newline="") as stream:
        lines = list(csv.reader(stream))
    header = next(index for index, line in enumerate(lines) if line and line[0] == "Utterances")
    cases = [dict(zip(lines[header], line, strict=True)) for line in lines[header + 1 :]]
    [run] = json.loads((folder / "r.json").read_text(encoding="utf-8"))["runs"]
    return cases, run


def test_every_utterance_is_in_the_report_as_it_was(reports: tuple[list[dict[str, str]], Any]) -> None:
    cases, _ = reports
    guarded = [text.removeprefix("'") for text in (case["Utterances"] for case in cases)]
    wanted = [text.strip().removeprefix("'") for text, _ in rows_of("test")]
    assert guarded == wanted


def test_accuracy_and_intents_equal_scikit_learns(reports: tuple[list[dict[str, str]], Any]) -> None:
    cases, run = reports
    expected = [case["Expected Intent"] for case in cases]
    matched = [case["Matched Intent"] for case in cases]
    accuracy = accuracy_score(expected, matched)
    assert 0.90 <= accuracy <= 0.95
    assert run["metrics"]["accuracy"] == pytest.approx(accuracy, abs=1e-12)
    labels = sorted(set(expected) | set(matched))
    figures = precision_recall_fscore_support(expected, matched, labels=labels, zero_division=float("nan"))
    ours = {row["intent"]: row for row in run["intents"]}
    assert sorted(ours) == labels
    for label, precision, recall, f1, support in zip(labels, *figures, strict=True):
        row = ours[label]
        assert row["support"] == support
        for name, value in (("precision", precision), ("recall", recall), ("f1", f1)):
            assert row[name] == pytest.approx(value, nan_ok=True), (label, name)


def test_the_wires_figures_follow_from_the_result_types(reports: tuple[list[dict[str, str]], Any]) -> None:
    cases, run = reports
    types = [case["Result Type"] for case in cases]
    tp, fp, fn = types.count("TP"), types.count("FP"), types.count("FN")
    precision, recall = tp / (tp + fp), tp / (tp + fn)
    metrics = run["metrics"]
    assert (metrics["TP"], metrics["FP"], metrics["FN"]) == (tp, fp, fn)
    assert metrics["precision"] == pytest.approx(precision)
    assert metrics["recall"] == pytest.approx(recall)
    assert metrics["f1"] == pytest.approx(2 * precision * recall / (precision + recall))
