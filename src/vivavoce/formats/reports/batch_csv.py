"""The CSV report of a batch run: a summary, then a row a case (testing-api.md 4.5, 8.22)."""

from collections.abc import Iterable, Iterator, Sequence

from vivavoce.domain.batch.fulfillment import expected_names
from vivavoce.domain.batch.names import fold
from vivavoce.domain.batch.utterance import Candidate, CaseResult, EntityResult
from vivavoce.domain.run import Run, Tally
from vivavoce.formats.bot_keys import THRESHOLDS
from vivavoce.formats.reports.reported import ReportedRun
from vivavoce.formats.reports.sums import tally_of
from vivavoce.formats.reports.tables import Row, csv_text
from vivavoce.formats.reports.wording import ALTERNATIVES, expected_intent, matched_intent
from vivavoce.formats.times import wire_time

HEADER = (
    "Utterances",
    "Expected Intent",
    "Matched Intent",
    "Parent Intent",
    "Task State",
    "Result Type",
    "Entity Name",
    "Expected EntityValue",
    "Matched EntityValue",
    "Entity Result",
    "Expected Entity Order",
    "Actual Entity Order",
    "Matched Intent's Score",
    "Expected Intent's Score",
    "Elimination Info",
)
NO_ENTITY: Row = ("", "", "", "")


def batch_csv(reported: ReportedRun) -> Iterator[str]:
    """The report in chunks."""
    return csv_text(batch_rows(reported))


def batch_rows(reported: ReportedRun) -> Iterator[Row]:
    yield from _head_rows(reported.run, tally_of(reported))
    yield from _all_case_rows(reported.cases())


def head_lines(run: Run, tally: Tally) -> Iterator[str]:
    """What stands above the cases."""
    return csv_text(_head_rows(run, tally))


def case_lines(results: Iterable[CaseResult]) -> Iterator[str]:
    """The cases' own lines; those of parts of a run, one after the other, are those of the run."""
    return csv_text(_all_case_rows(results))


def _head_rows(run: Run, tally: Tally) -> Iterator[Row]:
    yield from _summary(run, tally)
    yield ()
    yield HEADER


def _all_case_rows(results: Iterable[CaseResult]) -> Iterator[Row]:
    for result in results:
        yield from _case_rows(result)


def _summary(run: Run, tally: Tally) -> Iterable[Row]:
    """Key and value; thresholds that are not known stay empty."""
    yield "Bot Name", run.bot.name
    yield "Report name", run.suite_name
    yield "Bot Language", run.language
    yield "Run Type", run.version
    yield "Threshold Setting", ""
    for name in THRESHOLDS:
        yield name, run.thresholds.get(name, "")
    yield "Last Tested", wire_time(run.ended_on or run.started_on or run.created_on)
    yield "Utterance Count", str(run.total)
    yield "Success/Failure Ratio", _success_ratio(run, tally)
    yield "TP", str(tally.tp)
    yield "TN", str(tally.tn)
    yield "FP", str(tally.fp)
    yield "FN", str(tally.fn)


def _success_ratio(run: Run, tally: Tally) -> str:
    """The platform's figure: right ones of all utterances, in percent."""
    return f"{100 * (tally.tp + tally.tn) / run.total:.2f}%" if run.total else ""


def _case_rows(result: CaseResult) -> Iterator[Row]:
    """The case with its first entity, then a row for each further one."""
    case, found = result.case, result.classification
    first, *others = _entity_cells(result) or [NO_ENTITY]
    yield (
        case.utterance,
        expected_intent(case),
        matched_intent(result),
        "||".join(case.parent_intents) or (found.parent_intent if found else ""),
        found.task_state if found else "",
        result.outcome or "Error",
        *first,
        ">".join(case.entity_order),
        ">".join(result.actual_order),
        _matched_scores(found.winning) if found else "",
        _expected_score(result),
        found.elimination if found else result.error,
    )
    for cells in others:
        yield "", "", "", "", "", "", *cells, "", "", "", "", ""


def _entity_cells(result: CaseResult) -> list[Row]:
    if result.outcome is None:
        return [(entity.name, ALTERNATIVES.join(entity.values), "", "") for entity in result.case.entities]
    return [_entity_row(entity) for entity in result.entities]


def _entity_row(entity: EntityResult) -> Row:
    return entity.name, ALTERNATIVES.join(entity.expected), entity.actual, str(entity.matched)


def _matched_scores(winning: Sequence[Candidate]) -> str:
    """The scores of the matched intents, in their order; empty where the bot tells none."""
    if len(winning) == 1:
        return _score(winning[0])
    scores = [_score(winner) for winner in winning]
    return ALTERNATIVES.join(scores) if any(scores) else ""


def _expected_score(result: CaseResult) -> str:
    """The best score among the expected intents, where the bot tells it; "no intent" is none of them."""
    found = result.classification
    if found is None:
        return ""
    expected = {fold(name) for name in expected_names(result.case)}
    best: float | None = None
    for one in found.winning + found.candidates:
        score = one.score
        if score is not None and (best is None or score > best) and fold(one.name) in expected:
            best = score
    return "" if best is None else f"{best:.6g}"


def _score(candidate: Candidate) -> str:
    return "" if candidate.score is None else f"{candidate.score:.6g}"
