"""What a reader finds on the page of a batch run."""

import re
from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from tests.unit.formats.html.pages import page_of, text_of
from tests.unit.formats.report_values import batch, conversation, reported
from tests.unit.formats.wire_values import batch_run

from vivavoce.domain.batch.scoring import score_case
from vivavoce.domain.batch.utterance import BatchCase, Candidate, CaseResult, Classification
from vivavoce.domain.run import Counts, RunStatus
from vivavoce.formats.reports.html.failing import MAX_FAILING, choose_failing, shares
from vivavoce.formats.reports.html.matrix import MAX_SIDE, matrix_of


def case(index: int, expected: str, matched: str, text: str = "", score: float | None = 0.5) -> CaseResult:
    """A case that expected the one intent and matched the other; empty: none."""
    winning = (Candidate(matched, score),) if matched else ()
    outcome = ("TP" if expected else "TN") if expected == matched else ("FP" if matched else "FN")
    return CaseResult(
        index,
        BatchCase(text or f"utterance {index}", (expected,) if expected else (), line=index + 2),
        Classification(winning),
        outcome,
        expected == matched,
    )


def confused(intents: int, each: int) -> list[CaseResult]:
    """Every intent taken for each of the next ones, and right once."""
    names = [f"intent_{number}" for number in range(intents)]
    pairs = [
        (name, names[(at + 1 + step) % intents]) for at, name in enumerate(names) for step in range(each)
    ]
    pairs += [(name, name) for name in names]
    return [case(index, *pair) for index, pair in enumerate(pairs)]


def test_the_four_outcomes_are_apart_and_figures_have_their_intervals() -> None:
    text = page_of(batch()).text
    for words in ("1 passed", "3 failed", "1 in error", "0 not executed"):
        assert words in text
    assert "Bank understood 2 of 4 judged utterances: accuracy 0.500, 95 % interval 0.150 to 0.850." in text
    assert "1 could not be classified and enter no figure." in text
    assert re.search(r"Macro F1\s*0\.333", text)


def test_what_is_undefined_says_so_and_is_never_zero() -> None:
    text = page_of(batch([])).text
    assert text.count("undefined") >= 5
    assert "0.000" not in text
    assert "No utterance was judged." in text


def test_every_cell_of_the_matrix_leads_to_its_failing_cases() -> None:
    results = [
        case(0, "Pay", "Help"),
        case(1, "Pay", "Help"),
        case(2, "Pay", ""),
        case(3, "", "Pay"),
        case(4, "Pay", "Pay"),
    ]
    markup = text_of([batch(results)])
    cells = dict(re.findall(r'<td class="h\d" title="([^"]+)"><a href="#(r1-p\d+)">', markup))
    assert set(cells) == {"Pay → Help: 2", "Pay → None: 1", "None → Pay: 1"}
    for title, anchor in cells.items():
        body = markup.partition(f'<tbody id="{anchor}">')[2].partition("</tbody>")[0]
        assert body.count('<td class="utterance">') == int(title.rpartition(" ")[2])
        expected, _, matched = title.rpartition(":")[0].partition(" → ")
        assert f"<td><bdi>{expected}</bdi></td><td><bdi>{matched}</bdi></td>" in body


def test_of_very_many_failing_cases_some_of_each_pair_are_shown_and_the_csv_is_named() -> None:
    results = [case(at, "A", "B") for at in range(3 * MAX_FAILING)] + [
        case(9_000, "C", "D"),
        case(9_001, "D", ""),
    ]
    page = page_of(batch(results))
    assert (
        f"{MAX_FAILING:,} of 3,002 are shown, some of each confused pair; the CSV report holds all."
        in page.text
    )
    assert "utterance 9000" in page.text and "utterance 9001" in page.text
    assert page.text.count("utterance") < 1.2 * MAX_FAILING


def test_with_more_pairs_than_cases_can_be_shown_the_frequent_ones_come_first() -> None:
    results = confused(60, 20)
    run = batch([*results, case(5_000, "intent_7", "intent_9")])
    chosen = choose_failing(run.cases(), run.evaluation)
    assert chosen.shown == MAX_FAILING < chosen.count == 1_201
    assert {len(group.cases) for group in chosen.groups} == {1}
    assert chosen.groups[0].key == ("intent_7", "intent_9")
    page_of(run)


@pytest.mark.parametrize(
    ("counts", "most", "shown"),
    [
        ([5, 1, 1], 10, [5, 1, 1]),
        ([50, 1, 1], 10, [8, 1, 1]),
        ([50, 50, 3], 10, [4, 3, 3]),
        ([9, 9, 9, 9], 3, [1, 1, 1, 0]),
        ([], 3, []),
        ([0, 4], 3, [0, 3]),
    ],
)
def test_a_cap_is_shared_out(counts: list[int], most: int, shown: list[int]) -> None:
    assert shares(counts, most) == shown


def test_the_matrix_holds_150_intents_and_says_what_it_leaves_out() -> None:
    run = batch(confused(150, 2))
    page = page_of(run)
    assert "not shown" not in page.text.partition("Confusion matrix")[2].partition("All intents")[0]
    larger = batch(confused(MAX_SIDE + 50, 2))
    evaluation = larger.evaluation
    matrix = matrix_of(evaluation.confusions, evaluation.intents, evaluation.no_intent, {})
    assert len(matrix.columns) == MAX_SIDE
    inside = sum(cell.count for row in matrix.rows for cell in row.cells)
    assert inside + matrix.left_out == 2 * (MAX_SIDE + 50)


def test_intents_that_are_confused_stand_side_by_side() -> None:
    pairs = [("Zoo", "Ant")] * 5 + [("Bee", "Yak")] * 4 + [("Bee", "Ant")]
    run = batch([case(at, *pair) for at, pair in enumerate(pairs)])
    evaluation = run.evaluation
    columns = matrix_of(evaluation.confusions, evaluation.intents, evaluation.no_intent, {}).columns
    assert abs(columns.index("Zoo") - columns.index("Ant")) == 1
    assert abs(columns.index("Bee") - columns.index("Yak")) == 1


def test_weak_intents_come_first_with_what_they_lose_to_and_an_example() -> None:
    results = [case(0, "Good", "Good"), case(1, "Bad", "Good", "where is my money"), case(2, "Bad", "Bad")]
    section = page_of(batch(results)).text.partition("Lowest F1 first")[2].partition("Most frequent")[0]
    assert section.index("Bad") < section.index("1×")
    assert "where is my money" in section


def test_wrong_entities_are_told_though_the_intent_is_right() -> None:
    text = page_of(batch()).text
    assert "Right intent, wrong entities or traits" in text
    assert "entity to: expected 'Bob', found 'Ann'" in text
    assert "In error: could not be classified" in text and "the bot answered 500" in text


def test_of_traits_recall_and_what_is_found_besides_is_told() -> None:
    """Traits found besides are right, so that precision would be 1 for any bot."""
    asked = BatchCase("please hurry", traits=("Polite", "Urgent"))
    found = [Classification(traits=("Polite", "Angry", "Urgent")), Classification(traits=("Urgent",))]
    results = [score_case(at, asked, each, 1.0) for at, each in enumerate(found)]
    results += [score_case(2, BatchCase("!", traits=("Angry",)), Classification(traits=("Polite",)), 1.0)]
    text = page_of(batch(results)).text
    assert re.search("TraitExpectedFoundMissedExtraRecall", text)
    assert re.search(r"Angry10110\.000", text)
    assert re.search(r"Polite21110\.500", text)


def test_the_best_threshold_says_when_it_is_no_better() -> None:
    """The best of 101 thresholds is always a little better, and of five cases that means nothing."""
    few = [case(at, "pay", "pay", score=0.9) for at in range(4)] + [case(4, "", "pay", score=0.3)]
    many = few * 8
    many = [replace(one, index=at) for at, one in enumerate(many)]
    assert "Not better than this run by more than chance." in page_of(batch(few)).text
    text = page_of(batch(many)).text
    assert "Not better" not in text
    assert text.count("A threshold of 0.90 would have brought F1 from") == 2, "as advice, and at the sweep"


def test_warnings_are_told_once_with_how_often_they_were_given() -> None:
    results = [
        CaseResult(at, BatchCase(f"u{at}"), Classification(), "TN", True, warnings=("it took too long",))
        for at in range(3)
    ]
    assert re.search(r"it took too long\s*\(3 times\)", page_of(batch(results)).text)


def test_several_runs_are_one_page_with_a_table_of_contents() -> None:
    page = page_of(batch(), conversation(), batch())
    assert page.tags["h1"] == 1 and "3 runs" in page.text
    assert {"r1", "r2", "r3"} <= set(page.links)


def test_no_run_at_all_is_a_page_too() -> None:
    assert "nothing to report" in page_of().text


def test_a_run_that_goes_on_or_broke_off_is_shown_as_far_as_it_came() -> None:
    running = batch(status=RunStatus.RUNNING, counts=None, tally=None, total=9)
    assert "4 not executed" in page_of(running).text
    assert "running, " in page_of(running).text
    broken = batch(status=RunStatus.UNUSABLE, error_details="the bot was down")
    assert "the bot was down" in page_of(broken).text


def test_a_run_of_very_many_cases_is_gone_through_and_never_held() -> None:
    alive = most = 0

    class Watched(CaseResult, frozen=True, weakref=True):
        pass

    def results() -> Iterator[CaseResult]:
        import weakref

        nonlocal alive, most

        def gone() -> None:
            nonlocal alive
            alive -= 1

        for at in range(20_000):
            one = case(at, "A", "B" if at % 2 else "A", "x" * 2_000)
            watched = Watched(*(getattr(one, name) for name in CaseResult.__struct_fields__))
            weakref.finalize(watched, gone)
            alive += 1
            most = max(most, alive)
            yield watched
            del watched, one

    counts = Counts(passed=10_000, failed=10_000)
    run = batch_run(status=RunStatus.FAILED, counts=counts, total=20_000, done=20_000)
    text = text_of([reported(run, [], lambda _: results())])
    assert most < 50  # those that an iterator and an example hold
    assert len(text) < 2_000_000


@pytest.mark.parametrize(
    ("expected", "matched", "said"),
    [
        ("Pay", "Help", "It most often took “Pay” for “Help”: 2 times."),
        ("Pay", "", "It most often found no intent where “Pay” was meant: 2 times."),
        ("", "Pay", "It most often matched “Pay” where nothing was meant: 2 times."),
    ],
)
def test_the_most_frequent_confusion_is_said_in_a_sentence(expected: str, matched: str, said: str) -> None:
    assert said in page_of(batch([case(0, expected, matched), case(1, expected, matched)])).text
    assert "It most often" not in page_of(batch([case(0, expected, matched)])).text
