"""`latency`: how long the reply took."""

import math

from vivavoce.domain.assertions.base import Assertion, Outcome, Seen


class Latency(Assertion, frozen=True, kw_only=True, tag="latency"):
    """From sending the input to the end of the reply it took at most so long."""

    whole_reply = True

    max_ms: float

    def problems(self) -> list[str]:
        if not math.isfinite(self.max_ms):
            return ["there is no bound: every reply would match"]
        return [] if self.max_ms > 0 else ["no reply takes 0 ms or less"]

    def look(self, seen: Seen) -> Outcome:
        took = seen.duration_ms
        return Outcome(took <= self.max_ms, f"a reply within {_time(self.max_ms)}", f"it took {_time(took)}")


def _time(ms: float) -> str:
    """`2 s`, `1.25 s`, `800 ms`."""
    return f"{ms / 1000:.6g} s" if ms >= 1000 else f"{ms:.4g} ms"
