"""Which case of one run is which case of the other."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.domain.comparing.making import batch, case

from vivavoce.domain.batch.utterance import CaseResult, EntityExpectation
from vivavoce.domain.comparing.cases import Case, Reader, Row
from vivavoce.domain.comparing.pairing import Pairing

Pair = tuple[int, int, bool]  # positions before and after, whether it is the same case


class Pairs:
    def __init__(self) -> None:
        self.found: list[tuple[Row, Case, bool]] = []

    def pair(self, before: Row, after: Case, *, same: bool) -> None:
        self.found.append((before, after, same))


def paired(before: list[CaseResult], after: list[CaseResult]) -> tuple[set[Pair], list[str], list[str]]:
    """Pairs by position, told by the intent that each case matched; what is only before, what only after."""
    listener = Pairs()
    pairing = Pairing(Reader(), batch(*before), batch(*after))
    pairing.pair(listener)
    found = {(int(row.matched[0]), int(case.row.matched[0]), same) for row, case, same in listener.found}
    assert len(found) == len(listener.found) == pairing.pairs
    only_before = [one.row.matched[0] for one in pairing.only_before()]
    return found, only_before, [one.row.matched[0] for one in pairing.only_after()]


def numbered(cases: list[tuple[str, str, str]]) -> list[CaseResult]:
    return [case(words, expected, str(place), id=id) for place, (id, words, expected) in enumerate(cases)]


def by_hand(before: list[tuple[str, str, str]], after: list[tuple[str, str, str]]) -> set[Pair]:
    """The four ways, looking at every case of one run for every case of the other."""
    ways = [
        (True, lambda was, now: was == now),
        (True, lambda was, now: was[1:] == now[1:] and not (was[0] and now[0])),
        (False, lambda was, now: was[0] == now[0] != ""),
        (False, lambda was, now: was[1] == now[1] and not (was[0] and now[0])),
    ]
    if not any(id for id, *_ in before):  # then those of the later run part nothing, from the start
        after = [("", words, expected) for _, words, expected in after]
    found: set[Pair] = set()
    free_before, free_after = list(range(len(before))), list(range(len(after)))
    for same, fits in ways:
        for now in list(free_after):
            # One without an id is nearer to one that comes without, too.
            candidates = sorted(free_before, key=lambda was: bool(before[was][0]) and not after[now][0])
            was = next((was for was in candidates if fits(before[was], after[now])), None)
            if was is not None:
                found.add((was, now, same))
                free_before.remove(was)
                free_after.remove(now)
    return found


ids = st.sampled_from(["", "", "1", "2", "3"])
words = st.sampled_from(["hello", "pay a bill", "stop"])
suites = st.lists(st.tuples(ids, words, st.sampled_from(["A", "B"])), max_size=9)


@given(suites, suites)
@settings(max_examples=500)
def test_pairs_are_those_found_by_looking_at_all(
    before: list[tuple[str, str, str]], after: list[tuple[str, str, str]]
) -> None:
    found, only_before, only_after = paired(numbered(before), numbered(after))
    assert found == by_hand(before, after)
    assert only_before == [
        str(place) for place in range(len(before)) if place not in {one[0] for one in found}
    ]
    assert only_after == [str(place) for place in range(len(after)) if place not in {one[1] for one in found}]


def test_the_same_words_several_times_are_paired_in_order() -> None:
    found, only_before, _ = paired(
        numbered([("", "hi", "A"), ("", "hi", "A"), ("", "hi", "A")]),
        numbered([("", "hi", "A"), ("", "hi", "A")]),
    )
    assert found == {(0, 0, True), (1, 1, True)}
    assert only_before == ["2"]


def test_a_case_with_an_id_may_be_said_in_other_words() -> None:
    found, _, _ = paired(
        numbered([("7", "hello", "A"), ("8", "bye", "B")]),
        numbered([("8", "bye", "B"), ("7", "hi there", "A")]),
    )
    assert found == {(0, 1, False), (1, 0, True)}


def test_ids_that_come_later_part_nothing() -> None:
    found, _, _ = paired(
        numbered([("", "hello", "A"), ("", "bye", "B")]), numbered([("1", "bye", "B"), ("2", "hello", "A")])
    )
    assert found == {(0, 1, True), (1, 0, True)}


def test_two_ids_are_two_cases() -> None:
    found, only_before, only_after = paired(numbered([("1", "hi", "A")]), numbered([("2", "hi", "A")]))
    assert (found, only_before, only_after) == (set(), ["0"], ["0"])


@pytest.mark.parametrize(
    ("was", "now", "same"),
    [
        (case(" hello ", "A", "0"), case("hello", "A", "0"), True),  # outer blanks
        (case("x", "Transfer", "0"), case("x", "transfer ", "0"), True),  # an intent's spelling
        (case("x", "A|B", "0"), case("x", "B|A", "0"), True),  # the order of what is accepted
        (case("x", "", "0"), case("x", "None", "0"), True),  # no intent, said in two ways
        (case("x", "A", "0"), case("x", "A|None", "0"), False),
        (case("x", "A", "0"), case("x", "B", "0"), False),
        (case("x", "A", "0", traits=("T",)), case("x", "A", "0"), False),
        (
            case("x", "A", "0", entities=(EntityExpectation("City", ("Rome",)),)),
            case("x", "A", "0", entities=(EntityExpectation("City", ("Oslo",)),)),
            False,
        ),
        (
            case("x", "A|B", "0", fulfillment_type="Multi"),
            case("x", "B|A", "0", fulfillment_type="Multi"),
            False,
        ),
    ],
)
def test_what_makes_another_expectation(was: CaseResult, now: CaseResult, same: bool) -> None:
    assert paired([was], [now])[0] == {(0, 0, same)}


def test_words_below_another_parent_are_another_case() -> None:
    found, *left = paired(
        [case("yes", "A", "0", parent_intents=("Pay",))], [case("yes", "A", "0", parent_intents=("Book",))]
    )
    assert (found, left) == (set(), [["0"], ["0"]])


def test_case_of_letters_makes_another_utterance() -> None:
    assert paired([case("US", "A", "0")], [case("us", "A", "0")])[0] == set()
