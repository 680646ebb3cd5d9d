"""The one command that shows everything: it ends well, and leaves reports that can be read."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.processes import viva
from tests.acceptance.report import read_report


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """What it printed, and its data folder."""
    folder = tmp_path_factory.mktemp("demo") / "fresh"
    done = viva("demo", data_dir=folder)
    assert "Traceback" not in done.stderr
    yield done.stdout, folder


def test_it_prints_results_and_where_the_reports_are(demo: tuple[str, Path]) -> None:
    printed, folder = demo
    assert f"Reports: {folder / 'reports'}" in printed
    assert f"open {folder / 'reports' / 'demo.html'}" in printed
    assert "Results" in printed
    assert "failed, as this suite means to show" in printed
    assert "known-failure" in printed


def test_the_reports_can_be_read(demo: tuple[str, Path]) -> None:
    reports = demo[1] / "reports"
    junit = ET.parse(reports / "demo.xml").getroot()
    cases = list(junit.iter("testcase"))
    assert len(cases) > 200
    assert sum(case.find("failure") is not None for case in cases) >= 1
    assert all(case.find("error") is None for case in cases)
    assert json.loads((reports / "demo.json").read_text(encoding="utf-8"))
    assert (reports / "demo.md").read_text(encoding="utf-8").startswith("#")
    assert (reports / "demo.csv").stat().st_size > 0
    page = (reports / "demo.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>") and "known-failure" in page


def test_the_downloaded_batch_reports_are_whole(demo: tuple[str, Path]) -> None:
    downloaded = [path for path in (demo[1] / "reports").glob("*.csv") if path.name != "demo.csv"]
    assert len(downloaded) == 2  # the batch suite in JSON and in CSV
    for path in downloaded:
        report = read_report(path.read_bytes())
        assert len(report.cases) == int(report.summary["Utterance Count"]) >= 200


def test_it_wants_a_fresh_folder(demo: tuple[str, Path]) -> None:
    refused = viva("demo", data_dir=demo[1], expect=2)
    assert "not empty" in refused.stderr
