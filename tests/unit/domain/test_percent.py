"""Shares as people read them."""

import pytest

from vivavoce.domain.percent import percent


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
