"""Findings in training sets."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivavoce.assistant import words as assistant_words
from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.domain.training import checking
from vivavoce.domain.training.checking import Checking
from vivavoce.domain.training.leaks import Known, leak_warning
from vivavoce.domain.training.phrases import phrase
from vivavoce.domain.training.values import KINDS, Checked, Finding, Kind, Likeness, Training

NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def cases(intent: str, *said: str, first_line: int = 1) -> list[BatchCase]:
    return [
        BatchCase(text, (intent,) if intent else (), line=first_line + at) for at, text in enumerate(said)
    ]


def filled(intent: str, count: int = 10) -> list[BatchCase]:
    return cases(intent, *(f"{intent} number {NUMBERS[at % 12]} {'x' * at}" for at in range(count)))


def check(
    *parts: list[BatchCase],
    alike: Iterable[Likeness] = (),
    least: int = 1,
    faqs: Iterable[str] = (),
    values: Iterable[int] = (),
) -> Checked:
    training = Training(
        source="t.yaml",
        cases=tuple(case for part in parts for case in part),
        faqs=frozenset(faqs),
        values=frozenset(values),
    )
    return Checking(training, min_utterances=least).checked(alike)


def only(checked: Checked, kind: Kind) -> Finding:
    assert checked.counts == {kind: 1}, checked.counts
    [found] = checked.findings
    assert (found.kind, found.severity) == (kind, KINDS[kind][0])
    return found


@given(st.text())
def test_utterances_compare_as_the_embedded_assistant_compares_them(text: str) -> None:
    assert phrase(text) == (assistant_words.phrase(text) or text.strip())


def test_a_clean_set() -> None:
    checked = check(filled("pay"), filled("card"), least=10)
    assert checked == Checked("t.yaml", 20, 2, {}, ())


def test_the_same_utterance_under_two_intents() -> None:
    found = only(check(cases("pay", "pay Tom"), cases("card", "PAY, Tom!", first_line=7)), "contradiction")
    assert found.sentence.startswith("'pay Tom' is trained as pay and card; no bot can get both right")
    assert [(place.intent, place.line, place.file) for place in found.places] == [
        ("pay", 1, "t.yaml"),
        ("card", 7, "t.yaml"),
    ]


def test_out_of_scope_utterances_contradict_too() -> None:
    found = only(check(cases("pay", "pay Tom"), cases("None", "pay tom")), "contradiction")
    assert "trained as pay and None" in found.sentence


def test_names_that_differ_by_case_are_one_intent() -> None:
    checked = check(cases("pay", "pay Tom"), cases("Pay ", "pay tom"))
    assert set(checked.counts) == {"duplicate", "same_name"}
    assert checked.intents == 1
    [same_name] = [found for found in checked.findings if found.kind == "same_name"]
    assert "'pay' and 'Pay '" in same_name.sentence


def test_duplicates_within_an_intent() -> None:
    found = only(check(cases("pay", "pay Tom", "pay  tom", "pay Ann", "Pay Tom?")), "duplicate")
    assert "'pay Tom' stands 3 times under pay" in found.sentence
    assert [place.line for place in found.places] == [1, 2, 4]


def test_utterances_of_other_scripts_and_signs_are_told_apart() -> None:
    checked = check(cases("up", "👍👍", "送金したい"), cases("down", "👎", "送金したくない"))
    assert "contradiction" not in checked.counts and "duplicate" not in checked.counts


def test_an_faq_that_collides_with_an_intent() -> None:
    faq = "What does it cost?"
    found = only(
        check(cases(faq, faq, "fees please"), cases("Fees", "fees, please"), faqs=[faq.casefold()]),
        "faq_collision",
    )
    assert "trained as What does it cost? and Fees" in found.sentence


def test_near_duplicates_most_alike_first_and_the_same_ones_only_once() -> None:
    said = cases("pay", "pay Tom now", "send Tom money"), cases("card", "pay Tom, now", "send Tom the money")
    checked = check(*said, alike=[Likeness(1, 3, 0.91), Likeness(0, 3, 0.95), Likeness(0, 2, 1.0)])
    near = [found for found in checked.findings if found.kind == "near_duplicate"]
    assert [found.score for found in near] == [0.95, 0.91]
    assert "'send Tom money' (pay) and 'send Tom the money' (card) are nearly the same" in near[1].sentence
    assert checked.counts["contradiction"] == 1


def test_few_utterances_are_counted_without_duplicates() -> None:
    nine = [*filled("pay", 9), *cases("pay", "pay number one")]
    checked = check(nine, filled("card"), cases("None", "how is the weather"), least=10)
    [few] = [found for found in checked.findings if found.kind == "few_utterances"]
    assert few.sentence.startswith("pay has 9 utterances, 10 are wanted")
    assert checked.counts == {"duplicate": 1, "few_utterances": 1}


def test_faqs_need_fewer_utterances() -> None:
    faq = "What does it cost?"
    assert check(filled("pay"), cases(faq, faq), faqs=[faq.casefold()], least=10).counts == {}


@pytest.mark.parametrize(("largest", "told"), [(50, False), (51, True)])
def test_imbalance(largest: int, told: bool) -> None:
    checked = check(filled("pay", largest), filled("card", 10), filled("hours", 10))
    assert ("imbalance" in checked.counts) is told
    if told:
        assert only(checked, "imbalance").sentence.startswith("pay has 51 utterances, 5.1 times as many")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("?!", "no_words"),
        ("", "no_words"),
        ("4711 12_3", "only_values"),
        ("card", "one_word"),
        (" ".join(["card"] * 41), "very_long"),
    ],
)
def test_utterances_that_teach_little(said: str, kind: Kind) -> None:
    found = only(check(cases("card", said)), kind)
    assert found.places[0].line == 1


@pytest.mark.parametrize("said", ["card 12", " ".join(["card"] * 40)])
def test_ordinary_utterances(said: str) -> None:
    assert check(cases("card", said)).counts == {}


def test_utterances_that_are_known_to_be_values() -> None:
    only(check(cases("city", "from Rome", "San Francisco"), values=[1]), "only_values")


def test_what_teaches_traits_alone_competes_with_no_intent() -> None:
    traits = [BatchCase("right now please", traits=("urgent",))]
    assert check(cases("pay", "right now, please"), traits).counts == {}


def test_findings_are_capped_by_kind_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "KEPT", 3)
    checked = check(cases("card", *NUMBERS))
    assert checked.counts == {"one_word": 12}
    assert len(checked.findings) == 3
    assert (checked.count("notice"), checked.count("error")) == (12, 0)


def test_the_most_severe_come_first() -> None:
    checked = check(cases("pay", "pay", "pay Tom"), cases("card", "pay tom"), least=10)
    severities = [found.severity for found in checked.findings]
    assert severities == sorted(severities, key=["error", "warning", "notice"].index)
    assert severities[0] == "error" and severities[-1] == "notice"


class TestLeaks:
    """Test utterances that were trained."""

    training = Training(
        source="t.yaml", cases=(*cases("pay", "pay Tom", "send Tom money"), *cases("None", "lovely weather"))
    )

    def leaks(self, *tested: BatchCase, alike: Iterable[Likeness] = ()) -> Checked:
        checking = Checking(self.training, min_utterances=1)
        leaks = checking.suite("s.csv")
        fresh = leaks.add(tested)
        leaks.near(fresh, alike)
        return checking.checked((), [leaks])

    def test_none(self) -> None:
        checked = self.leaks(BatchCase("pay Ann", ("pay",)))
        assert checked.counts == {}
        assert (checked.suites[0].utterances, checked.suites[0].leaked) == (1, 0)

    def test_word_by_word(self) -> None:
        tested = [BatchCase("pay Ann", ("pay",), line=2), BatchCase("Pay Tom!", ("Pay",), line=3)]
        found = only(self.leaks(*tested), "leak")
        assert found.sentence.startswith("1 of 2 utterances (50.0 %) of s.csv were trained word by word")
        assert [(place.file, place.line, place.utterance) for place in found.places] == [
            ("s.csv", 3, "Pay Tom!")
        ]

    def test_nearly(self) -> None:
        tested = [BatchCase("pay Tom", ("pay",)), BatchCase("pay to Tom", ("pay",), line=3)]
        checked = self.leaks(*tested, alike=[Likeness(0, 0, 0.93)])
        assert checked.counts == {"leak": 1, "near_leak": 1}
        near = checked.findings[1]
        assert "'pay to Tom' (trained: 'pay Tom')" in near.sentence and near.score == 0.93
        assert (checked.suites[0].leaked, checked.suites[0].near) == (1, 1)

    def test_another_intent_than_was_trained(self) -> None:
        checked = self.leaks(BatchCase("pay Tom", ("card",), line=4), BatchCase("lovely weather", ("pay",)))
        assert checked.counts == {"suite_contradiction": 2, "leak": 1}
        assert checked.findings[0].sentence.startswith("'pay Tom' is trained as pay, and s.csv expects card")

    @pytest.mark.parametrize("intents", [("card", "pay"), ("PAY",)])
    def test_one_accepted_intent_of_those_that_were_trained_will_do(self, intents: tuple[str, ...]) -> None:
        assert set(self.leaks(BatchCase("pay Tom", intents)).counts) == {"leak"}

    @pytest.mark.parametrize("intents", [(), ("none",)])
    def test_out_of_scope_is_no_contradiction_to_out_of_scope(self, intents: tuple[str, ...]) -> None:
        assert set(self.leaks(BatchCase("Lovely weather", intents)).counts) == {"leak"}

    def test_many(self) -> None:
        tested = [BatchCase("pay Tom", ("card",), line=at) for at in range(1, 1_501)]
        checked = self.leaks(*tested)
        assert checked.counts == {"suite_contradiction": 1_500, "leak": 1}
        assert len([found for found in checked.findings if found.kind == "suite_contradiction"]) == 1_000
        leak = checked.findings[-1]
        assert (len(leak.places), leak.places_left_out) == (10, 1_490)

    def test_in_one_line(self) -> None:
        known = Known(self.training.cases)
        tested = [BatchCase("pay tom"), BatchCase("pay Ann"), BatchCase("lovely  weather")]
        assert leak_warning(known, tested).startswith("2 of 3 utterances (66.7 %) are training utterances")
        assert leak_warning(known, tested[1:2]) == ""
        assert leak_warning(known, []) == ""
