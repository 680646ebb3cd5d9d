"""`tokens`, `cost`: what a reply took of a language model."""

import math

from vivavoce.domain.assertions.base import Assertion, Outcome, Seen
from vivavoce.domain.assertions.facts import unread
from vivavoce.domain.assertions.wording import every
from vivavoce.domain.output import Usage

_UNKNOWN = Usage()


class Tokens(Assertion, frozen=True, kw_only=True, tag="tokens"):
    """At most so many tokens went in, came out, or both together; None: no bound."""

    whole_reply = True

    input: int | None = None
    output: int | None = None
    total: int | None = None

    def problems(self) -> list[str]:
        bounds = [bound for bound in (self.input, self.output, self.total) if bound is not None]
        if not bounds:
            return ["there is no bound: every reply would match"]
        return ["a number of tokens is never negative"] if min(bounds) < 0 else []

    def look(self, seen: Seen) -> Outcome:
        if "usage" not in seen.facts:
            return unread("usage")
        usage = seen.reply.usage or _UNKNOWN
        bounds = [
            (self.input, usage.input_tokens, "input"),
            (self.output, usage.output_tokens, "output"),
            (self.total, _total(usage), "total"),
        ]
        wanted = [(bound, used, name) for bound, used, name in bounds if bound is not None]
        expected = every([f"at most {bound:,} {name} tokens" for bound, _, name in wanted] or ["?"])
        known = [(bound, used, name) for bound, used, name in wanted if used is not None]
        over = [each for each in known if each[1] > each[0]]
        if (len(known) < len(wanted) and not over) or not wanted:
            unknown = every([name for _, used, name in wanted if used is None] or ["?"])
            return Outcome(None, actual=f"the reply does not tell its {unknown} tokens")
        shown = every([f"{used:,} {name} tokens" for _, used, name in over or known])
        return Outcome(not over, expected, f"it took {shown}")


class Cost(Assertion, frozen=True, kw_only=True, tag="cost"):
    """The reply cost at most so much, in the currency that the bot reports."""

    whole_reply = True

    max: float

    def problems(self) -> list[str]:
        if not math.isfinite(self.max):
            return ["there is no bound: every reply would match"]
        return [] if self.max >= 0 else ["a cost is never negative"]

    def look(self, seen: Seen) -> Outcome:
        if "usage" not in seen.facts:
            return unread("usage", "cost")
        cost = (seen.reply.usage or _UNKNOWN).cost
        if cost is None:
            return Outcome(None, actual="the reply does not tell its cost")
        return Outcome(cost <= self.max, f"a cost of at most {self.max:g}", f"it cost {cost:g}")


def _total(usage: Usage) -> int | None:
    if usage.input_tokens is None or usage.output_tokens is None:
        return None
    return usage.input_tokens + usage.output_tokens
