"""`date`: a date that stands in the text."""

import datetime
import math

import regex

from vivavoce.domain.assertions.base import Assertion, Outcome, Seen
from vivavoce.domain.assertions.dates import dates_in
from vivavoce.domain.assertions.seeing import actual
from vivavoce.domain.assertions.wording import either

_TODAY = regex.compile(r"today(?:\s*([+-])\s*(\d{1,5})\s*d(?:ays?)?)?")


class Date(Assertion, frozen=True, kw_only=True, tag="date"):
    """One of the dates in the text is `near`, give or take `within_days`.

    `near`: `2026-11-25`, `today`, `today+3d`, `today-1d`; today is the day (UTC) on which the run started.
    What counts as a date is said in `dates`.
    """

    near: str
    within_days: float = 0.0

    def problems(self) -> list[str]:
        found = []
        if _TODAY.fullmatch(self.near) is None and _day(self.near) is None:
            found.append(f"`{self.near}` is no date; write `2026-11-25`, `today`, `today+3d` or `today-1d`")
        if not math.isfinite(self.within_days) or self.within_days < 0:
            found.append("`within` is 0 days or more")
        return found

    def look(self, seen: Seen) -> Outcome:
        near = self._wanted(seen.today)
        if near is None:
            return Outcome(None, self.near, f"it cannot be told which day `{self.near}` is")
        found = dates_in(seen.text)
        held = any(abs((day - near).days) <= self.within_days for day in found)
        tolerance = (
            f", give or take {self.within_days:g} {'day' if self.within_days == 1 else 'days'}"
            if self.within_days
            else ""
        )
        nearest = sorted(set(found), key=lambda day: (abs(day - near), day))
        listed = either([day.isoformat() for day in nearest]) if nearest else "none"
        noted = f"the full dates there: {listed}" if seen.outputs else ""
        return Outcome(held, f"the date {near.isoformat()}{tolerance}", actual(seen), noted)

    def _wanted(self, today: datetime.date) -> datetime.date | None:
        relative = _TODAY.fullmatch(self.near)
        if relative is None:
            return _day(self.near)
        if today == datetime.date.min:  # a reply that is judged outside of a run
            return None
        days = int(relative[2] or 0)
        try:
            return today + datetime.timedelta(-days if relative[1] == "-" else days)
        except OverflowError:
            return None


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None
