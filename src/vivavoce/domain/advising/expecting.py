"""Advice from traits and entities that are not found as expected."""

from collections.abc import Iterable

from vivavoce.domain.advising.values import Advice
from vivavoce.domain.advising.wording import noticeable, share
from vivavoce.domain.evaluation.values import Evaluation


def about_traits(evaluation: Evaluation) -> Iterable[Advice]:
    """Traits that are missed too often."""
    for row in evaluation.traits:
        if noticeable(row.fn, row.support):
            yield Advice(
                topic="missed trait",
                tag="Needs Training",
                intents=(),
                text=(
                    f'The trait "{row.name}" is missed too often: {share(row.fn, row.support)} of the '
                    "utterances that expect it. Train it with more utterances of different intents; not the "
                    "suite's own, as they would no longer test anything."
                ),
                cases=row.fn,
            )


def about_entities(evaluation: Evaluation) -> Iterable[Advice]:
    """Entities that are not found, or found with another value, too often; one advice where the bot told
    none at all, of whatever entity."""
    silent = all(row.tp == row.fp == 0 for row in evaluation.entities)
    missed = sum(row.fn for row in evaluation.entities)
    if silent and noticeable(missed, missed):
        yield Advice(
            topic="missed entity",
            tag="",
            intents=(),
            text=(
                f"The bot told none of the {missed} expected entity values. If it tells entities, say in its "
                "bot file where they stand (`nlu.entities`); if it only classifies, leave them out "
                "(`viva convert IN OUT --no-entities`)."
            ),
            cases=missed,
        )
        return
    for row in evaluation.entities:
        if noticeable(row.fn, row.support):
            yield Advice(
                topic="missed entity",
                tag="",
                intents=(),
                text=(
                    f'The entity "{row.name}" is not found as expected: {share(row.fn, row.support)} of the '
                    f"expected values, {row.fn - row.fp} not found and {row.fp} found with another value. "
                    "Look at its values, synonyms and patterns, and at how the suite spells what it expects."
                ),
                cases=row.fn,
            )
