"""All checks of one training set together, sorted and capped."""

from collections import Counter
from collections.abc import Iterable, Sequence

from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.domain.training.duplicates import by_phrase, duplicates, near_duplicates
from vivavoce.domain.training.intents import MIN_UTTERANCES, name_findings, size_findings, sizes
from vivavoce.domain.training.leaks import Leaks
from vivavoce.domain.training.utterances import utterance_findings
from vivavoce.domain.training.values import KINDS, Checked, Finding, Kind, Likeness, Training

KEPT = 1_000  # findings of a kind; the rest is counted


class Checking:
    """Checks a training set, and how much of some suites leaks from it."""

    def __init__(self, training: Training, *, min_utterances: int = MIN_UTTERANCES) -> None:
        self._training = training
        self._least = min_utterances
        self._phrases: dict[str, list[BatchCase]] = by_phrase(training.cases)

    def suite(self, file: str) -> Leaks:
        """What takes a suite's cases."""
        return Leaks(self._training, self._phrases, file)

    def checked(self, alike: Iterable[Likeness], suites: Sequence[Leaks] = ()) -> Checked:
        """`alike`: pairs of cases, by their index, that are nearly the same under different intents."""
        counted = sizes(self._training)
        counts: Counter[Kind] = Counter()
        kept: dict[Kind, list[Finding]] = {}
        for found in self._findings(alike, suites, counted):
            counts[found.kind] += 1
            own = kept.setdefault(found.kind, [])
            if len(own) < KEPT:
                own.append(found)
        if contradictions := sum(leaks.contradiction_count for leaks in suites):
            counts["suite_contradiction"] = contradictions
        return Checked(
            source=self._training.source,
            utterances=len(self._training.cases),
            intents=len(counted),
            counts={kind: counts[kind] for kind in KINDS if counts[kind]},
            findings=tuple(found for kind in KINDS for found in kept.get(kind, ())),
            suites=tuple(leaks.share() for leaks in suites),
        )

    def _findings(
        self, alike: Iterable[Likeness], suites: Sequence[Leaks], counted: dict[str, int]
    ) -> Iterable[Finding]:
        yield from duplicates(self._training, self._phrases)
        for leaks in suites:
            yield from leaks.findings()
        yield from near_duplicates(self._training, alike)
        yield from size_findings(self._training, counted, self._least)
        yield from name_findings(self._training)
        yield from utterance_findings(self._training)
