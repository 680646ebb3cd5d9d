"""Comparisons as JSON, for tools."""

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from vivavoce.domain.comparing import values
from vivavoce.domain.run import Run
from vivavoce.formats.comparisons import JudgedComparison, shapes
from vivavoce.formats.reports.shapes.base import Figures
from vivavoce.formats.times import wire_time


def json_comparison(judged: Sequence[JudgedComparison]) -> Iterator[str]:
    """One document, whatever the number of suites; it is as large as the intents that changed."""
    document = shapes.Document(
        format="vivavoce-comparison", version=1, comparisons=tuple(_comparison(one) for one in judged)
    )
    yield msgspec.json.format(msgspec.json.encode(document), indent=1).decode() + "\n"


def _comparison(judged: JudgedComparison) -> shapes.Comparison:
    found, judgement, borne = judged.comparison, judged.judgement, judged.borne
    kind: Literal["batch", "conversation"] = "batch" if found.is_batch else "conversation"
    return shapes.Comparison(
        suite=found.after.suite_name,
        kind=kind,
        verdict=shapes.Verdicts(
            standing=judgement.standing.value,
            trend=judgement.trend,
            sentence=judgement.sentence,
            rule=shapes.Rule(
                max_regressions=borne.max_regressions,
                significance=borne.significance,
                max_errors=borne.max_errors,
            ),
        ),
        before=_run(found.before, found.cases_before),
        after=_run(found.after, found.cases_after),
        compared=found.pairs,
        newly_failing=_cases(found.newly_failing),
        newly_passing=_cases(found.newly_passing),
        still_failing=_cases(found.still_failing),
        still_passing=found.still_passing,
        changed=_cases(found.changed),
        unjudged=_cases(found.unjudged),
        hidden=found.hidden,
        appeared=_cases(found.appeared),
        disappeared=_cases(found.disappeared),
        effect=shapes.Effect(
            p_value=found.p_value,
            pass_rate_before=found.pass_rate_before,
            pass_rate_after=found.pass_rate_after,
            change=found.change,
            change_interval=found.change_interval,
            least_change=found.least_change(judged.level),
        ),
        figures_before=Figures.of(found.tally_before) if found.tally_before else None,
        figures_after=Figures.of(found.tally_after) if found.tally_after else None,
        intents=tuple(map(_intent, found.intents)),
        drift=tuple(map(_drift, found.drift)),
    )


def _run(run: Run, cases: int) -> shapes.Run:
    return shapes.Run(
        id=run.id,
        suite=run.suite_name,
        revision=run.revision,
        bot=shapes.Bot(id=run.bot.id, name=run.bot.name),
        bot_version=run.version,
        language=run.language,
        status=run.status,
        created_on=wire_time(run.created_on),
        cases=cases,
    )


def _cases(cases: values.Cases) -> shapes.Cases:
    return shapes.Cases(count=cases.count, shown=tuple(map(_case, cases.examples)))


def _case(case: values.ComparedCase) -> shapes.Case:
    return shapes.Case(
        name=case.name,
        case_id=case.id,
        line=case.line,
        before=case.before,
        after=case.after,
        expected=case.expected,
        expected_before=() if case.expected_before == case.expected else case.expected_before,
        matched_before=case.matched_before,
        matched_after=case.matched_after,
        reasons=case.reasons,
    )


def _intent(change: values.IntentChange) -> shapes.Intent:
    return shapes.Intent(
        intent=change.name or None,
        before=shapes.Label.of(change.before, support=change.before.support),
        after=shapes.Label.of(change.after, support=change.after.support),
        newly_failing=change.newly_failing,
        newly_passing=change.newly_passing,
        p_value=change.p_value,
        adjusted_p_value=change.adjusted,
        moved=tuple(map(_drift, change.moved)),
    )


def _drift(drift: values.Drift) -> shapes.Drift:
    return shapes.Drift(
        expected=drift.expected or None,
        matched=drift.matched or None,
        before=drift.before,
        after=drift.after,
        kind=drift.kind,
    )
