"""Compares two runs case by case."""

from collections import Counter
from collections.abc import Sequence

from vivavoce.domain.batch.utterance import CaseResult
from vivavoce.domain.comparing.cases import Case, Explain, PlayedRun, Reader, Row
from vivavoce.domain.comparing.figures import Side, drift_of, intent_changes
from vivavoce.domain.comparing.pairing import Pairing
from vivavoce.domain.comparing.values import EXAMPLES, Cases, ComparedCase, Comparison
from vivavoce.domain.errors import InputError
from vivavoce.domain.run import RunKind
from vivavoce.domain.verdict import Verdict

_JUDGED = (Verdict.PASSED, Verdict.FAILED)


def _unexplained(result: CaseResult) -> Sequence[str]:
    return ()


def compare(before: PlayedRun, after: PlayedRun, explain: Explain = _unexplained) -> Comparison:
    """Two runs of one kind side by side. `explain` says why an utterance did not pass.

    Raises InputError when one is about utterances and the other about conversations.
    """
    batch = after.run.kind is RunKind.BATCH
    if (before.run.kind is RunKind.BATCH) != batch:
        raise InputError(
            f"{before.run.suite_name} and {after.run.suite_name}: one is a batch suite, one a conversation "
            "suite; only runs of one kind can be compared"
        )
    reader, sorted_ = Reader(), _Sorted(explain)
    pairing = Pairing(reader, before, after)
    pairing.pair(sorted_)
    # A run that did not come to its end says nothing of the cases that it lacks: they were not executed.
    for case in pairing.only_before():
        sorted_.only_before(case, unplayed=pairing.after_is_cut)
    for case in pairing.only_after():
        sorted_.only_after(case, unplayed=pairing.before_is_cut)
    was = Side((rows[0], count) for rows, count in sorted_.pairs.items())
    now = Side((rows[1], count) for rows, count in sorted_.pairs.items())
    drift = drift_of(reader.labels, was, now)
    return Comparison(
        before=before.run,
        after=after.run,
        cases_before=pairing.cases_before,
        cases_after=pairing.cases_after,
        newly_failing=sorted_.newly_failing.cases,
        newly_passing=sorted_.newly_passing.cases,
        still_failing=sorted_.still_failing.cases,
        still_passing=sorted_.still_passing,
        changed=sorted_.changed.cases,
        unjudged=sorted_.unjudged.cases,
        hidden=sorted_.hidden,
        appeared=sorted_.appeared.cases,
        disappeared=sorted_.disappeared.cases,
        tally_before=was.tally if batch else None,
        tally_after=now.tally if batch else None,
        intents=intent_changes(reader.labels, sorted_.pairs, was, now, drift),
        drift=drift,
    )


class _Sort:
    """Cases of one sort while they are counted."""

    def __init__(self, explain: Explain) -> None:
        self._explain = explain
        self._count = 0
        self._examples: list[ComparedCase] = []

    @property
    def cases(self) -> Cases:
        return Cases(self._count, tuple(self._examples))

    def add(self, case: Case, before: Row | None, after: Row | None) -> None:
        self._count += 1
        if len(self._examples) < EXAMPLES:
            shown = after or before
            self._examples.append(
                ComparedCase(
                    name=case.name,
                    id=case.id,
                    line=case.line,
                    before=before.verdict if before else None,
                    after=after.verdict if after else None,
                    expected=shown.expected if shown else (),
                    expected_before=before.expected if before else (),
                    matched_before=before.matched if before else (),
                    matched_after=after.matched if after else (),
                    reasons=case.reasons(self._explain) if after else (),
                )
            )


class _Sorted:
    """All pairs, by what became of them."""

    def __init__(self, explain: Explain) -> None:
        self.pairs = Counter[tuple[Row, Row]]()  # of the same case, judged in both runs
        self.still_passing = 0
        self.hidden = 0
        self.newly_failing = _Sort(explain)
        self.newly_passing = _Sort(explain)
        self.still_failing = _Sort(explain)
        self.changed = _Sort(explain)
        self.unjudged = _Sort(explain)
        self.appeared = _Sort(explain)
        self.disappeared = _Sort(explain)

    def pair(self, before: Row, after: Case, *, same: bool) -> None:
        now = after.row
        if before.verdict not in _JUDGED or now.verdict not in _JUDGED:
            self.unjudged.add(after, before, now)
            self.hidden += before.verdict is not Verdict.FAILED and now.verdict is not Verdict.PASSED
            return
        if not same:
            self.changed.add(after, before, now)
            return
        self.pairs[before, now] += 1
        passed, passes = before.verdict is Verdict.PASSED, now.verdict is Verdict.PASSED
        if passed and passes:
            self.still_passing += 1
        elif passed:
            self.newly_failing.add(after, before, now)
        elif passes:
            self.newly_passing.add(after, before, now)
        else:
            self.still_failing.add(after, before, now)

    def only_before(self, case: Case, *, unplayed: bool) -> None:
        if unplayed:
            self.unjudged.add(case, case.row, None)
            self.hidden += case.row.verdict is not Verdict.FAILED
        else:
            self.disappeared.add(case, case.row, None)

    def only_after(self, case: Case, *, unplayed: bool) -> None:
        if unplayed:
            self.unjudged.add(case, None, case.row)
            self.hidden += case.row.verdict is not Verdict.PASSED
        else:
            self.appeared.add(case, None, case.row)
