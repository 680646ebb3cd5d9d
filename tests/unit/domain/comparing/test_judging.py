"""The verdict in words, and whether it stays within what is borne."""

import pytest
from tests.unit.domain.comparing.making import batch, case

from vivavoce.domain.comparing.comparing import compare
from vivavoce.domain.comparing.judging import Borne, Standing, judge
from vivavoce.domain.comparing.values import Comparison

HELD, WORSE, UNKNOWN = Standing.HELD, Standing.WORSE, Standing.UNKNOWN


CLEAR = "so clear a difference would come by chance in {} of comparisons (McNemar's exact test)."
CHANCE = "chance alone would do that in {} of comparisons (McNemar's exact test)."


def compared(
    *, failing: int = 0, passing: int = 0, same: int = 100, hidden: int = 0, apart: int = 0
) -> Comparison:
    """So many cases of each sort; `apart` are in both runs, and are others there."""
    cases = [("A", "B")] * failing + [("B", "A")] * passing + [("A", "A")] * same + [("A", None)] * hidden
    before = [case(str(n), "A", was) for n, (was, _) in enumerate(cases)]
    after = [case(str(n), "A", now) for n, (_, now) in enumerate(cases)]
    before += [case(f"before {n}", "A", "A") for n in range(apart)]
    after += [case(f"after {n}", "A", "A") for n in range(apart)]
    return compare(batch(*before), batch(*after))


@pytest.mark.parametrize(
    ("comparison", "borne", "standing", "trend"),
    [
        # without a significance every case that newly fails counts
        (compared(), Borne(), HELD, "same"),
        (compared(failing=1), Borne(), WORSE, "same"),
        (compared(failing=1), Borne(1), HELD, "same"),
        (compared(failing=3, passing=14), Borne(), WORSE, "better"),
        (compared(failing=3, passing=14), Borne(3), HELD, "better"),
        (compared(failing=14, passing=3), Borne(13), WORSE, "worse"),
        (compared(failing=14, passing=3), Borne(14), HELD, "worse"),
        (compared(passing=14), Borne(), HELD, "better"),
        # with one, only what is worse on the whole, and beyond chance
        (compared(failing=1), Borne(0, 0.05), HELD, "same"),
        (compared(failing=5), Borne(0, 0.05), HELD, "same"),
        (compared(failing=6), Borne(0, 0.05), WORSE, "worse"),
        (compared(failing=6), Borne(0, 0.01), HELD, "same"),
        (compared(failing=6), Borne(6, 0.05), HELD, "worse"),
        (compared(failing=3, passing=14), Borne(0, 0.05), HELD, "better"),
        (compared(failing=14, passing=3), Borne(0, 0.05), WORSE, "worse"),
        # errors: never failing, never hidden
        (compared(hidden=1), Borne(), UNKNOWN, "unknown"),
        (compared(hidden=1), Borne(max_errors=1), HELD, "same"),
        (compared(hidden=1, failing=1), Borne(), WORSE, "same"),
        (compared(hidden=2, failing=1), Borne(5, max_errors=1), UNKNOWN, "unknown"),
        (compared(same=0, hidden=5), Borne(max_errors=9), UNKNOWN, "unknown"),
        # too little to say anything
        (compared(same=0), Borne(), UNKNOWN, "unknown"),
        (compared(same=10, apart=11), Borne(), UNKNOWN, "unknown"),
        (compared(same=10, apart=10), Borne(), HELD, "same"),
        (compared(same=4, failing=1), Borne(0, 0.05), UNKNOWN, "unknown"),
        (compared(same=4, failing=1), Borne(), WORSE, "same"),
        (compared(same=4, passing=1), Borne(0, 0.05), HELD, "same"),
    ],
)
def test_the_rule(comparison: Comparison, borne: Borne, standing: Standing, trend: str) -> None:
    judgement = judge(comparison, borne)
    assert (judgement.standing, judgement.trend) == (standing, trend)
    assert judgement.sentence.startswith("Cannot be told") == (standing is UNKNOWN)
    assert judgement.reason


@pytest.mark.parametrize(
    ("comparison", "borne", "sentence"),
    [
        (compared(), Borne(), "No difference: all 100 cases came out as before."),
        (compared(same=1), Borne(), "No difference: the one case came out as before."),
        (
            compared(failing=3, passing=14),
            Borne(3),
            "Better: 14 cases newly pass and 3 newly fail; " + CLEAR.format("1.3 %"),
        ),
        (
            compared(failing=3, passing=14),
            Borne(),
            "Better, but none may newly fail: 14 cases newly pass and 3 newly fail; " + CLEAR.format("1.3 %"),
        ),
        (
            compared(failing=40, passing=1),
            Borne(),
            "Worse: 40 cases newly fail and 1 newly passes; " + CLEAR.format("less than 0.1 %"),
        ),
        (
            compared(failing=6),
            Borne(6),
            "Worse, but at most 6 may newly fail: 6 cases newly fail and none newly passes; "
            + CLEAR.format("3.1 %"),
        ),
        (
            compared(failing=1, passing=1),
            Borne(1),
            "No real difference: 1 case newly fails and 1 newly passes; " + CHANCE.format("100 %"),
        ),
        (
            compared(same=3, passing=1),
            Borne(),
            "No real difference can be shown by 4 cases: no case newly fails and 1 newly passes; "
            + CHANCE.format("100 %"),
        ),
        (compared(hidden=1), Borne(), "Cannot be told: 1 case in error or not executed may newly fail."),
        (
            compared(same=10, apart=90),
            Borne(),
            "Cannot be told: the runs have only 10 of 100 cases in common.",
        ),
        (
            compared(same=4, failing=1),
            Borne(0, 0.05),
            "Cannot be told: 5 cases can be compared, and a change of fewer than 6 is never beyond chance at "
            "0.05.",
        ),
    ],
)
def test_the_sentence(comparison: Comparison, borne: Borne, sentence: str) -> None:
    assert judge(comparison, borne).sentence == sentence
