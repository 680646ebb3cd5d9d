import re
from collections.abc import Iterable, Iterator
from typing import Any

from inline_snapshot import snapshot
from tests.unit.formats.report_values import HOSTILE, batch, batch_results, conversation, reported, step

from vivavoce.domain.batch.utterance import BatchCase, Candidate, CaseResult, Classification, EntityResult
from vivavoce.formats.reports.markdown import MAX_SHOWN, markdown
from vivavoce.formats.reports.markdown_text import MAX_TEXT, escaped


def test_the_report():
    assert "".join(markdown([conversation(), batch()])) == snapshot("""\
# Test report

| Suite | Bot | Status | Passed | Failed | Error | Not executed | Pass rate |
| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |
| greetings | Bank (inDevelopment) | failed | 3 | 1 | 1 | 2 | 75.0 % |
| test1 | Bank (inDevelopment) | failed | 1 | 3 | 1 | 0 | 25.0 % |

| Batch suite | TP | TN | FP | FN | Accuracy | Precision | Recall | F1 | Macro F1 |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| test1 | 1 | 1 | 1 | 1 | 0.500 (0.150 to 0.850) | 0.500 (0.095 to 0.905) | 0.500 (0.095 to 0.905) | 0.500 (0.116 to 0.884) | 0.333 |

In brackets: 95 % intervals.

## greetings

| Verdict | Where | Input | Expected | Actual | Why |
| --- | --- | --- | --- | --- | --- |
| failed | Opening hours, step 1 | when? | 9 to 5 | 8 to 4 | output 1: expected '9 to 5', got '8 to 4' |
| error | Down, step 1 | hi | Hello! |  | no answer in 15 s |

## test1

### Weakest intents (of 2)

| Intent | Support | Precision | Recall | F1 | Loses to | For example |
| --- | ---: | ---: | ---: | ---: | --- | --- |
| Balance | 1 | undefined | 0.000 | 0.000 | Transfer (1) | =cmd() |
| Transfer | 1 | 0.500 | 1.000 | 0.667 | takes Balance (1) | =cmd() |

### Confused most

| Expected | Matched | Times | For example |
| --- | --- | ---: | --- |
| Balance | Transfer | 1 | =cmd() |

### Entities that are wrong most

| Entities | Expected | Found | Recall |
| --- | ---: | ---: | ---: |
| to | 1 | 0 | 0.000 (0.000 to 0.793) |

### Traits that are wrong most

| Traits | Expected | Found | Recall |
| --- | ---: | ---: | ---: |
| Polite | 1 | 0 | 0.000 (0.000 to 0.793) |

Out of scope: 1 of 1 utterances that mean nothing to the bot were left unmatched (1.000, 95 % interval 0.207 to 1.000); of 2 that mean something, 0 were left unmatched, too.

### What to do next

1. One utterance was confused, which says little about its intent. Look at it: where the suite expects the wrong intent, correct the suite; where users often speak like this, train other utterances of the kind.
2. 2 of 2 intents have too few test utterances to say how well they are understood. In brackets: how many there are, and how many more would tell recall to plus or minus 5 points, if it stays what it is: "Balance" (1, 34 more) and "Transfer" (1, 34 more).

### Cases

| Verdict | Where | Input | Expected | Actual | Why |
| --- | --- | --- | --- | --- | --- |
| failed | line 2 | send 5 to Ann | Transfer \\| Pay | Transfer | entity to: expected 'Bob', found 'Ann' |
| failed | line 5 | =cmd() | Balance | Transfer \\| Balance | FP: expected Balance, matched Transfer \\| Balance |
| error | line 6 | @<!-- -->help | Help |  | the bot answered 500 |
| failed | line 7 | yes | trait: Polite\\|\\|Short | trait: Short | FN: expected trait: Polite\\|\\|Short, matched trait: Short |
""")  # noqa: E501


def test_a_run_without_findings_has_only_its_summary():
    text = "".join(markdown([conversation([step("hi", "Hello!", "Hello!")])]))
    assert "##" not in text
    assert text.endswith("| 1 | 0 | 0 | 0 | 100 % |\n")


def test_undefined_rates_say_so():
    assert (
        "".join(markdown([batch([])]))
        .split("test1")[-1]
        .startswith(" | 0 | 0 | 0 | 0 | undefined | undefined | undefined | undefined | undefined |\n")
    )


def test_findings_are_bounded_and_the_others_counted():
    failures = [step("x", "y", "z", index=index, unit=index) for index in range(MAX_SHOWN + 7)]
    text = "".join(markdown([conversation(failures)]))
    assert text.count("\n| failed |") == MAX_SHOWN
    assert text.endswith("\nand 7 more\n")


def test_hostile_texts_stay_in_their_cell():
    assert escaped(HOSTILE) == snapshot('=HYPERLINK("x"),<br>\\|\\`\\]\\]>��&amp;&lt;b>�\ufffe 😀')
    text = "".join(markdown([conversation([step(HOSTILE, "y", "z")])]))
    row = text.splitlines()[-1]
    assert row.replace("\\|", "").count("|") == 7


def test_long_texts_are_cut():
    assert escaped("x" * 1000) == "x" * (MAX_TEXT - 1) + "…"


def test_nobody_is_notified():
    text = "".join(markdown([batch()]))
    assert "@<!-- -->help" in text and "@help" not in text


def wide(index: int, **fields: Any) -> CaseResult:
    """One of many intents with hostile names, taken for the next one."""
    names = [f"{number}{HOSTILE}" for number in (index % 40, (index + 1) % 40)]
    winning = (Candidate(names[1], 0.5),)
    case = BatchCase(HOSTILE, (names[0],), line=index + 2)
    return CaseResult(index, case, Classification(winning, winning), "FP", **fields)


def test_a_batch_run_s_section_is_capped_and_says_so():
    entities = tuple(EntityResult(f"entity {number}", ("1",), "", False) for number in range(7))
    text = "".join(markdown([batch([wide(index, entities=entities) for index in range(4000)])]))
    assert "\n### Weakest intents (of 40)\n" in text
    assert "\nand 30 more intents were wrong at times: the JSON report holds all of them\n" in text
    assert "\nand 30 more pairs were confused: the JSON report holds all of them\n" in text
    assert "\nand 2 more entities were wrong at times: the JSON report holds all of them\n" in text
    assert len(re.findall(r"^\d\. ", text, re.M)) == 5
    assert text.count("\n| failed |") == MAX_SHOWN and text.endswith("\nand 3950 more\n")
    assert len(text) < 65_536  # what GitHub takes for a comment


def test_hostile_names_stay_in_their_cell_and_line():
    """Every line is one that the report itself begins."""
    text = "".join(markdown([batch([wide(index) for index in range(40)])]))
    for line in text.splitlines():
        assert (
            not line
            or line.startswith(("| ", "#", "and ", "In brackets", "Out of scope"))
            or line[0].isdigit()
        )
        if line.startswith("| "):
            assert line.replace("\\|", "").count("|") in (7, 8, 9, 11, 5)
    assert "<b>" not in text and "\x1b" not in text


def test_what_is_not_executed_is_no_finding():
    skipped = CaseResult(0, BatchCase("hi", ("Greet",)))
    assert "##" not in "".join(markdown([batch([skipped])]))


def test_a_batch_run_that_passed_has_only_its_figures():
    assert "##" not in "".join(markdown([batch(batch_results()[1:2])]))


def test_a_better_threshold_is_told_apart_from_the_advice():
    right = Candidate("A", 0.9)
    wrong = Candidate("A", 0.2)
    results = [
        *(
            CaseResult(n, BatchCase(f"a {n}", ("A",)), Classification((right,), (right,)), "TP", True)
            for n in range(60)
        ),
        *(
            CaseResult(n, BatchCase(f"b {n}"), Classification((wrong,), (wrong,)), "FP")
            for n in range(60, 120)
        ),
    ]
    text = "".join(markdown([batch(results)]))
    assert "\nA threshold of 0." in text
    assert "\nOut of scope: 0 of 60 utterances" in text
    assert not re.search(r"^\d\. A threshold", text, re.M)


def test_no_more_is_read_than_is_shown():
    asked = 0

    def counted(results: Iterable[CaseResult]) -> Iterator[CaseResult]:
        nonlocal asked
        for result in results:
            asked += 1
            yield result

    results = [wide(index) for index in range(1000)]
    run = reported(batch(results).run, results, counted)
    assert run.evaluation is not None
    asked = 0
    "".join(markdown([run]))
    assert asked == MAX_SHOWN
