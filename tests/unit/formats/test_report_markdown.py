from inline_snapshot import snapshot
from tests.unit.formats.report_values import HOSTILE, batch, conversation, step

from vivavoce.formats.reports.markdown import MAX_SHOWN, MAX_TEXT, escaped, markdown


def test_the_report():
    assert "".join(markdown([conversation(), batch()])) == snapshot("""\
# Test report

| Suite | Bot | Status | Passed | Failed | Error | Not executed | Pass rate |
| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |
| greetings | Bank (inDevelopment) | failed | 3 | 1 | 1 | 2 | 75.0% |
| test1 | Bank (inDevelopment) | failed | 1 | 3 | 1 | 0 | 25.0% |

| Batch suite | TP | TN | FP | FN | Precision | Recall | F1 |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| test1 | 1 | 1 | 1 | 1 | 0.500 | 0.500 | 0.500 |

## greetings

| Verdict | Where | Input | Expected | Actual | Why |
| --- | --- | --- | --- | --- | --- |
| failed | Opening hours, step 1 | when? | 9 to 5 | 8 to 4 | output 1: expected '9 to 5', got '8 to 4' |
| error | Down, step 1 | hi | Hello! |  | no answer in 15 s |

## test1

| Verdict | Where | Input | Expected | Actual | Why |
| --- | --- | --- | --- | --- | --- |
| failed | line 2 | send 5 to Ann | Transfer \\| Pay | Transfer | entity to: expected 'Bob', found 'Ann' |
| failed | line 5 | =cmd() | Balance | Transfer \\| Balance | FP: expected Balance, matched Transfer \\| Balance |
| error | line 6 | @help | Help |  | the bot answered 500 |
| failed | line 7 | yes | trait: Polite\\|\\|Short | trait: Short | FN: expected trait: Polite\\|\\|Short, matched trait: Short |
""")  # noqa: E501


def test_a_run_without_findings_has_only_its_summary():
    text = "".join(markdown([conversation([step("hi", "Hello!", "Hello!")])]))
    assert "##" not in text
    assert text.endswith("| 1 | 0 | 0 | 0 | 100.0% |\n")


def test_undefined_rates_are_a_dash():
    assert "".join(markdown([batch([])])).endswith("| 0 | 0 | 0 | 0 | – | – | – |\n")


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
