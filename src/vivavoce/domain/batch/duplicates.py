"""Equal ones among a million values, found by their hashes alone."""

from array import array
from collections.abc import Hashable, Iterator, Sequence

_PARTS = 16  # looked through one after the other, so that only a part of the hashes is spread out at a time


class Duplicates:
    """Remembers values by their 64-bit hashes, some 12 bytes each, and tells which of them are equal.

    Two different values count as equal where their hashes are: among a million, once in some ten million
    suites.
    """

    def __init__(self) -> None:
        self._hashes = [array("q") for _ in range(_PARTS)]
        self._numbers = [array("I") for _ in range(_PARTS)]

    def add(self, value: Hashable, number: int) -> None:
        """A value, known by a number; numbers only grow."""
        hashed = hash(value)
        part = hashed % _PARTS
        self._hashes[part].append(hashed)
        self._numbers[part].append(number)

    def groups(self) -> Iterator[Sequence[int]]:
        """The numbers of equal values, ascending, for each value that was added more than once."""
        for hashes, numbers in zip(self._hashes, self._numbers, strict=True):
            first: dict[int, int] = {}
            further: dict[int, array[int]] = {}
            for hashed, number in zip(hashes, numbers, strict=True):
                if (known := first.setdefault(hashed, number)) != number:
                    further.setdefault(hashed, array("I", (known,))).append(number)
            yield from further.values()
