"""`replies`: how many outputs there are."""

from vivavoce.domain.assertions.base import Assertion, Outcome, Seen


class Replies(Assertion, frozen=True, kw_only=True, tag="replies"):
    """The number of outputs is at least `min` and at most `max`; None: no bound."""

    whole_reply = True

    min: int | None = None
    max: int | None = None

    def problems(self) -> list[str]:
        if not self.min and self.max is None:
            return ["there is no bound: every reply would match"]
        if self.max is not None and (self.max < 0 or (self.min or 0) > self.max):
            return [f"no number of replies is {_bounds(self.min, self.max)}"]
        return []

    def look(self, seen: Seen) -> Outcome:
        count = len(seen.outputs)
        held = (self.min is None or count >= self.min) and (self.max is None or count <= self.max)
        wanted = f"{_bounds(self.min, self.max)} {'reply' if (self.max or self.min) == 1 else 'replies'}"
        return Outcome(held, wanted, f"there {'was' if count == 1 else 'were'} {count or 'none'}")


def _bounds(least: int | None, most: int | None) -> str:
    if least == most:
        return f"exactly {least}"
    if least is None or most is None:
        return f"at most {most}" if least is None else f"at least {least}"
    return f"{least} to {most}"
