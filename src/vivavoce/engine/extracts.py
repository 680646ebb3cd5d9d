"""What the end of a batch run needs of its results, taken while they are at hand: they are not read again."""

from collections.abc import Sequence

from vivavoce.domain.batch.utterance import CaseResult
from vivavoce.domain.evaluation.evaluating import Evaluator
from vivavoce.engine.chunks import judged_chunk
from vivavoce.engine.ports.units import Extract, JudgedUnit
from vivavoce.formats.reports.batch_csv import case_lines


def extract_of(results: Sequence[CaseResult]) -> Extract:
    """In order of index."""
    evaluator = Evaluator()
    for result in results:
        evaluator.add(result)
    lines = "".join(case_lines(results))
    return Extract(lines.encode("utf-8", "replace"), evaluator)


def judged_unit(results: Sequence[CaseResult]) -> JudgedUnit:
    """The results of one chunk, at least one, in order of index."""
    return JudgedUnit(judged_chunk(results), extract_of(results))
