"""Pairs the cases of two runs, holding a hash and a reference for each case of the earlier one.

Pairs are looked for in four ways, each among what the ones before left over, and only where both runs have
some left:

1. the same case: id, words, parent intents, expectation;
2. the same case, where not both runs give it an id;
3. the same id, with other words or another expectation;
4. the same words with another expectation, where not both have an id.

Cases alike in all of it are paired in the order in which they were played.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from vivavoce.domain.comparing.cases import Case, PlayedRun, Reader, Row, key_of
from vivavoce.domain.run import RunKind


@dataclass(frozen=True)
class _Way:
    """The keys under which a case of the earlier run waits, and those under which one of the later run looks
    for it, in this order; none: not to be paired in this way."""

    waits: Callable[[Case], int | None]
    looks: Callable[[Case], Sequence[int]]
    same: bool  # whether the two are the same case


def _whole(case: Case) -> int:
    return key_of(case.id, case.asks, case.expectation)


def _without_id(case: Case) -> int:
    return key_of("", case.asks, case.expectation)


def _unless_both_have_ids(key: Callable[[Case], tuple[str, ...]], *, same: bool) -> _Way:
    def looks(case: Case) -> Sequence[int]:
        without = key_of("", *key(case))
        return (without,) if case.id else (without, key_of("id", *key(case)))

    return _Way(lambda case: key_of("id" if case.id else "", *key(case)), looks, same)


_FIRST: Final = _Way(_whole, lambda case: (_whole(case),), same=True)
_FIRST_WITHOUT_IDS: Final = _Way(_whole, lambda case: (_without_id(case),), same=True)
_SAME_BUT_FOR_ID: Final = _unless_both_have_ids(lambda case: (case.asks, case.expectation), same=True)
_BY_ID: Final = _Way(
    lambda case: key_of(case.id) if case.id else None,
    lambda case: (key_of(case.id),) if case.id else (),
    same=False,
)
_BY_WORDS: Final = _unless_both_have_ids(lambda case: (case.asks,), same=False)


class _Queue:
    """Cases of one key, in the order in which they were played."""

    __slots__ = ("rows", "seen", "taken")

    def __init__(self, first: Row) -> None:
        self.rows = [first]
        self.taken = 0  # so many of them have found their partner
        self.seen = 0  # so many of them were met again while what is left over is sought


class Listener(Protocol):
    """Told of every pair as it is found."""

    def pair(self, before: Row, after: Case, *, same: bool) -> None: ...


class Pairing:
    """Pairs the cases of two runs; afterwards, what is left over."""

    def __init__(self, reader: Reader, before: PlayedRun, after: PlayedRun) -> None:
        self._reader = reader
        self._before = before
        self._after = after
        self._left_before = bytearray()  # a byte a case: 1 = without a partner; settled by `_settle`
        self._left_after = bytearray()
        self._waiting: dict[int, Row | _Queue] = {}
        self._way = _FIRST
        self._ids_before = self._ids_after = 0
        self._results_before = self._results_after = 0
        self.pairs = 0

    @property
    def cases_before(self) -> int:
        return len(self._left_before)

    @property
    def cases_after(self) -> int:
        return len(self._left_after)

    @property
    def before_is_cut(self) -> bool:
        """Whether the earlier run ended before all was played: what it lacks was not executed."""
        return self._results_before < self._before.run.total

    @property
    def after_is_cut(self) -> bool:
        return self._results_after < self._after.run.total

    def pair(self, listener: Listener) -> None:
        """Tell of all pairs."""
        for case in self._reader.cases(self._before):
            self._left_before.append(1)
            self._results_before += case.results
            self._ids_before += bool(case.id)
            self._wait(self._waiting, _whole(case), case.row)
        if not self._ids_before:  # a suite that was given ids later: nothing is gained by a second look
            self._way = _FIRST_WITHOUT_IDS
        for case in self._reader.cases(self._after):
            self._ids_after += bool(case.id)
            self._results_after += case.results
            self._left_after.append(not self._found(case, listener))
        for way in self._ways():
            if self.pairs == min(self.cases_before, self.cases_after):
                break
            waiting: dict[int, Row | _Queue] = {}
            for case in self._settle():
                if (key := way.waits(case)) is not None:
                    self._wait(waiting, key, case.row)
            self._waiting, self._way = waiting, way
            for position, case in enumerate(self._reader.cases(self._after)):
                if self._left_after[position] and self._found(case, listener):
                    self._left_after[position] = 0

    def only_before(self) -> Iterator[Case]:
        """The cases of the earlier run that found no partner. May be asked once."""
        return iter(()) if self.pairs == self.cases_before else self._settle()

    def only_after(self) -> Iterator[Case]:
        """The cases of the later run that found no partner."""
        if self.pairs < self.cases_after:
            for position, case in enumerate(self._reader.cases(self._after)):
                if self._left_after[position]:
                    yield case

    def _ways(self) -> Iterator[_Way]:
        """What is worth another look: nobody looks for ids where there are none."""
        if self._after.run.kind is not RunKind.BATCH:
            return
        all_have_ids = self._ids_before == self.cases_before and self._ids_after == self.cases_after
        if self._ids_before and not all_have_ids:
            yield _SAME_BUT_FOR_ID
        if self._ids_before and self._ids_after:
            yield _BY_ID
        if not all_have_ids:
            yield _BY_WORDS

    def _wait(self, waiting: dict[int, Row | _Queue], key: int, row: Row) -> None:
        found = waiting.get(key)
        if found is None:
            waiting[key] = row
        elif isinstance(found, _Queue):
            found.rows.append(row)
        else:
            waiting[key] = queue = _Queue(found)
            queue.rows.append(row)

    def _found(self, case: Case, listener: Listener) -> bool:
        for key in self._way.looks(case):
            found = self._waiting.get(key)
            if isinstance(found, Row):
                del self._waiting[key]
                row = found
            elif found is not None:
                row = found.rows[found.taken]
                found.taken += 1
                if found.taken == len(found.rows):
                    del self._waiting[key]
            else:
                continue
            self.pairs += 1
            listener.pair(row, case, same=self._way.same)
            return True
        return False

    def _settle(self) -> Iterator[Case]:
        """The cases of the earlier run that have found no partner up to now; forgets who waits."""
        waiting, way, left = self._waiting, self._way, self._left_before
        for position, case in enumerate(self._reader.cases(self._before)):
            if not left[position]:
                continue
            key = way.waits(case)
            if key is not None:
                found = waiting.get(key)
                if isinstance(found, _Queue):
                    found.seen += 1
                    left[position] = found.seen > found.taken
                elif found is None:
                    left[position] = 0
                else:
                    del waiting[key]
            if left[position]:
                yield case
