"""Which failing cases of a batch run a page shows: some of every confused pair, and never too many.

One pass over the results; what is kept depends on the caps alone, as only what a row shows is kept of a case.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from vivavoce.domain.batch.names import fold
from vivavoce.domain.batch.utterance import CaseResult
from vivavoce.domain.evaluation.values import Evaluation
from vivavoce.formats.reports.html.pairs import Pair, Pairs, pair_of_cell
from vivavoce.formats.reports.html.visible import cut
from vivavoce.formats.reports.wording import case_reasons, expected_intent, matched_intent

MAX_FAILING: Final = 1_000  # cases of a run
MAX_OTHERS: Final = 200  # cases in error, and as many with wrong entities or traits
MAX_WARNINGS: Final = 50  # different warnings of a run
MAX_UTTERANCE: Final = 600  # characters
MAX_CELL: Final = 300
MAX_REASONS: Final = 5

DETAILS: Final[Pair] = ("", "entities")  # the intent is right, an entity or a trait is not
ERRORS: Final[Pair] = ("", "errors")
"""No pairs of intents: these stand for the other ways not to pass."""


@dataclass(frozen=True)
class FailingCase:
    """A row."""

    number: int  # of the case, from 1
    line: int  # of the suite's file, 0 where unknown
    utterance: str
    expected: str
    matched: str
    score: float | None
    expected_score: float | None
    outcome: str  # TP, TN, FP, FN; empty: in error
    reasons: tuple[str, ...]  # besides the intents, which the row shows


@dataclass
class FailingGroup:
    """The cases of one confused pair that are shown, of how many there are."""

    key: Pair
    quota: int  # at most so many are kept
    count: int = 0
    cases: list[FailingCase] = field(default_factory=list)


@dataclass(frozen=True)
class Failing:
    groups: tuple[FailingGroup, ...]  # those with cases; most frequent pair first
    count: int
    warnings: tuple[tuple[str, int], ...]  # with how often each was given, most frequent first
    more_warnings: int  # times that others were given

    @property
    def shown(self) -> int:
        return sum(len(group.cases) for group in self.groups)


def choose_failing(results: Iterable[CaseResult], evaluation: Evaluation) -> Failing:
    """Go through the results once."""
    groups = {group.key: group for group in _groups(evaluation)}
    warned: dict[str, int] = {}
    pairs = Pairs()
    count = more = 0
    for result in results:
        for warning in result.warnings:
            known = cut(warning, MAX_CELL)
            if known in warned or len(warned) < MAX_WARNINGS:
                warned[known] = warned.get(known, 0) + 1
            else:
                more += 1
        if result.passed or (result.outcome is None and not result.error):
            continue
        count += 1
        group = groups.get(_key(result, pairs))
        if group is not None:
            group.count += 1
            if len(group.cases) < group.quota:
                group.cases.append(_row(result))
    return Failing(
        groups=tuple(group for group in groups.values() if group.cases),
        count=count,
        warnings=tuple(sorted(warned.items(), key=lambda item: -item[1])),
        more_warnings=more,
    )


def _groups(evaluation: Evaluation) -> list[FailingGroup]:
    """Every pair with its share of the cap, the frequent ones first."""
    pairs = {pair_of_cell(cell): cell.count for cell in evaluation.confusions}
    # The intent right and the case failed; and those whose traits alone were judged, at most.
    others = evaluation.accuracy.hits - evaluation.passed.hits + evaluation.tally.trait_failure
    counts = {
        **pairs,
        DETAILS: min(others, MAX_OTHERS),
        ERRORS: min(evaluation.tally.failed_utterances, MAX_OTHERS),
    }
    quotas = shares(list(counts.values()), MAX_FAILING)
    return [FailingGroup(key, quota) for key, quota in zip(counts, quotas, strict=True)]


def shares(counts: Sequence[int], most: int) -> list[int]:
    """How many of each are shown: one of as many as possible, then equally many of each, `most` in all."""
    low, high = 0, most
    while low < high:  # the highest level to which all can be filled
        level = (low + high + 1) // 2
        if sum(min(count, level) for count in counts) <= most:
            low = level
        else:
            high = level - 1
    found = [min(count, low) for count in counts]
    rest = most - sum(found)
    for position, count in enumerate(counts):
        if rest and count > low:
            found[position] += 1
            rest -= 1
    return found


def _key(result: CaseResult, pairs: Pairs) -> Pair:
    if result.outcome is None:
        return ERRORS
    return pairs.of(result) or DETAILS


def _row(result: CaseResult) -> FailingCase:
    found = result.classification
    best = found.winning[0].score if found and found.winning else None
    return FailingCase(
        number=result.index + 1,
        line=result.case.line,
        utterance=cut(result.case.utterance, MAX_UTTERANCE),
        expected=cut(expected_intent(result.case), MAX_CELL),
        matched=cut(matched_intent(result), MAX_CELL),
        score=best,
        expected_score=_expected_score(result),
        outcome=result.outcome or "",
        reasons=tuple(cut(reason, MAX_CELL) for reason in _other_reasons(result)[:MAX_REASONS]),
    )


def _other_reasons(result: CaseResult) -> list[str]:
    plain = f"{result.outcome}: expected {expected_intent(result.case)}, matched {matched_intent(result)}"
    return [reason for reason in case_reasons(result) if reason != plain]


def _expected_score(result: CaseResult) -> float | None:
    """The best score among the accepted intents, where the bot tells those that lost."""
    if result.classification is None:
        return None
    accepted = {fold(name) for name in result.case.intents}
    scores = [
        candidate.score
        for candidate in result.classification.candidates
        if candidate.score is not None and fold(candidate.name) in accepted
    ]
    return max(scores, default=None)
