"""What is odd between the cases of a batch suite, found while they stream by.

Contradictions (the same utterance with disjoint intents), repetitions, case ids given twice, expressions that
do not compile or may not end, fulfillment types at odds with their intents. Of a case some 30 bytes are kept;
what is told is capped, with the number of the rest.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from heapq import nsmallest

import regex

from vivavoce.domain.batch.backtracking import may_backtrack
from vivavoce.domain.batch.duplicates import Duplicates
from vivavoce.domain.batch.fulfillment import expected_names, problem
from vivavoce.domain.batch.names import fold, is_none
from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.domain.errors import Malformed, Problem
from vivavoce.domain.expressions import BadExpression, compiled

SHOWN = 10  # of each kind of warning
MOST_EXPECTATIONS = 65_536  # different ones that are compared with each other
MOST_EXPRESSIONS = 10_000  # different ones that are looked at

_NONE = ""  # among intents: that none is expected
# Without one of these a text is an expression that compiles, and ends.
_SPECIAL = regex.compile(r"[\\\[({*+?]")

Pair = tuple[int, int]
"""Numbers of a case and of an earlier one."""


class SuiteCheck:
    """Looks at each case as it passes by; then it tells."""

    def __init__(self) -> None:
        self._utterances = Duplicates()
        self._ids = Duplicates()
        self._lines = array("I")
        self._expected = array("i")  # of each case a place in _intents; -1: not compared
        self._details = array("q")  # hash of the entities that a case expects
        self._intents: list[frozenset[str] | None] = []  # folded; None: judged by traits alone
        self._names: list[str] = []  # the same, to be shown
        self._known: dict[tuple[object, ...], int] = {}  # expectation -> its place in _intents
        self._expressions: set[str] = set()
        self._told: dict[str, _Capped] = {}

    def watched(self, cases: Iterable[BatchCase]) -> Iterator[BatchCase]:
        """The same cases, each of them seen; about 2 microseconds a case."""
        known = self._known.get
        utterance, identifier = self._utterances.add, self._ids.add
        line, expected, details = self._lines.append, self._expected.append, self._details.append
        for number, case in enumerate(cases):
            line(case.line)
            text, parents, bots, entities = case.utterance, case.parent_intents, case.bot_names, case.entities
            folded = text.casefold()
            utterance((folded, _folded(parents), _folded(bots)) if parents or bots else folded, number)
            key = (case.intents, case.traits, case.fulfillment_type)
            place = known(key)
            expected(self._expectation(case) if place is None else place)
            details(hash(entities) if entities else 0)
            if case.id:
                identifier(case.id, number)
            for entity in entities:
                for value in entity.values:
                    if _SPECIAL.search(value):
                        self._look_at(value, number)
            if case.fulfillment_type and (wrong := problem(case)):
                self._tell("fulfillment types that do not fit", number, wrong)
            yield case

    def raise_if_wrong(self) -> None:
        """Raises Malformed where two cases have the same id: runs could not be paired by it."""
        found = [(number, group[0]) for group in self._ids.groups() for number in group[1:]]
        way_out = "give it another one, or leave it empty"
        problems = [
            Problem(f"the case id of {self._place(first)} stands there again", self._place(number), way_out)
            for number, first in nsmallest(SHOWN, found)
        ]
        if len(found) > SHOWN:
            problems.append(Problem(f"and {len(found) - SHOWN:,} more case ids that were given before"))
        if problems:
            raise Malformed(problems)

    def warnings(self) -> Iterator[str]:
        """All that is odd, each kind with the first ones and the number of the rest."""
        contradictions, repeated = _First(), _First()
        for group in self._utterances.groups():
            self._compare(group, contradictions, repeated)
        for number, first in contradictions.pairs:
            expected = self._names[self._expected[number]]
            other = self._names[self._expected[first]]
            yield (
                f"{self._place(number)}: expects {expected}, but {self._place(first)} expects {other} "
                "of the same utterance"
            )
        if contradictions.rest:
            yield f"and {contradictions.rest:,} more contradictory expectations of the same utterance"
        if repeated.count:
            number, first = repeated.pairs[0]
            what = "utterance stands there again" if repeated.count == 1 else "utterances stand there again"
            yield (
                f"{repeated.count:,} {what} with the same expectations and "
                f"{'counts' if repeated.count == 1 else 'count'} twice "
                f"(first {self._place(number)}, as {self._place(first)})"
            )
        for kind, told in self._told.items():
            yield from told.lines
            if told.rest:
                yield f"and {told.rest:,} more {kind}"

    def _compare(self, group: Sequence[int], contradictions: "_First", repeated: "_First") -> None:
        """The cases of one utterance: each against the first one of every other expectation."""
        firsts: dict[int, int] = {}
        seen: dict[tuple[int, int], int] = {}
        for number in group:
            expected = self._expected[number]
            if expected < 0:
                continue
            before = seen.setdefault((expected, self._details[number]), number)
            if before != number:
                repeated.add(number, before)
            intents = self._intents[expected]
            for other, first in firsts.items():
                others = self._intents[other]
                if intents is not None and others is not None and intents.isdisjoint(others):
                    contradictions.add(number, first)
                    break
            if len(firsts) < SHOWN:
                firsts.setdefault(expected, number)

    def _expectation(self, case: BatchCase) -> int:
        """The place of what a case expects among the different expectations, its traits and category too."""
        if len(self._known) >= MOST_EXPECTATIONS:
            return -1
        names = expected_names(case)
        intents = None if case.traits and not case.intents else frozenset(_accepted(case, names))
        canonical = (intents, frozenset(_folded(case.traits)), fold(case.fulfillment_type))
        place = self._known.setdefault(canonical, len(self._intents))
        if place == len(self._intents):
            self._intents.append(intents)
            self._names.append(" | ".join(repr(name) for name in names) or "no intent")
        self._known[case.intents, case.traits, case.fulfillment_type] = place
        return place

    def _look_at(self, value: str, number: int) -> None:
        if value in self._expressions or len(self._expressions) >= MOST_EXPRESSIONS:
            return
        self._expressions.add(value)
        for item in value.split("||"):
            try:
                compiled(item.strip())
            except BadExpression as error:
                self._tell(
                    "entity values that do not compile", number, f"{error}; the value is compared as a text"
                )
                return
            if may_backtrack(item):
                hint = "write it without a repeat within a repeat; it gets a limited time for each value"
                self._tell(
                    "expressions that may backtrack without end",
                    number,
                    f"the expression `{item.strip()[:200]}` may backtrack without end ({hint})",
                )

    def _tell(self, kind: str, number: int, message: str) -> None:
        self._told.setdefault(kind, _Capped()).add(f"{self._place(number)}: {message}")

    def _place(self, number: int) -> str:
        line = self._lines[number]
        return f"line {line}" if line else f"$.testCases[{number}]"


class _First:
    """The pairs of the lowest numbers, and how many there are."""

    def __init__(self) -> None:
        self.count = 0
        self._pairs: list[Pair] = []

    def add(self, number: int, first: int) -> None:
        self.count += 1
        self._pairs.append((number, first))
        if len(self._pairs) > 16 * SHOWN:
            self._pairs = self.pairs

    @property
    def pairs(self) -> list[Pair]:
        return nsmallest(SHOWN, self._pairs)

    @property
    def rest(self) -> int:
        return max(self.count - SHOWN, 0)


class _Capped:
    """The first lines, and how many more there were."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.rest = 0

    def add(self, line: str) -> None:
        if len(self.lines) < SHOWN:
            self.lines.append(line)
        else:
            self.rest += 1


def _folded(names: Sequence[str]) -> tuple[str, ...]:
    return tuple([fold(name) for name in names])


def _accepted(case: BatchCase, names: Sequence[str]) -> Iterator[str]:
    """What the case accepts, folded; `A | None` accepts that there is no intent, too."""
    yield from _folded(names)
    if not names or any(is_none(name) for name in case.intents):
        yield _NONE
