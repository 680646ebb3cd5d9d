"""What the page shows of a conversation run, as plain values.

Which cases are shown is settled in a first pass, that keeps a line for each of a capped number; each list of
cases then goes through the results again as the template asks for it, so that one case is held at a time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from vivavoce.domain.numbers import counted
from vivavoce.domain.repeats import case_sum, repeats_of, rule_of, variance, verdict_of_case
from vivavoce.domain.run import CaseSum
from vivavoce.domain.verdict import StepResult, Verdict
from vivavoce.formats.reports.html import figures
from vivavoce.formats.reports.html.run_head import RunHead, Section, run_head
from vivavoce.formats.reports.html.sides import Side, sides_of
from vivavoce.formats.reports.html.visible import cut
from vivavoce.formats.reports.reported import ReportedRun
from vivavoce.formats.reports.wording import evidence_lines, said

MAX_LISTED: Final = 500  # cases of each verdict in the table of cases
MAX_SHOWN: Final = {  # cases with their steps
    Verdict.FAILED: 200,
    Verdict.ERROR: 100,
    Verdict.NOT_EXECUTED: 50,
    Verdict.PASSED: 100,
}
MAX_STEPS: Final = 100  # of a case; those that did not pass first
MAX_REPEATS: Final = 5  # of a case; those that did not pass first
MAX_EVIDENCE: Final = 9_000  # characters of a step; what is kept is shorter
MAX_FLAKY: Final = 50
MAX_WARNINGS: Final = 50

_ORDER: Final = (Verdict.FAILED, Verdict.ERROR, Verdict.NOT_EXECUTED, Verdict.PASSED)
_TONES: Final = {
    Verdict.PASSED: ("passed", "passed"),
    Verdict.FAILED: ("failed", "failed"),
    Verdict.ERROR: ("error", "in error"),
    Verdict.NOT_EXECUTED: ("skipped", "not executed"),
}


@dataclass(frozen=True)
class CaseLine:
    """A case in the table of cases. `link`: the id of its steps, empty where they are not shown."""

    name: str
    tone: str
    verdict: str
    steps: int
    bad: int  # steps that did not pass
    seconds: float
    link: str


@dataclass(frozen=True)
class StepView:
    number: int
    tone: str
    verdict: str
    input: str
    is_trigger: bool
    sides: tuple[Side, ...]
    reasons: tuple[str, ...]
    notes: tuple[str, ...]  # warnings, and that it was tolerated
    evidence: str
    seconds: float


@dataclass(frozen=True)
class RepeatView:
    """One playing of a case. `left_out`: steps beyond the cap."""

    title: str
    tone: str
    verdict: str
    steps: tuple[StepView, ...]
    left_out: int


@dataclass(frozen=True)
class CaseView:
    anchor: str
    name: str
    tone: str
    verdict: str
    repeats: tuple[RepeatView, ...]
    left_out: int  # repeats beyond the cap
    variance: str  # of a flaky case
    steps: int
    seconds: float


class ConversationPage:
    """Everything a template needs; lists of cases are read as they are asked for."""

    template = "conversation.html"

    def __init__(self, reported: ReportedRun, number: int) -> None:
        self.head: RunHead = run_head(reported, number)
        self._reported = reported
        self.counts = dict.fromkeys(Verdict, 0)  # of cases
        self.lines: list[CaseLine] = []
        self.warnings: dict[str, int] = {}
        self._shown: dict[Verdict, list[int]] = {verdict: [] for verdict in Verdict}  # units
        self._look_through()

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def tabled(self) -> bool:
        """Whether there are too many cases to be seen without a table of them."""
        return self.total > 10

    @property
    def sections(self) -> list[Section]:
        """What the table of contents lists."""
        found = [("summary", "Summary")]
        if self.flaky:
            found.append(("flaky", "Flaky cases"))
        if self.tabled:
            found.append(("cases", "All cases"))
        found += [(group.key, group.title) for group in self.groups]
        if self.warnings:
            found.append(("warnings", "Warnings"))
        return [Section(f"{self.head.anchor}-{anchor}", title) for anchor, title in found]

    @property
    def sentence(self) -> str:
        """The run in a few plain sentences."""
        run, counts = self._reported.run, self.counts
        if not self.total:
            return "No case was played."
        passed = counts[Verdict.PASSED]
        if passed == self.total:
            said_ones = ["The only case passed." if passed == 1 else f"All {counted(passed, 'case')} passed."]
        else:
            said_ones = [f"{figures.count(passed)} of {counted(self.total, 'case')} passed, "]
            said_ones[0] += f"{figures.count(counts[Verdict.FAILED])} failed."
        if counts[Verdict.ERROR]:
            said_ones.append(f"{figures.count(counts[Verdict.ERROR])} in error: nobody can say.")
        if counts[Verdict.NOT_EXECUTED]:
            said_ones.append(f"{figures.count(counts[Verdict.NOT_EXECUTED])} were not executed.")
        if run.repeated and run.repeated.flaky_count:
            said_ones.append(f"{figures.count(run.repeated.flaky_count)} are flaky: their repeats disagree.")
        return " ".join(said_ones)

    @property
    def flaky(self) -> tuple[tuple[str, str], ...]:
        """Cases whose repeats disagree, and how."""
        return tuple((case.name, variance(case)) for case in self._reported.run.flaky[:MAX_FLAKY])

    @property
    def more_flaky(self) -> int:
        repeated = self._reported.run.repeated
        return (repeated.flaky_count if repeated else 0) - len(self.flaky)

    @property
    def groups(self) -> list["CaseGroup"]:
        """The cases by verdict, what needs attention first."""
        return [
            CaseGroup(self, verdict, len(self._shown[verdict]), self.counts[verdict])
            for verdict in _ORDER
            if self._shown[verdict]
        ]

    def cases(self, verdict: Verdict) -> Iterator[CaseView]:
        """The cases of a verdict that are shown with their steps, in the order of the suite."""
        wanted = set(self._shown[verdict])
        for unit, repeats in self._by_case():
            if unit in wanted:
                yield self._case(unit, repeats)
                wanted.discard(unit)
                if not wanted:
                    return

    def _look_through(self) -> None:
        listed: dict[Verdict, list[CaseLine]] = {verdict: [] for verdict in Verdict}
        for unit, repeats in self._by_case():
            total = self._sum(unit, repeats)
            verdict = verdict_of_case(total)
            self.counts[verdict] += 1
            shown = len(self._shown[verdict]) < MAX_SHOWN[verdict]
            if shown:
                self._shown[verdict].append(unit)
            if len(listed[verdict]) < MAX_LISTED:
                listed[verdict].append(self._line(total, verdict, repeats, unit if shown else None))
            for warning in (warning for steps in repeats for step in steps for warning in step.warnings):
                known = cut(warning, 300)
                if known in self.warnings or len(self.warnings) < MAX_WARNINGS:
                    self.warnings[known] = self.warnings.get(known, 0) + 1
        self.lines = [line for verdict in _ORDER for line in listed[verdict]]

    def _by_case(self) -> Iterator[tuple[int, list[list[StepResult]]]]:
        """Each case with its repeats."""
        for unit, steps in groupby(self._reported.steps(), key=lambda step: step.unit):
            yield unit, list(repeats_of(steps))

    def _sum(self, unit: int, repeats: Sequence[Sequence[StepResult]]) -> CaseSum:
        run = self._reported.run
        return case_sum(repeats, run.repeats, rule_of(run, unit))

    def _line(
        self, total: CaseSum, verdict: Verdict, repeats: Sequence[Sequence[StepResult]], unit: int | None
    ) -> CaseLine:
        tone, name = _TONES[verdict]
        steps = [step for each in repeats for step in each]
        return CaseLine(
            name=cut(total.name, 300) or "conversation",
            tone=tone,
            verdict=name,
            steps=len(steps),
            bad=sum(step.verdict is not Verdict.PASSED for step in steps),
            seconds=sum(step.duration_ms for step in steps) / 1000,
            link="" if unit is None else self._anchor(unit),
        )

    def _anchor(self, unit: int) -> str:
        return f"{self.head.anchor}-c{unit + 1}"

    def _case(self, unit: int, repeats: Sequence[Sequence[StepResult]]) -> CaseView:
        total = self._sum(unit, repeats)
        tone, name = _TONES[verdict_of_case(total)]
        views = [self._repeat(steps) for steps in repeats]
        views.sort(key=lambda view: view.tone == "passed")
        return CaseView(
            anchor=self._anchor(unit),
            name=total.name or "conversation",
            tone=tone,
            verdict=name,
            repeats=tuple(views[:MAX_REPEATS]),
            left_out=max(0, len(views) - MAX_REPEATS),
            variance=variance(total) if total.flaky else "",
            steps=sum(len(steps) for steps in repeats),
            seconds=sum(step.duration_ms for steps in repeats for step in steps) / 1000,
        )

    def _repeat(self, steps: Sequence[StepResult]) -> RepeatView:
        numbered = list(enumerate(steps, 1))
        if len(numbered) > MAX_STEPS:
            numbered.sort(key=lambda item: (item[1].verdict is Verdict.PASSED, item[0]))
            numbered = sorted(numbered[:MAX_STEPS], key=lambda item: item[0])
        verdicts = {step.verdict for step in steps}
        tone, name = _TONES[next(verdict for verdict in _ORDER if verdict in verdicts)]
        return RepeatView(
            title=f"Repeat {steps[0].repeat + 1}" if self._reported.run.repeats > 1 else "",
            tone=tone,
            verdict=name,
            steps=tuple(_step(number, step) for number, step in numbered),
            left_out=len(steps) - len(numbered),
        )


@dataclass(frozen=True)
class CaseGroup:
    """The cases of one verdict, of which `shown` are shown with their steps."""

    page: ConversationPage
    verdict: Verdict
    shown: int
    count: int

    @property
    def key(self) -> str:
        return _TONES[self.verdict][0]

    @property
    def title(self) -> str:
        return f"Cases {_TONES[self.verdict][1]}" if self.verdict is Verdict.ERROR else _TITLES[self.verdict]

    @property
    def cases(self) -> Iterator[CaseView]:
        return self.page.cases(self.verdict)


_TITLES: Final = {
    Verdict.PASSED: "Passed cases",
    Verdict.FAILED: "Failed cases",
    Verdict.NOT_EXECUTED: "Cases not executed",
}


def _step(number: int, result: StepResult) -> StepView:
    tone, verdict = _TONES[result.verdict]
    notes = [cut(warning, 600) for warning in result.warnings]
    if result.tolerated:
        notes.insert(0, "it did not hold, but its case met its threshold")
    return StepView(
        number=number,
        tone=tone,
        verdict=verdict,
        input=said(result),
        is_trigger=not result.step.input and bool(result.step.trigger),
        sides=sides_of(result),
        reasons=tuple(cut(reason, 1_200) for reason in result.reasons[:30]),
        notes=tuple(notes[:20]),
        evidence=cut("\n".join(evidence_lines(result)), MAX_EVIDENCE),
        seconds=result.duration_ms / 1000,
    )
