"""Expressions that may backtrack without end, told by a quick look at how they are written.

The classic is a repeat within a repeat with nothing between the rounds: `(a+)+`, `(\\w*\\s?)*`. Each text
can then be cut into rounds in exponentially many ways, all of which are tried before a mismatch is certain.
The look is no proof in either direction: judging is bounded in time whatever it says.
"""

import regex

_TOKEN = regex.compile(
    r"""(?P<group>\((?:\?(?:[:>|]|<?[=!]|P?<\w+>|[a-zA-Z-]*[:)]))?)
      | (?P<close>\))
      | (?P<bar>\|)
      | (?P<repeat>(?:[*+?]|\{\d*(?:,\d*)?\})[?+]?)
      | (?P<atom>\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.)""",
    regex.VERBOSE | regex.DOTALL,
)
_UNBOUNDED = regex.compile(r"[*+]|\{\d*,\}")
_OPTIONAL = regex.compile(r"[*?]|\{0?,")


class _Part:
    """An atom, or a group (or what is read so far of one) as the sum of its alternatives."""

    def __init__(self, *, anything: bool = False, atomic: bool = False) -> None:
        self.anything = anything  # `.`
        self.atomic = atomic  # a group that never gives back what it took
        self.needed = True  # every alternative must take a fixed piece
        self.loops = False  # repeats without bound
        self.risky = False  # must not be repeated without bound
        self.begin()

    def begin(self) -> None:
        """The next alternative."""
        self._needed = self._loops = self._loops_over_anything = False

    def end(self) -> None:
        """The alternative is complete."""
        self.needed = self.needed and self._needed
        self.loops = self.loops or self._loops
        if not self.atomic:
            risky = self._loops_over_anything or (self._loops and not self._needed)
            self.risky = self.risky or risky

    def add(self, part: "_Part", repeat: str) -> bool:
        """Whether the part is repeated without bound although it must not be."""
        unbounded = _UNBOUNDED.match(repeat) is not None and not repeat.endswith("+", 1)
        if unbounded:
            self._loops = True
            self._loops_over_anything = self._loops_over_anything or part.anything
        elif part.needed and not _OPTIONAL.match(repeat):
            self._needed = True
        self._loops = self._loops or part.loops
        return unbounded and part.risky


def may_backtrack(expression: str) -> bool:
    """Whether a repeat within a repeat is in sight; of a sound expression."""
    open_: list[_Part] = [_Part()]
    last: _Part | None = None  # what a repeat would belong to
    for token in [*_TOKEN.finditer(expression), None]:
        repeat = token["repeat"] if token else None
        if last is not None and open_[-1].add(last, repeat or ""):
            return True
        last = None
        if token is None or repeat:
            continue
        if token["atom"]:
            last = _Part(anything=token["atom"] == ".")
        elif token["bar"]:
            open_[-1].end()
            open_[-1].begin()
        elif token["close"]:
            if len(open_) > 1:
                last = open_.pop()
                last.end()
        elif not token["group"].endswith(")"):  # else flags alone, such as (?i)
            open_.append(_Part(atomic=token["group"] == "(?>"))
    return False
