"""The CSV report of a batch run, read and reckoned anew from its rows alone."""

import csv
import io
import re
from dataclasses import dataclass
from typing import Any

SUMMARY = [
    *("Bot Name", "Report name", "Bot Language", "Run Type", "Threshold Setting"),
    *("mode", "minThreshold", "maxThreshold", "exactMatchThreshold", "isActive"),
    *("taskMatchTolerance", "wordCoverage", "suggestionsCount", "pathCoverage"),
    *("Last Tested", "Utterance Count", "Success/Failure Ratio", "TP", "TN", "FP", "FN"),
]
HEADER = [
    *("Utterances", "Expected Intent", "Matched Intent", "Parent Intent", "Task State", "Result Type"),
    *("Entity Name", "Expected EntityValue", "Matched EntityValue", "Entity Result"),
    *("Expected Entity Order", "Actual Entity Order", "Matched Intent's Score"),
    *("Expected Intent's Score", "Elimination Info"),
]
NONE = {"", "none"}


@dataclass(frozen=True)
class Report:
    summary: dict[str, str]
    rows: list[dict[str, str]]  # one a case, further ones for further entities

    @property
    def cases(self) -> list[dict[str, str]]:
        return [row for row in self.rows if row["Utterances"]]


def read_report(body: bytes) -> Report:
    """UTF-8, CRLF, RFC 4180: `key,value` rows, an empty row, the header, the cases (8.22)."""
    text = body.decode("utf-8")
    outside_quotes = re.sub('"[^"]*"', "", text)
    assert text.endswith("\r\n") and "\n" not in outside_quotes.replace("\r\n", "")
    lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    end = lines.index([])
    assert [line[0] for line in lines[:end]] == SUMMARY
    assert lines[end + 1] == HEADER
    assert all(len(line) == len(HEADER) for line in lines[end + 2 :])
    rows = [dict(zip(HEADER, line, strict=True)) for line in lines[end + 2 :]]
    return Report(dict(lines[:end]), rows)


def reckoned(report: Report) -> dict[str, Any]:
    """The status body's figures, from what was expected and matched; of cases without traits and parents."""
    found = dict.fromkeys(("TP", "TN", "FP", "FN", "Error"), 0)
    for case in report.cases:
        outcome = case["Result Type"]
        if outcome != "Error":
            assert outcome == _outcome(case["Expected Intent"], case["Matched Intent"]), case
        found[outcome] += 1
    judged = [row for row in report.rows if row["Entity Result"]]
    matched = sum(row["Entity Result"] == "True" for row in judged)
    tp, fp, fn = found["TP"], found["FP"], found["FN"]
    precision = tp / (tp + fp) if tp + fp else 0.0
    recall = tp / (tp + fn) if tp + fn else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {
        "f1_score": f"{f1:.2f}",
        "precision": f"{precision:.2f}",
        "recall": f"{recall:.2f}",
        **{name: found[name] for name in ("TP", "TN", "FP", "FN")},
        "success": tp + found["TN"],
        "failure": fp + fn + found["Error"],
        "totalEntitiesCount": len(judged),
        "matchedEntitiesCount": matched,
        "failedUtteranceCount": found["Error"],
        "failedEntitiesCount": len(judged) - matched,
    }


def told(status: Any) -> dict[str, Any]:
    """The same figures as the status body tells them."""
    result = status["result"]
    traits = ("traitSuccess", "traitFailure", "totalTraitsCount", "matchedTraitsCount")
    sums = {key: value for key, value in result["results"].items() if key not in traits}
    return {name: result[name] for name in ("f1_score", "precision", "recall")} | sums


def _outcome(expected: str, matched: str) -> str:
    """4.4: what a matched intent means where these intents are accepted."""
    accepted = {name.strip().casefold() for name in expected.split(" | ")}
    if matched.strip().casefold() in NONE:
        return "TN" if accepted & NONE else "FN"
    return "TP" if {name.strip().casefold() for name in matched.split(" | ")} <= accepted - NONE else "FP"
