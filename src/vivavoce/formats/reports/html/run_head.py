"""What the page says of any run: what was tested, when, and how it ended."""

from dataclasses import dataclass

from vivavoce.domain.evaluation.values import Rate
from vivavoce.domain.run import Counts, Run, RunStatus
from vivavoce.formats.reports.html import figures
from vivavoce.formats.reports.reported import ReportedRun
from vivavoce.formats.reports.sums import counts_of

_STATUS = {
    RunStatus.PASSED: "passed",
    RunStatus.FAILED: "failed",
    RunStatus.ERROR: "error",
    RunStatus.UNUSABLE: "error",
    RunStatus.BROKEN: "error",
    RunStatus.CANCELLED: "skipped",
    RunStatus.RUNNING: "skipped",
}
_VERSIONS = {"inDevelopment": "in development"}


@dataclass(frozen=True)
class Outcome:
    """One of the four outcomes, as the page colours and counts it."""

    key: str  # passed | failed | error | skipped
    name: str
    count: int
    share: float | None  # of all


@dataclass(frozen=True)
class Section:
    """A line of the table of contents."""

    anchor: str
    title: str


@dataclass(frozen=True)
class RunHead:
    """The head of a run's section. `anchor` is the start of every id in it."""

    anchor: str
    title: str
    bot: str
    kind: str  # of the suite
    status: str
    tone: str  # an outcome's key
    details: str  # why it could not be carried out
    facts: tuple[tuple[str, str], ...]
    counts: Counts
    outcomes: tuple[Outcome, ...]
    unit: str  # of what is counted
    pass_rate: Rate
    took: str
    seconds: float  # that it took, 0 where unknown


def run_head(reported: ReportedRun, number: int) -> RunHead:
    """Of the page's `number`th run, from 1."""
    run, counts = reported.run, counts_of(reported)
    took = (run.ended_on - run.started_on).total_seconds() if run.started_on and run.ended_on else None
    return RunHead(
        anchor=f"r{number}",
        title=run.suite_name,
        bot=run.bot.name,
        kind="Batch suite" if reported.is_batch else "Conversation suite",
        status=f"running, {run.percentage} %" if run.status is RunStatus.RUNNING else run.status.value,
        tone=_STATUS[run.status],
        details=run.error_details,
        facts=tuple(_facts(run, took)),
        counts=counts,
        outcomes=_outcomes(counts),
        unit="utterances" if reported.is_batch else "steps",
        pass_rate=Rate(counts.passed, counts.judged),
        took="" if took is None else figures.duration(took),
        seconds=took or 0.0,
    )


def _facts(run: Run, took: float | None) -> list[tuple[str, str]]:
    begun = run.started_on or run.created_on
    found = [
        ("Bot", run.bot.name),
        ("Version", _VERSIONS.get(run.version, run.version)),
        ("Language", run.language),
        ("Engine", run.engine),
        ("Begun", figures.moment(begun)),
        ("Took", "" if took is None else figures.duration(took)),
        ("Suite revision", str(run.revision)),
        ("Chosen", _chosen(run)),
        ("Repeats", f"{run.repeats} of each case" if run.repeats > 1 else ""),
        ("Judged again", f"kept replies of {run.judged_from}" if run.judged_from else ""),
        ("Run", run.id),
    ]
    found += [(f"Setting {name}", value) for name, value in run.thresholds.items()]
    found.append(("Notes", run.notes))
    return [(name, value) for name, value in found if value]


def _chosen(run: Run) -> str:
    """Which cases were to be played, where not all were."""
    chosen = run.selection
    parts = [f"named {', '.join(chosen.cases)}"] if chosen.cases else []
    if chosen.tags:
        parts.append(f"tagged {', '.join(chosen.tags)}")
    if chosen.last_failed:
        parts.append("what did not pass when it was last played")
    if chosen.shard:
        parts.append(f"part {chosen.shard.index} of {chosen.shard.of}")
    if run.fail_fast:
        parts.append("up to the first that did not pass")
    return "; ".join(parts)


def _outcomes(counts: Counts) -> tuple[Outcome, ...]:
    each = (
        ("passed", "passed", counts.passed),
        ("failed", "failed", counts.failed),
        ("error", "in error", counts.error),
        ("skipped", "not executed", counts.not_executed),
    )
    total = counts.total
    return tuple(Outcome(key, name, number, number / total if total else None) for key, name, number in each)
