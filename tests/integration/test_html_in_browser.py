"""The HTML report in a real browser: it renders from a file, its script works, and nothing else runs."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.unit.formats.html.test_batch_page import confused
from tests.unit.formats.html.test_hostile import NASTY, everywhere
from tests.unit.formats.report_values import batch, conversation
from vivavoce.formats.reports.html.report import html_report
from vivavoce.formats.reports.reported import ReportedRun

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="there is no Chromium here")

_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')


def written(folder: Path, *runs: ReportedRun) -> Path:
    path = folder / "report.html"
    path.write_text("".join(html_report(runs)), encoding="utf-8")
    return path


def rendered(path: Path) -> tuple[str, list[str]]:
    """The page's DOM after its script ran, and what the browser's console says."""
    assert BROWSER
    done = subprocess.run(
        [
            BROWSER,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={path.parent / 'browser'}",
            "--enable-logging=stderr",
            "--v=0",
            "--dump-dom",
            path.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=90,
        check=True,
    )
    return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def test_it_renders_and_its_script_runs_without_a_complaint(tmp_path: Path) -> None:
    dom, console = rendered(written(tmp_path, batch(confused(30, 2)), conversation()))
    assert console == []
    assert 'data-ready="true"' in dom
    assert '<button type="button">Support</button>' in dom
    assert dom.count('type="search"') >= 2


def test_hostile_texts_run_nothing(tmp_path: Path) -> None:
    runs = [run for text in NASTY for run in everywhere(text)]
    dom, console = rendered(written(tmp_path, *runs))
    assert console == []
    assert 'data-ready="true"' in dom
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in dom


def test_even_a_script_that_got_into_the_page_would_not_run(tmp_path: Path) -> None:
    path = written(tmp_path, batch())
    intruder = "<script>document.documentElement.dataset.owned = 'true'</script><b onclick='x'>"
    path.write_text(path.read_text("utf-8").replace("</main>", f"{intruder}</main>"), "utf-8")
    dom, console = rendered(path)
    assert 'data-owned="true"' not in dom and 'data-ready="true"' in dom
    assert any("Content Security Policy" in line for line in console)


def driven(path: Path, script: str) -> str:
    """What a test's own script leaves in `told`; the policy would stop it, so it is taken out."""
    page = _POLICY.sub("", path.read_text("utf-8"))
    path.write_text(page.replace("</body>", f"<script>{script}</script></body>"), "utf-8")
    dom, console = rendered(path)
    assert console == []
    found = re.search(r'data-told="([^"]*)"', dom)
    assert found, "the test's script did not come to its end"
    return found[1]


def test_a_head_sorts_its_table_both_ways(tmp_path: Path) -> None:
    told = driven(
        written(tmp_path, batch(confused(30, 2))),
        """
        const table = document.querySelector("#r1-intents table");
        const head = [...table.tHead.rows[0].cells].find((cell) => cell.textContent === "Intent");
        const first = () => table.tBodies[0].rows[0].cells[0].textContent.trim();
        head.querySelector("button").click();
        const rising = [first(), head.getAttribute("aria-sort")];
        head.querySelector("button").click();
        document.body.dataset.told = [...rising, first(), head.getAttribute("aria-sort")].join();
        """,
    )
    assert told == "intent_0,ascending,intent_29,descending"  # numbers in names count as numbers


def test_numbers_sort_as_numbers_and_undefined_ones_are_lowest(tmp_path: Path) -> None:
    told = driven(
        written(tmp_path, batch()),
        """
        const table = document.querySelector("#r1-intents table");
        const head = [...table.tHead.rows[0].cells].find((cell) => cell.textContent === "Precision");
        const column = head.cellIndex;
        head.querySelector("button").click();
        const values = [...table.tBodies[0].rows].map((row) => Number(row.cells[column].dataset.v));
        document.body.dataset.told =
          values.includes(-1) && values.every((value, at) => at === 0 || values[at - 1] <= value);
        """,
    )
    assert told == "true"


def test_the_filter_leaves_the_rows_with_all_words_and_links_clear_it(tmp_path: Path) -> None:
    told = driven(
        written(tmp_path, batch(confused(30, 2))),
        """
        const table = document.querySelector("#r1-failing table");
        const input = document.querySelector("#r1-failing input");
        const seen = () => [...table.querySelectorAll("td.utterance")].filter((cell) => cell.offsetParent);
        const before = seen().length;
        input.value = "Utterance 7 intent_3";
        input.dispatchEvent(new Event("input"));
        const during = seen().map((cell) => cell.textContent).join("|");
        const output = document.querySelector("#r1-failing output").textContent;
        location.hash = document.querySelector(".matrix td a").hash;
        dispatchEvent(new Event("hashchange"));  // the browser's own comes after the page was written down
        document.body.dataset.told = [before, during, output, seen().length].join(";");
        """,
    )
    assert told == "60;utterance 7;1 of 60;60"
