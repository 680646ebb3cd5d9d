"""Numbers as people read them."""

import pytest

from vivavoce.domain.evaluation.intervals import Interval
from vivavoce.domain.numbers import counted, figure, percent, share, span


@pytest.mark.parametrize(
    ("share", "digits", "shown"),
    [
        (0, 1, "0 %"),
        (0.0001, 1, "0.1 %"),
        (1 / 3, 1, "33.3 %"),
        (0.9999, 1, "99.9 %"),
        (1, 1, "100 %"),
        (0.001, 0, "1 %"),
        (0.996, 0, "99 %"),
        (1.0, 0, "100 %"),
    ],
)
def test_all_and_nothing_are_exact(share: float, digits: int, shown: str) -> None:
    assert percent(share, digits) == shown


def test_what_is_not_defined_is_called_so() -> None:
    assert (figure(None), share(None), span(None)) == ("undefined", "undefined", "")
    assert (figure(2 / 3), share(2 / 3), span(Interval(0.25, 1))) == ("0.667", "66.7 %", "0.250 to 1.000")


def test_one_is_no_plural() -> None:
    assert [counted(count, "case") for count in (0, 1, 2_000)] == ["0 cases", "1 case", "2,000 cases"]
