"""What the terminal shows of a batch run, at several widths."""

import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from inline_snapshot import snapshot
from msgspec.structs import replace
from rich.console import Console

from tests.unit.formats.report_values import HOSTILE, batch
from vivavoce.cli import console as consoles
from vivavoce.cli.show import show_run
from vivavoce.domain.batch.scoring import score_case
from vivavoce.domain.batch.utterance import (
    BatchCase,
    Candidate,
    CaseResult,
    Classification,
    EntityResult,
    TraitResult,
)
from vivavoce.domain.run import RunStatus
from vivavoce.formats.reports.reported import ReportedRun


def case(index: int, text: str, expected: str, matched: str, score: float = 0.9, **fields: Any) -> CaseResult:
    """An utterance; an empty name is no intent."""
    winning = (Candidate(matched, score),) if matched else ()
    right = expected == matched
    outcome: Any = ("TP" if matched else "TN") if right else ("FP" if matched else "FN")
    values = {"passed": right} | fields
    return CaseResult(
        index,
        BatchCase(text, (expected,) if expected else (), line=index + 2),
        Classification(winning, winning),
        outcome,
        **values,
    )


def played() -> list[CaseResult]:
    """Twelve right ones, and one of each kind of mistake."""
    amount = (EntityResult("amount", ("5",), "", False),)
    polite = (TraitResult("polite", False),)
    wrong = [
        case(12, "my plastic is gone", "Block card", "Order card", 0.4),
        case(13, "they took my wallet", "Block card", ""),
        case(14, "eat my shorts", "", "Order card", 0.3),
        case(15, "send five", "Transfer", "Transfer", passed=False, entities=amount),
        case(16, "send it, please", "Transfer", "Transfer", passed=False, traits=polite),
        CaseResult(17, BatchCase("hello", ("Greet",)), error="the bot answered 500"),
    ]
    names = ("Block card", "Order card", "Transfer", "")
    return [
        case(index, f"utterance {index}", names[index % 4], names[index % 4]) for index in range(12)
    ] + wrong


def page(reported: ReportedRun, width: int = 100, **console: Any) -> str:
    screen = StringIO()
    options: dict[str, Any] = {"soft_wrap": True, "markup": False, "highlight": False, "emoji": False}
    show_run(
        Console(file=screen, width=width, **(options | console)), reported, label="nlu.csv", words="failed"
    )
    return screen.getvalue()


def test_a_run_in_100_columns():
    assert page(batch(played())) == snapshot("""\
nlu.csv: failed
  12 passed, 5 failed, 1 in error, precision 0.846, recall 0.917, F1 0.880, 121.1 s
                      95 % interval
    accuracy   0.824  0.590 to 0.938  14 of 17 right
    precision  0.846  0.578 to 0.957  TP 11, FP 2
    recall     0.917  0.646 to 0.985  TP 11, FN 1
    F1         0.880  0.688 to 0.961
    macro F1   0.833                  mean of 3 intents
  weakest intents (of 3)
    Intent      Support  Precision  Recall     F1  Loses to, for example
    Block card        5      1.000   0.600  0.750  None (1), Order card (1)
                                                   "they took my wallet"
    Order card        3      0.600   1.000  0.750  takes None (1), Block card (1)
                                                   "eat my shorts"
  entities that are wrong most
            Expected  Found  Recall  95 % interval
    amount         1      0   0.000  0.000 to 0.793
  traits that are wrong most
            Expected  Found  Recall  95 % interval
    polite         1      0   0.000  0.000 to 0.793
  out of scope
    3 of 4 utterances that mean nothing to the bot were left unmatched (0.750, 95 % interval 0.301
    to 0.954); of 13 that mean something, 1 was left unmatched, too
  what to do next
    1.  All 3 confusions are single cases: too few of any one intent to say that it is weak. Look at
        each: where the suite expects the wrong intent, correct the suite; where users often speak
        like this, train other utterances of the kind.
    2.  3 of 3 intents have too few test utterances to say how well they are understood. In
        brackets: how many there are, and how many more would tell recall to plus or minus 5 points,
        if it stays what it is: "Order card" (3, 32 more), "Block card" (5, 361 more) and "Transfer"
        (5, 30 more).
  look further
    --html F: every figure, the confusion matrix, the cases behind it. --csv F: all cases.
  cases
  FP: my plastic is gone: expected Block card, matched Order card
  FN: they took my wallet: expected Block card, matched None
  FP: eat my shorts: expected None, matched Order card
  TP, but failed: send five: expected Transfer, matched Transfer
      amount: expected 5, found nothing
  TP, but failed: send it, please: expected Transfer, matched Transfer
      traits not found: polite
  error: hello: the bot answered 500
""")


def test_a_run_in_60_columns():
    assert page(batch(played()), width=60) == snapshot("""\
nlu.csv: failed
  12 passed, 5 failed, 1 in error, precision 0.846, recall 0.917, F1 0.880, 121.1 s
                      95 % interval
    accuracy   0.824  0.590 to 0.938  14 of 17 right
    precision  0.846  0.578 to 0.957  TP 11, FP 2
    recall     0.917  0.646 to 0.985  TP 11, FN 1
    F1         0.880  0.688 to 0.961
    macro F1   0.833                  mean of 3 intents
  weakest intents (of 3)
                                                 Loses to,
    Intent    Support  Precision  Recall     F1  for example
    Block           5      1.000   0.600  0.750  None (1),
    card                                         Order card
                                                 (1)
                                                 "they took
                                                 my walle…
    Order           3      0.600   1.000  0.750  takes None
    card                                         (1), Block
                                                 card (1)
                                                 "eat my
                                                 shorts"
  entities that are wrong most
            Expected  Found  Recall  95 % interval
    amount         1      0   0.000  0.000 to 0.793
  traits that are wrong most
            Expected  Found  Recall  95 % interval
    polite         1      0   0.000  0.000 to 0.793
  out of scope
    3 of 4 utterances that mean nothing to the bot were left
    unmatched (0.750, 95 % interval 0.301 to 0.954); of 13
    that mean something, 1 was left unmatched, too
  what to do next
    1.  All 3 confusions are single cases: too few of any
        one intent to say that it is weak. Look at each:
        where the suite expects the wrong intent, correct
        the suite; where users often speak like this, train
        other utterances of the kind.
    2.  3 of 3 intents have too few test utterances to say
        how well they are understood. In brackets: how many
        there are, and how many more would tell recall to
        plus or minus 5 points, if it stays what it is:
        "Order card" (3, 32 more), "Block card" (5, 361
        more) and "Transfer" (5, 30 more).
  look further
    --html F: every figure, the confusion matrix, the cases
    behind it. --csv F: all cases.
  cases
  FP: my plastic is gone: expected Block card, matched Order card
  FN: they took my wallet: expected Block card, matched None
  FP: eat my shorts: expected None, matched Order card
  TP, but failed: send five: expected Transfer, matched Transfer
      amount: expected 5, found nothing
  TP, but failed: send it, please: expected Transfer, matched Transfer
      traits not found: polite
  error: hello: the bot answered 500
""")


def test_a_run_that_passed_is_short():
    right = [result for result in played() if result.passed]
    assert page(batch(right, status=RunStatus.PASSED)) == snapshot("""\
nlu.csv: failed
  12 passed, 0 failed, precision 1.000, recall 1.000, F1 1.000, 121.1 s
  accuracy 1.000 (95 % interval 0.758 to 1.000)
""")


def test_where_nothing_was_judged_there_are_no_figures():
    assert page(batch(played()[-1:], status=RunStatus.ERROR)) == snapshot("""\
nlu.csv: failed
  0 passed, 0 failed, 1 in error, precision undefined, recall undefined, F1 undefined, 121.1 s
  cases
  error: hello: the bot answered 500
""")


def test_undefined_figures_say_so():
    lost = [case(0, "a", "A", ""), case(1, "b", "", "")]
    [line] = [line for line in page(batch(lost)).splitlines() if "precision " in line and "TP" in line]
    assert line.split() == ["precision", "undefined", "TP", "0,", "FP", "0"]


def many() -> Iterator[CaseResult]:
    """Forty intents with long names, each wrong in many ways."""
    for index in range(2000):
        expected = f"{index % 40:02} {'long name ' * 6}"
        matched = f"{index % 40 if index % 3 else (index * 7) % 40:02} {'long name ' * 6}"
        entities = tuple(EntityResult(f"entity {n} {'x' * 80}", ("1",), "", False) for n in range(7))
        right = expected == matched
        yield case(
            index,
            "utterance " * 30,
            expected,
            matched,
            passed=False if entities else right,
            entities=entities,
        )


def figures(text: str) -> list[str]:
    """What stands between the summary and the single cases."""
    return text.split("\n  cases\n")[0].splitlines()[2:]


@pytest.mark.parametrize("width", [50, 80, 100, 160])
def test_nothing_is_wider_than_the_terminal(width: int):
    lines = figures(page(batch(list(many())), width))
    assert max(map(len, lines)) <= width
    assert all(line == line.rstrip() for line in lines)


def test_long_lists_are_cut_and_say_so():
    reported = batch(list(many()))
    text = page(reported)
    wrong = sum(1 for row in reported.evaluation.intents if row.fn or row.fp)
    assert wrong > 20
    assert f"... and {wrong - 10} more intents were wrong at times: the reports hold all of them" in text
    assert "... and 2 more entities were wrong at times" in text
    assert len(re.findall(r"^  [TF][PN](?:, but failed)?: utterance", text, re.M)) == 20


def test_there_is_no_more_advice_than_is_read():
    reported = batch(list(many()))
    lines = figures(page(reported))
    advice = lines[lines.index("  what to do next") : lines.index("  look further")]
    numbers = [line.split()[0] for line in advice if re.match(r"    \d+\.  ", line)]
    assert numbers == ["1.", "2.", "3.", "4.", "5."]
    assert (
        f"    ... and {len(reported.advice) - 5} more pieces of advice: the reports hold all of them"
        in advice
    )


def test_a_better_threshold_is_told_also_where_it_is_not_the_most_urgent():
    results = list(many())
    sure = [replace(one, classification=scored(one, 0.9 if one.outcome == "TP" else 0.2)) for one in results]
    out_of_scope = [case(len(results) + n, f"noise {n}", "", "Other", 0.2) for n in range(60)]
    reported = batch([*sure, *out_of_scope])
    urgent = [each for each in reported.advice if each.topic != "threshold"]
    [about_threshold] = [each for each in reported.advice if each.topic == "threshold"]
    vars(reported)["advice"] = [*urgent, about_threshold]
    assert about_threshold.text in " ".join(page(reported).split())


def scored(result: CaseResult, score: float) -> Classification:
    assert result.classification is not None
    winning = tuple(replace(one, score=score) for one in result.classification.winning)
    return Classification(winning, winning)


def test_no_bot_writes_to_the_terminal():
    evil = HOSTILE.replace("\x00", "\x00\x07\x9b\u202e[bold]")
    entities = (EntityResult(evil, (evil,), evil, False),)
    results = [
        case(index, evil, evil, f"other {evil}", passed=False, entities=entities) for index in range(30)
    ]
    text = page(batch(results), force_terminal=False)
    assert all(char.isprintable() or char == "\n" for char in text)
    assert "[bold]" in text


def test_colours_are_for_terminals_that_want_them(monkeypatch: pytest.MonkeyPatch):
    reported = batch(played())
    assert "\x1b[" in page(reported, force_terminal=True, color_system="standard")
    monkeypatch.setenv("NO_COLOR", "1")
    plain = page(reported, force_terminal=True)
    assert "\x1b[3" not in plain and "\x1b[9" not in plain  # bold is no colour


def test_where_nothing_says_how_wide_it_is_it_is_100(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    assert consoles.out().width == consoles.PLAIN_WIDTH == 100
    monkeypatch.setenv("COLUMNS", "70")
    assert consoles.out().width == 70


def test_results_are_read_once():
    readings = 0

    def results() -> Iterator[CaseResult]:
        nonlocal readings
        readings += 1
        return iter(played())

    reported = ReportedRun(batch(played()).run, results)
    page(reported)
    assert readings == 1
    assert reported.evaluation == batch(played()).evaluation and readings == 1


def test_a_run_of_traits_alone_says_what_its_precision_is_worth():
    """Traits found besides are right, so no such case is ever an FP."""
    asked = BatchCase("please hurry", traits=("Polite", "Urgent"))
    found = [Classification(traits=("Polite", "Urgent")), Classification(traits=("Angry", "Urgent"))]
    text = page(batch([score_case(at, asked, each, 1.0) for at, each in enumerate(found)]))
    assert "TP 1, FP 0; no case of traits alone is an FP" in text
    assert re.search(r"macro F1 +undefined +no intents", text)
    assert "no case of traits alone" not in page(batch(played()))
