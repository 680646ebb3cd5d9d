"""What buttons and cards have in common: titles that must be among those that are shown."""

from collections.abc import Sequence

from vivavoce.domain.assertions.base import Outcome
from vivavoce.domain.assertions.wording import every, quote


def look_for(titles: Sequence[str], shown: Sequence[str], what: str) -> Outcome:
    """Whether all titles are shown; `what` they stand on: `button`, `card`."""
    there = {title.strip() for title in shown}
    missing = [title for title in titles if title.strip() not in there]
    wanted = f"the {_plural(what, titles)} {every([quote(title) for title in titles] or ['?'])}"
    if shown:
        actual = f"the reply shows the {_plural(what, shown)} {every([quote(title) for title in shown])}"
    else:
        actual = f"the reply shows no {what}"
    lacking = f"missing: {every([quote(title) for title in missing])}" if shown and missing else ""
    return Outcome(bool(titles) and not missing, wanted, actual, lacking)


def problems_of(titles: Sequence[str]) -> list[str]:
    if not titles:
        return ["the list is empty: every reply would match"]
    return ["an empty title is never shown"] if any(not title.strip() for title in titles) else []


def _plural(what: str, titles: Sequence[str]) -> str:
    return what if len(titles) == 1 else f"{what}s"
