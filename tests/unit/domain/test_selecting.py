"""Which cases a selection chooses, and what is said of one that chooses nothing."""

import pytest

from vivavoce.domain.errors import Malformed
from vivavoce.domain.run import Selection, Shard
from vivavoce.domain.selecting import (
    Listed,
    NothingChosen,
    choose,
    listed,
    read_pass_rule,
    read_shard,
)

CASES: list[Listed] = list(
    listed(
        [
            (0, "Block a card", ("cards", "smoke")),
            (1, "Unblock a card", ("cards",)),
            (2, "Pay [urgent]", ("money",)),
            (3, "Pay", ()),
            (4, "Pay", ("smoke",)),
        ]
    )
)


@pytest.mark.parametrize(
    ("selection", "units"),
    [
        (Selection(), [0, 1, 2, 3, 4]),
        (Selection(cases=("Pay",)), [3, 4]),
        (Selection(cases=("Pay*",)), [2, 3, 4]),
        (Selection(cases=("*card", "Pay [[]u*")), [0, 1, 2]),
        (Selection(cases=("Pay [urgent]",)), [2]),
        (Selection(cases=("?nblock a card",)), [1]),
        (Selection(tags=("smoke",)), [0, 4]),
        (Selection(tags=("smoke", "money")), [0, 2, 4]),
        (Selection(cases=("Pay",), tags=("smoke",)), [4]),
        (Selection(shard=Shard(1, 2)), [0, 2, 4]),
        (Selection(shard=Shard(2, 2)), [1, 3]),
        (Selection(cases=("Pay*",), shard=Shard(2, 2)), [3]),
        (Selection(shard=Shard(7, 9)), []),
    ],
)
def test_what_is_chosen(selection: Selection, units: list[int]) -> None:
    assert choose(CASES, selection) == units


def test_names_and_tags_are_compared_exactly() -> None:
    for selection in (Selection(cases=("pay",)), Selection(cases=("Block",)), Selection(tags=("Smoke",))):
        with pytest.raises(NothingChosen):
            choose(CASES, selection)


def test_the_suites_tag_is_every_cases_tag() -> None:
    assert choose(CASES, Selection(tags=("nightly",)), suite_tags=("nightly",)) == [0, 1, 2, 3, 4]


def test_last_failed_tells_cases_of_one_name_apart() -> None:
    asked = Selection(last_failed=True)
    assert choose(CASES, asked, last_failed={("Pay", 1), ("Block a card", 0)}) == [0, 4]
    assert choose(CASES, asked) == [0, 1, 2, 3, 4], "all passed, or there was no last run"


def test_last_failed_that_chooses_nothing_says_why() -> None:
    asked = Selection(last_failed=True)
    with pytest.raises(NothingChosen, match=r"did not pass last time \('gone since': renamed or"):
        choose(CASES, asked, last_failed={("gone since", 0)})
    with pytest.raises(NothingChosen, match=r"'f0', 'f1', 'f2', 'f3', 'f4' and 3 more: renamed"):
        choose(CASES, asked, last_failed={(f"f{number}", 0) for number in range(8)})
    other = Selection(cases=("Block*",), last_failed=True)
    with pytest.raises(NothingChosen, match=r"meets the other conditions \('Pay': leave a condition out"):
        choose(CASES, other, last_failed={("Pay", 1), ("gone since", 0)})
    wrong = Selection(cases=("Blokc*",), last_failed=True)
    with pytest.raises(NothingChosen, match=r"no case is named like 'Blokc\*'"):
        choose(CASES, wrong, last_failed={("Pay", 1)})


def test_shards_together_play_every_case_once() -> None:
    parts = [choose(CASES, Selection(shard=Shard(index, 3))) for index in (1, 2, 3)]
    assert sorted(unit for part in parts for unit in part) == [0, 1, 2, 3, 4]
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


@pytest.mark.parametrize(
    ("selection", "said"),
    [
        (Selection(cases=("block a crad",)), "'block a crad'.*did you mean 'Block a card'"),
        (Selection(cases=("zzz",)), "'zzz'.*the whole name"),
        (Selection(tags=("smokes",)), "the tag 'smokes'.*did you mean 'smoke'"),
        (Selection(cases=("Block*",), tags=("money",)), "meets all conditions"),
    ],
)
def test_nothing_chosen_says_why(selection: Selection, said: str) -> None:
    with pytest.raises(NothingChosen, match=said):
        choose(CASES, selection)


def test_an_empty_suite_has_nothing_to_choose() -> None:
    with pytest.raises(NothingChosen, match="no cases"):
        choose([], Selection(cases=("*",)))


def test_shards_are_read() -> None:
    assert read_shard("2/5") == Shard(2, 5)
    for wrong in ("", "0/2", "3/2", "1/0", "1", "1/2/3", "-1/2", " 1/2", "1/2\n", "a/b", "1/100001", "١/٢"):
        with pytest.raises(Malformed, match="is no shard"):
            read_shard(wrong)


def test_pass_rules_are_read() -> None:
    assert (read_pass_rule("all", 1), read_pass_rule("any", 3)) == ("all", "any")
    assert (read_pass_rule("2", 3), read_pass_rule(3, 3)) == (2, 3)
    for wrong in ("0", "4", "", "ALL", "-1", "1.5", "most", 0, 4, "²"):
        with pytest.raises(Malformed, match="no pass rule for 3 repeats"):
            read_pass_rule(wrong, 3)
    with pytest.raises(Malformed, match="played once"):
        read_pass_rule("2", 1)


def test_many_wrong_names_are_told_at_once() -> None:
    """Each is named; only some are compared with the thousands that were perhaps meant."""
    many = [Listed(unit, f"{unit} is a case with quite a long name", ()) for unit in range(20_000)]
    wrong = tuple(f"{unit} is a case with another long name" for unit in range(1_000))
    with pytest.raises(NothingChosen) as refused:
        choose(many, Selection(cases=wrong))
    problems = refused.value.problems
    assert len(problems) == 1_000
    hinted = [problem.hint.startswith("did you mean") for problem in problems]
    assert hinted == [True] * 5 + [False] * 995


def test_what_is_no_pass_rule_is_not_repeated_at_length() -> None:
    with pytest.raises(Malformed) as refused:
        read_pass_rule("x" * 100_000, 3)
    assert len(str(refused.value)) < 300
