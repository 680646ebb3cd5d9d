"""Batch suites into other file formats, and what of them the other cannot carry."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, Literal, get_args

from vivavoce.domain.batch.names import is_none
from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.formats.batch_cells import bots_of, expected_of, intent_cell, order_of, parents_of
from vivavoce.formats.batch_csv import Draft
from vivavoce.formats.batch_csv_writing import batch_csv_file, first_row
from vivavoce.formats.batch_json import batch_document
from vivavoce.formats.training import training_file

BatchTarget = Literal["batch-csv", "batch-json", "training"]
BATCH_TARGETS: Final[tuple[BatchTarget, ...]] = get_args(BatchTarget)

_UNTAUGHT: Final[dict[str, Callable[[BatchCase], bool]]] = {
    "entities": lambda case: bool(case.entities or case.entity_order),
    "parent intents": lambda case: bool(case.parent_intents),
    "fulfillment types": lambda case: bool(case.fulfillment_type),
    "bot names": lambda case: bool(case.bot_names),
    "case ids": lambda case: bool(case.id),
}
"""What a training file does not say."""


def converted_batch(cases: Iterable[BatchCase], target: BatchTarget) -> Iterator[str]:
    """The file's text, in pieces. `cases` is gone through twice."""
    match target:
        case "batch-csv":
            return batch_csv_file(cases)
        case "batch-json":
            return (chunk.decode() for chunk in batch_document(cases))
        case "training":
            return training_file(cases)


def losses(cases: Iterable[BatchCase], target: BatchTarget) -> list[str]:
    """A sentence for each thing that is not in the file, or that is read of it in another way."""
    return _untaught(cases) if target == "training" else _unwritten(cases, target)


def _untaught(cases: Iterable[BatchCase]) -> list[str]:
    counts = dict.fromkeys(_UNTAUGHT, 0)
    several = repeated = 0
    seen: set[tuple[str, str]] = set()
    for case in cases:
        for what, says in _UNTAUGHT.items():
            counts[what] += says(case)
        named = [name for name in case.intents if not is_none(name)]
        several += len(case.intents) > 1
        pair = (named[0] if named else "", case.utterance)
        repeated += pair in seen
        seen.add(pair)
    found = [f"{what}: left out ({_utterances(count)})" for what, count in counts.items() if count]
    if several:
        found.append(f"several accepted intents: the first is taught ({_utterances(several)})")
    if repeated:
        found.append(f"repeated under the same intent: written once ({_utterances(repeated)})")
    return found


def _unwritten(cases: Iterable[BatchCase], target: BatchTarget) -> list[str]:
    differing = joined = 0
    above: Draft | None = None
    for case in cases:
        differing += not _comes_back(case, target)
        if target == "batch-csv":
            row = list(first_row(case))
            if above is not None and above.goes_on(row):
                joined += 1
            else:
                above = Draft(row, 0)
    found = []
    if differing:
        found.append(
            "names that hold `|`, `>` or `trait:`: their cells are read in another way "
            f"({_utterances(differing)})"
        )
    if joined:
        found.append(f"one case with the same utterance and intent just above ({_utterances(joined)})")
    return found


def _comes_back(case: BatchCase, target: BatchTarget) -> bool:
    """Whether the grammars of the cells say what the case says."""
    return (
        expected_of(intent_cell(case.intents, case.traits)) == (case.intents, case.traits)
        and (not case.parent_intents or parents_of("||".join(case.parent_intents)) == case.parent_intents)
        and (not case.bot_names or bots_of("|".join(case.bot_names)) == case.bot_names)
        and (
            not case.entity_order
            or target == "batch-json"
            or order_of(">".join(case.entity_order)) == case.entity_order
        )
    )


def _utterances(count: int) -> str:
    return f"{count:,} {'utterance' if count == 1 else 'utterances'}"
