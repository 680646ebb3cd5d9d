"""Comparisons as JSON and Markdown: complete, bounded, and harmless whatever a bot says."""

import json
from typing import Any

from jsonschema import Draft202012Validator
from tests.unit.domain.comparing.making import Played, batch, case, conversations, step
from tests.unit.formats.report_values import HOSTILE as TEXT
from tests.unit.formats.report_values import conversation, reported

from vivavoce.domain.comparing.comparing import compare
from vivavoce.domain.comparing.judging import Borne
from vivavoce.domain.run import Counts, Repeated
from vivavoce.domain.verdict import StepResult, Verdict
from vivavoce.formats.comparisons import JudgedComparison
from vivavoce.formats.comparisons.json_comparison import json_comparison
from vivavoce.formats.comparisons.markdown import MAX_CASES, markdown_comparison
from vivavoce.formats.comparisons.schema import comparison_schema
from vivavoce.formats.comparisons.wording import intent_cells, remarks
from vivavoce.formats.reports.json_report import json_report
from vivavoce.formats.reports.reading import read_json_report
from vivavoce.formats.reports.wording import case_reasons

HOSTILE = TEXT.replace("\ud800", "")  # nothing that is kept holds half a character

BEFORE = batch(
    *(case(f"lost {n}", "A", "A") for n in range(60)),
    case(HOSTILE, HOSTILE, HOSTILE),
    case("won", "A", ""),
    case("down", "A", None),
    case("gone", "B", "B"),
    case("other", "B", "B"),
    suite_name=HOSTILE,
)
AFTER = batch(
    *(case(f"lost {n}", "A", "B") for n in range(60)),
    case(HOSTILE, HOSTILE, ""),
    case("won", "A", "A"),
    case("down", "A", "B"),
    case("new", "B", "A", id="7", line=12),
    case("other", "C", "B"),
    suite_name=HOSTILE,
)


def judged(before: Played = BEFORE, after: Played = AFTER, **borne: Any) -> JudgedComparison:
    return JudgedComparison(compare(before, after, case_reasons), Borne(**borne))


def document(*compared: JudgedComparison) -> Any:
    found = json.loads("".join(json_comparison(compared)))
    Draft202012Validator(comparison_schema()).validate(found)
    return found


def test_json_says_all_of_it() -> None:
    [found] = document(judged(significance=0.01))["comparisons"]
    counted = {
        name: value["count"] for name, value in found.items() if isinstance(value, dict) and "count" in value
    }
    assert counted == {
        "newlyFailing": 61,
        "newlyPassing": 1,
        "stillFailing": 0,
        "changed": 1,
        "unjudged": 1,
        "appeared": 1,
        "disappeared": 1,
    }
    assert (found["hidden"], found["compared"], found["stillPassing"]) == (1, 62, 0)
    assert found["verdict"]["rule"] == {"maxRegressions": 0, "significance": 0.01, "maxErrors": 0}
    [new] = found["appeared"]["shown"]
    assert (new["caseId"], new["line"], new["before"], new["after"]) == ("7", 12, None, "failed")
    assert new["reasons"] == ["FP: expected B, matched A"]
    [changed] = found["changed"]["shown"]
    assert (changed["expectedBefore"], changed["expected"]) == (["B"], ["C"])
    assert found["figuresBefore"]["FN"] == 1 and found["figuresAfter"]["FP"] == 60
    lost, *_ = found["intents"]
    assert (lost["intent"], lost["newlyFailing"], lost["newlyPassing"]) == ("A", 60, 1)
    assert {"expected": "A", "matched": "B", "before": 0, "after": 60, "kind": "new"} in lost["moved"]


def test_json_of_conversations() -> None:
    before, after = (
        conversations(step("x", Verdict.PASSED, unit=0)),
        conversations(step("x", Verdict.FAILED, unit=0)),
    )
    [found] = document(judged(before, after))["comparisons"]
    assert (found["kind"], found["figuresBefore"], found["intents"]) == ("conversation", None, [])


def test_markdown_is_bounded_and_shows_hostile_text_as_it_is() -> None:
    text = "".join(markdown_comparison([judged()]))
    assert text.startswith("# Comparison\n\n- **")
    assert text.count("| lost ") == MAX_CASES
    assert f"and {61 - MAX_CASES} more" in text
    for line in text.splitlines():
        assert "<b>" not in line and "\x1b" not in line
        if line.startswith("| ") and "HYPERLINK" in line:
            assert line.endswith(" |")
    tables = [line.replace("\\|", "").count("|") for line in text.splitlines() if line.startswith("| lost ")]
    assert set(tables) == {5}


def test_remarks_name_what_was_left_out() -> None:
    told = "\n".join(remarks(judged()))
    for words in (
        "pass rate 98.4 %, now 1.6 %: -96.77 points",
        "with 62 cases changed, a net change of 18 (29.03 points) or more can be told from chance at 0.05",
        "left out: 1 case with another expectation or other words than before",
        "left out: 1 case in error or not executed in one of the runs; 1 of them may newly fail",
        "only in the later run: 1 case",
        "only in the earlier run: 1 case",
    ):
        assert words in told


def test_a_suite_that_changed_is_named() -> None:
    before = conversations(step("x", Verdict.PASSED, unit=0), revision=3)
    after = conversations(step("x", Verdict.PASSED, unit=0), revision=4)
    assert any("revision 3, now 4" in told for told in remarks(judged(before, after)))


def test_an_intent_says_where_its_cases_went_and_came_from() -> None:
    cells = {change.name: intent_cells(change)[-1] for change in judged().comparison.intents}
    assert "+60 to B" in cells["A"] and "-1 to None" in cells["A"]
    assert cells["B"] == "+60 from A"


def test_a_report_keeps_the_rule_by_which_repeats_are_judged() -> None:
    results: list[StepResult] = [
        step("x", verdict, unit=0, repeat=n) for n, verdict in enumerate((Verdict.PASSED, Verdict.FAILED))
    ]
    lenient = conversation(results, repeats=2, pass_rule="any", repeated=Repeated(cases=Counts(passed=1)))
    [read] = read_json_report("".join(json_report([lenient])).encode())
    assert compare(reported(lenient.run, results), read).still_passing == 1
