"""Utterances of a test suite that a bot was trained on: what it gets right there says little."""

from collections.abc import Iterable, Sequence

import msgspec

from vivavoce.domain.batch.names import fold
from vivavoce.domain.batch.utterance import BatchCase, CaseResult
from vivavoce.domain.evaluation.values import Rate
from vivavoce.domain.numbers import percent
from vivavoce.domain.training.duplicates import listed
from vivavoce.domain.training.phrases import phrase
from vivavoce.domain.training.values import Finding, Likeness, Place, Share, Training, finding, label

KEPT = 1_000  # places of contradictions and leaks that are kept, each


class Leaks:
    """Takes a suite's cases one by one; keeps counts and the first places, whatever the suite's size."""

    def __init__(self, training: Training, phrases: dict[str, list[BatchCase]], file: str) -> None:
        """`phrases`: the training set's, as `by_phrase` gives them."""
        self._training = training
        self._phrases = phrases
        self._file = file
        self._utterances = 0
        self._leaked: list[Place] = []
        self._leaked_count = 0
        self._near: list[tuple[Place, str, float]] = []
        self._near_count = 0
        self._contradictions: list[Finding] = []
        self._contradiction_count = 0

    def add(self, cases: Sequence[BatchCase]) -> list[BatchCase]:
        """Returns those that were not trained word by word: they may be nearly so."""
        fresh = []
        self._utterances += len(cases)
        for case in cases:
            if trained := self._phrases.get(phrase(case.utterance)):
                self._leak(case, trained)
            else:
                fresh.append(case)
        return fresh

    def near(self, cases: Sequence[BatchCase], alike: Iterable[Likeness]) -> None:
        """`alike`: index of one of `cases`, index of the training case that is most like it."""
        for pair in alike:
            self._near_count += 1
            if len(self._near) < KEPT:
                trained = self._training.cases[pair.right]
                self._near.append((self._place(cases[pair.left]), trained.utterance, pair.score))

    def share(self) -> Share:
        return Share(self._file, self._utterances, self._leaked_count, self._near_count)

    def findings(self) -> Iterable[Finding]:
        """One for all leaks, one for all near ones, and one for each contradiction that was kept."""
        yield from self._contradictions
        if self._leaked_count:
            sentence = (
                f"{self._of_all(self._leaked_count)} of {self._file} were trained word by word; the bot's "
                "figures on them say little: take them out of the suite, or out of the training set"
            )
            yield _counted(finding("leak", sentence, self._leaked), self._leaked_count)
        if self._near_count:
            said, trained, score = max(self._near, key=lambda one: one[2])
            sentence = (
                f"{self._of_all(self._near_count)} of {self._file} nearly were trained, such as "
                f"{said.utterance!r} (trained: {trained!r}); figures on them may be too good"
            )
            places = [where for where, _, _ in self._near]
            yield _counted(finding("near_leak", sentence, places, score=round(score, 4)), self._near_count)

    @property
    def contradiction_count(self) -> int:
        return self._contradiction_count

    def _of_all(self, count: int) -> str:
        return f"{count:,} of {self._utterances:,} utterances ({percent(count / self._utterances)})"

    def _place(self, case: BatchCase) -> Place:
        return Place(case.utterance, label(case), self._file, case.line)

    def _leak(self, case: BatchCase, trained: Sequence[BatchCase]) -> None:
        self._leaked_count += 1
        if len(self._leaked) < KEPT:
            self._leaked.append(self._place(case))
        accepted = {fold(name) for name in case.intents} or {fold(label(case))}
        names = {fold(name): name for one in trained for name in (one.intents or (label(one),))}
        # A case about traits alone says nothing of its intent.
        if label(case) and accepted.isdisjoint(names):
            self._contradiction_count += 1
            if len(self._contradictions) < KEPT:
                sentence = (
                    f"{case.utterance!r} is trained as {listed(names.values())}, and {self._file} expects "
                    f"{label(case)}; correct the one that is wrong"
                )
                self._contradictions.append(finding("suite_contradiction", sentence, [self._place(case)]))


def _counted(found: Finding, count: int) -> Finding:
    return Finding(
        found.kind, found.severity, found.sentence, found.places, count - len(found.places), found.score
    )


class Known:
    """What was trained, to be compared word by word."""

    def __init__(self, training: Iterable[BatchCase]) -> None:
        self._phrases = {phrase(case.utterance) for case in training}

    def __contains__(self, utterance: str) -> bool:
        return phrase(utterance) in self._phrases


class Apart(msgspec.Struct, frozen=True):
    """How right a run was (TP or TN), apart for utterances that were trained word by word and others."""

    trained: Rate
    others: Rate

    @property
    def all(self) -> Rate:
        return Rate(self.trained.hits + self.others.hits, self.trained.of + self.others.of)


def accuracy_apart(known: Known, results: Iterable[CaseResult]) -> Apart:
    """Over the judged cases of a run, streamed."""
    right = {True: 0, False: 0}
    judged = {True: 0, False: 0}
    for result in results:
        if result.outcome is not None:
            trained = result.case.utterance in known
            judged[trained] += 1
            right[trained] += result.outcome in ("TP", "TN")
    return Apart(Rate(right[True], judged[True]), Rate(right[False], judged[False]))


def leak_warning(known: Known, tested: Iterable[BatchCase]) -> str:
    """One line about test utterances that were trained word by word; empty when none was."""
    count = leaked = 0
    for case in tested:
        count += 1
        leaked += case.utterance in known
    if not leaked:
        return ""
    return (
        f"{leaked:,} of {count:,} utterances ({percent(leaked / count)}) are training utterances of the bot, "
        "so its figures flatter it; `viva training check --bot FILE SUITE` names them"
    )
