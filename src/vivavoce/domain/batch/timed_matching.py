"""Users' expressions tried on found values over a whole run, so that none of them can take hours.

Each try is bounded; so is what one expression, and all of them together, may take beyond a quick try:

- a try that is not over after QUICK_S, nor when it is repeated (the machine may have been busy), is made once
  more with SLOW_S; one that is not over then either is no match;
- an expression is given up for the rest of the run after GIVEN_UP_AFTER such values, or when SLOW_TRIES of
  its values needed the longer try: from then on only an equal text matches it;
- when a run has made SLOW_TRIES_OF_RUN longer tries, there are no more of them: half a minute at most.

Of a run with 100,000 cases whose expressions all backtrack without end, that leaves some minutes.
"""

from typing import Final

from vivavoce.domain.expressions import BadExpression, compiled

QUICK_S: Final = 0.001
SLOW_S: Final = 0.05
GIVEN_UP_AFTER: Final = 3
SLOW_TRIES: Final = 500
SLOW_TRIES_OF_RUN: Final = 600
REMEMBERED: Final = 10_000  # expressions with trouble; what comes after is bounded, but not told of
SHOWN: Final = 200  # characters of an expression in a warning
SPECIAL: Final = frozenset("\\.^$*+?{}[]|()")  # a text without them matches itself alone


class _Trouble:
    __slots__ = ("given_up", "slow", "timeouts")

    def __init__(self) -> None:
        self.slow = 0
        self.timeouts = 0
        self.given_up = False


class TimedMatching:
    """Tries expressions; gathers warnings, each once a run, that say where the expression stands."""

    def __init__(self) -> None:
        self._troubles: dict[str, _Trouble] = {}
        self._slow_left = SLOW_TRIES_OF_RUN
        self._warnings: list[str] = []

    def warnings(self) -> tuple[str, ...]:
        """What there is to tell since this was asked last."""
        if not self._warnings:
            return ()
        told, self._warnings = tuple(self._warnings), []
        return told

    def matches(self, expression: str, value: str, where: str) -> bool:
        """Whether the whole value matches; `where` names the expression's place in warnings."""
        if SPECIAL.isdisjoint(expression):
            return expression == value
        trouble = self._troubles.get(expression)
        if trouble is not None and trouble.given_up:
            return False
        try:
            pattern = compiled(expression)
        except BadExpression as error:
            self._trouble(expression).given_up = True
            self._warn(f"{where}{_named(expression)} is no expression: compared as a text ({error})")
            return False
        for _ in range(2):
            try:
                return pattern.fullmatch(value, timeout=QUICK_S) is not None
            except (TimeoutError, MemoryError):
                continue
        trouble = self._trouble(expression)
        if self._slow_left > 0:
            self._slow_left -= 1
            trouble.slow += 1
            try:
                found = pattern.fullmatch(value, timeout=SLOW_S) is not None
            except (TimeoutError, MemoryError):
                pass
            else:
                if trouble.slow >= SLOW_TRIES:
                    self._give_up(trouble, f"{where}the expression {_named(expression)} is slow")
                return found
        self._ran_out(trouble, expression, value, where)
        return False

    def _ran_out(self, trouble: _Trouble, expression: str, value: str, where: str) -> None:
        trouble.timeouts += 1
        what = f"{where}the expression {_named(expression)} took too long"
        if trouble.timeouts == 1:
            self._warn(
                f"{what} on a value of {len(value)} characters: no match; after {GIVEN_UP_AFTER} such values "
                "it is not tried again in this run. Write it without repeats within repeats"
            )
        elif trouble.timeouts == GIVEN_UP_AFTER:
            self._give_up(trouble, f"{what} on {GIVEN_UP_AFTER} values")

    def _give_up(self, trouble: _Trouble, why: str) -> None:
        trouble.given_up = True
        self._warn(f"{why}: it is not tried again in this run, only an equal text matches")

    def _trouble(self, expression: str) -> _Trouble:
        trouble = self._troubles.get(expression)
        if trouble is None:
            trouble = _Trouble()
            if len(self._troubles) < REMEMBERED:
                self._troubles[expression] = trouble
        return trouble

    def _warn(self, text: str) -> None:
        # Past REMEMBERED, an expression would be told of at every case again.
        if len(self._troubles) < REMEMBERED:
            self._warnings.append(text)


def _named(expression: str) -> str:
    return f'"{expression if len(expression) <= SHOWN else expression[:SHOWN] + "…"}"'
