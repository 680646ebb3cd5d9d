"""Judged chunks of utterances on their way into the store."""

from collections.abc import Sequence

from vivavoce.domain.batch.utterance import CaseResult
from vivavoce.domain.metrics import counts_of, tally_of
from vivavoce.engine.ports.units import JudgedChunk
from vivavoce.formats.payloads import pack_results


def judged_chunk(results: Sequence[CaseResult]) -> JudgedChunk:
    """The results of one chunk, at least one, in order of index."""
    return JudgedChunk(
        first=results[0].index,
        last=results[-1].index,
        counts=counts_of(results),
        tally=tally_of(results),
        packed=pack_results(results),
    )
