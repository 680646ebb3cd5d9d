"""What training utterances teach a classifier, sorted by what they teach."""

from collections.abc import Iterable

import msgspec

from vivavoce.domain.batch.names import fold
from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.domain.training.values import OUT_OF_SCOPE, first_label


class Lessons(msgspec.Struct, frozen=True):
    """Utterances by the comparable name of their intent, and by their trait."""

    names: dict[str, str]  # of the intents, as first spelt
    utterances: dict[str, list[str]]
    traits: dict[str, list[str]]
    out_of_scope: list[str]


def lessons(cases: Iterable[BatchCase]) -> Lessons:
    """An utterance with several accepted intents teaches the first; one of no intent is out of scope."""
    found = Lessons({}, {}, {}, [])
    for case in cases:
        for trait in case.traits:
            found.traits.setdefault(trait, []).append(case.utterance)
        intent = first_label(case)
        if intent == OUT_OF_SCOPE:
            found.out_of_scope.append(case.utterance)
        elif intent:
            key = fold(intent)
            found.names.setdefault(key, intent)
            found.utterances.setdefault(key, []).append(case.utterance)
    return found
