"""Advice about the suite: intents with too few test utterances to say anything."""

from collections.abc import Iterable
from typing import Final

from vivavoce.domain.advising.values import Advice
from vivavoce.domain.advising.wording import listed
from vivavoce.domain.evaluation.intervals import cases_needed
from vivavoce.domain.evaluation.values import Evaluation, LabelMetrics

TOO_WIDE: Final = 0.4  # a recall known to plus or minus 20 points at best says nothing
AIM: Final = 0.05  # plus or minus 5 points


def missing_cases(row: LabelMetrics, half_width: float = AIM) -> int:
    """How many more utterances an intent's recall takes to be known to plus or minus `half_width`.

    Assumes that recall stays what it is; an intent never expected is assumed at one half, the worst case.
    """
    recall = row.recall
    return max(0, cases_needed(0.5 if recall is None else recall, half_width) - row.support)


def about_support(evaluation: Evaluation) -> Iterable[Advice]:
    """One piece of advice for all intents whose recall is hardly known, the least known first."""
    poor = sorted(
        (row for row in evaluation.intents if _too_few(row)), key=lambda row: (row.support, row.name)
    )
    if not poor:
        return
    wanted = [f'"{row.name}" ({row.support}, {missing_cases(row)} more)' for row in poor]
    one = len(poor) == 1
    yield Advice(
        topic="support",
        tag="",
        intents=tuple(row.name for row in poor),
        text=(
            f"{len(poor)} of {len(evaluation.intents)} intents {'has' if one else 'have'} too few test "
            f"utterances to say how well {'it is' if one else 'they are'} understood. In brackets: how many "
            f"there are, and how many more would tell recall to plus or minus {AIM * 100:.0f} points, if it "
            f"stays what it is: {listed(wanted)}."
        ),
        cases=0,
    )


def _too_few(row: LabelMetrics) -> bool:
    interval = row.recall_rate.interval
    return interval is None or interval.high - interval.low > TOO_WIDE
