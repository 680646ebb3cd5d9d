"""What is said of a comparison, in words and cells that are the same in the terminal and in Markdown."""

from collections.abc import Callable, Iterator, Sequence

from vivavoce.domain import metrics
from vivavoce.domain.comparing.values import ComparedCase, Comparison, Drift, IntentChange
from vivavoce.domain.numbers import counted, figure, share
from vivavoce.domain.run import Run, Tally
from vivavoce.domain.verdict import Verdict
from vivavoce.formats.comparisons import JudgedComparison
from vivavoce.formats.reports.wording import ALTERNATIVES, NO_INTENT

Cells = tuple[str, ...]


def which_runs(comparison: Comparison) -> str:
    """`run ctr-1 of 2026-01-02 10:00 UTC against ctr-2 of ...`."""
    return f"{_run(comparison.after)}, compared with {_run(comparison.before)}"


def remarks(judged: JudgedComparison) -> Iterator[str]:
    """What stands behind the verdict, a line each: effect, what could have been shown, what is left out."""
    found = judged.comparison
    if found.pairs and found.change is not None and (ends := found.change_interval):
        yield (
            f"pass rate {share(found.pass_rate_before)}, now {share(found.pass_rate_after)}: "
            f"{points(found.change)} (95 % interval {points(ends.low, unit=False)} to {points(ends.high)}) "
            f"over {counted(found.pairs, 'case')} judged in both"
        )
        changed = found.newly_failing.count + found.newly_passing.count
        least = found.least_change(judged.level)
        if least is None:
            yield f"so few cases cannot show any difference beyond chance at {judged.level:g}"
        else:
            yield (
                f"with {counted(changed, 'case')} changed, a net change of {round(least * found.pairs):,} "
                f"({points(least, sign=False)}) or more can be told from chance at {judged.level:g}"
            )
    if found.before.revision != found.after.revision and not found.is_batch:
        yield (
            f"the suite changed between the runs (revision {found.before.revision}, now "
            f"{found.after.revision}): a case may expect something else"
        )
    if count := found.changed.count:
        yield (
            f"left out: {counted(count, 'case')} with another expectation or other words than before "
            "(the bot is not the only cause of a difference)"
        )
    if count := found.unjudged.count:
        may = f"; {found.hidden:,} of them may newly fail" if found.hidden else ""
        yield f"left out: {counted(count, 'case')} in error or not executed in one of the runs{may}"
    if count := found.appeared.count:
        yield f"only in the later run: {counted(count, 'case')}"
    if count := found.disappeared.count:
        yield f"only in the earlier run: {counted(count, 'case')}"


FIGURE_TITLES: Cells = ("", "before", "now", "change")


def figure_rows(found: Comparison) -> Iterator[Cells]:
    """Precision, recall, F1 and accuracy of a batch suite."""
    if found.tally_before is None or found.tally_after is None:
        return
    ratios: tuple[tuple[str, Callable[[Tally], float | None]], ...] = (
        ("precision", metrics.precision),
        ("recall", metrics.recall),
        ("F1", metrics.f1),
        ("accuracy", metrics.accuracy),
    )
    for name, ratio in ratios:
        was, now = ratio(found.tally_before), ratio(found.tally_after)
        yield name, figure(was), figure(now), moved(was, now)


CASE_TITLES: Cells = ("case", "expected", "before", "now")


def case_cells(case: ComparedCase, *, is_batch: bool) -> Cells:
    """A case of a conversation suite has no intents: there the reasons stand for them."""
    if not is_batch:
        return (
            case.name or "conversation",
            _verdict(case.before),
            _verdict(case.after),
            "; ".join(case.reasons),
        )
    was, now = joined(case.matched_before), joined(case.matched_after)
    if case.reasons and was == now:  # an entity or a trait
        now = "; ".join(case.reasons)
    place = f"{case.name} (line {case.line})" if case.line else case.name
    return place, joined(case.expected), was, now


def case_titles(*, is_batch: bool) -> Cells:
    return CASE_TITLES if is_batch else ("case", "before", "now", "why")


def intent_titles() -> Cells:
    """`fail`, `pass`: newly, of the cases that expect the intent. `chance`: of that, all intents tested."""
    return "intent", "F1", "now", "precision", "recall", "fail", "pass", "chance", "what moved"


def intent_cells(change: IntentChange) -> Cells:
    """F1 before and now, how precision and recall changed, and what that is made of."""
    was, now = change.before, change.after
    return (
        intent_name(change.name),
        figure(was.f1),
        figure(now.f1),
        moved(was.precision, now.precision),
        moved(was.recall, now.recall),
        f"{change.newly_failing:,}",
        f"{change.newly_passing:,}",
        "too few" if change.adjusted is None else f"{change.adjusted:.2g}",
        ", ".join(_moved_to_or_from(change.name, one) for one in change.moved),
    )


def worse_and_better(intents: Sequence[IntentChange]) -> tuple[list[IntentChange], list[IntentChange]]:
    """Intents that lost and that gained, each by most first: by cases, where even by F1."""

    def gain(change: IntentChange) -> float:
        return change.newly_passing - change.newly_failing or change.f1_change or 0.0

    worse = [change for change in intents if gain(change) < 0]
    better = [change for change in reversed(intents) if gain(change) > 0]
    return worse, better


DRIFT_TITLES: Cells = ("expected", "matched", "before", "now", "")


def drift_cells(drift: Drift) -> Cells:
    return (
        intent_name(drift.expected),
        intent_name(drift.matched),
        f"{drift.before:,}",
        f"{drift.after:,}",
        drift.kind,
    )


def most_moved(drift: Sequence[Drift]) -> list[Drift]:
    return sorted(drift, key=lambda one: -abs(one.after - one.before))


def _moved_to_or_from(name: str, drift: Drift) -> str:
    """`+3 to None`: so many more cases of the intent are taken for another; `-2 from None`: so many fewer of
    another for it."""
    other = (
        f"to {intent_name(drift.matched)}"
        if drift.expected == name
        else f"from {intent_name(drift.expected)}"
    )
    return f"{drift.after - drift.before:+,} {other}"


def intent_name(name: str) -> str:
    return name or NO_INTENT


def joined(names: Sequence[str]) -> str:
    return ALTERNATIVES.join(names) or NO_INTENT


def points(value: float, *, sign: bool = True, unit: bool = True) -> str:
    """A difference of two shares, in percentage points."""
    shown = f"{value * 100:+.2f}" if sign else f"{value * 100:.2f}"
    return f"{shown} points" if unit else shown


def moved(was: float | None, now: float | None) -> str:
    """By how much; where one of them is undefined, which."""
    if was is None or now is None:
        return "" if was is now else f"{figure(was)}, now {figure(now)}"
    return f"{now - was:+.3f}"


def _verdict(verdict: Verdict | None) -> str:
    return verdict.value if verdict else "not there"


def _run(run: Run) -> str:
    return f"{run.id} ({run.bot.name}, {run.version}, {run.created_on:%Y-%m-%d %H:%M})"
