"""Deals utterances out into the folds of a cross-validation; the same for the same utterances and seed."""

import hashlib
from collections.abc import Sequence

import msgspec

from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.domain.errors import InputError
from vivavoce.domain.training.phrases import phrase
from vivavoce.domain.training.values import label, stratum


class Folds(msgspec.Struct, frozen=True):
    """Who is tested when. Indices of cases; each is in exactly one part, or in `always`."""

    parts: tuple[tuple[int, ...], ...]  # none is empty: large groups may leave fewer than were asked for
    always: tuple[int, ...] = ()  # alone in their intent: learned in each fold, never tested
    few: tuple[str, ...] = ()  # intents with fewer utterances than folds, the ones alone too

    def learned(self, part: int) -> list[int]:
        """What is learned while a part is tested."""
        others = [index for at, own in enumerate(self.parts) if at != part for index in own]
        return sorted([*others, *self.always])


def deal(
    cases: Sequence[BatchCase], count: int, *, groups: Sequence[int] | None = None, seed: int = 0
) -> Folds:
    """Stratified folds: each intent's utterances are spread over them as evenly as its groups allow.

    `groups`: a number for each case; cases of one intent with the same number stay in one fold, unless all of
    the intent would be in one: then nothing could be learned of it, and its groups are taken apart.
    Raises InputError where there is too little to deal out.
    """
    strata: dict[str, list[int]] = {}
    for index, case in enumerate(cases):
        strata.setdefault(stratum(case), []).append(index)
    always = sorted(index for own in strata.values() if len(own) == 1 for index in own)
    testable = len(cases) - len(always)
    if count < 2:
        raise InputError(f"cross-validation needs 2 folds or more, not {count}")
    if testable < count:
        raise InputError(
            f"{count} folds need at least {count} utterances whose intent has another one; "
            f"there are {testable}: add utterances, or ask for fewer folds"
        )
    parts: list[list[int]] = [[] for _ in range(count)]
    for own in strata.values():
        if len(own) > 1:
            _deal_out(_shuffled(_bundles(own, groups), cases, seed), parts)
    few = [label(cases[own[0]]) for own in strata.values() if len(own) < count]
    dealt = tuple(tuple(sorted(part)) for part in parts if part)
    return Folds(dealt, tuple(always), tuple(filter(None, few)))


def _bundles(own: list[int], groups: Sequence[int] | None) -> list[list[int]]:
    """The cases of a stratum as they must stay together."""
    found: dict[int, list[int]] = {}
    for index in own:
        found.setdefault(index if groups is None else groups[index], []).append(index)
    return list(found.values()) if len(found) > 1 else [[index] for index in own]


def _shuffled(bundles: list[list[int]], cases: Sequence[BatchCase], seed: int) -> list[list[int]]:
    """The largest first; among equals an order that has nothing to do with the file's."""

    def order(bundle: list[int]) -> tuple[int, bytes]:
        text = f"{seed}\n{phrase(cases[bundle[0]].utterance)}\n{bundle[0]}"
        return -len(bundle), hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()

    return sorted(bundles, key=order)


def _deal_out(bundles: list[list[int]], parts: list[list[int]]) -> None:
    """Each bundle goes to the fold that has fewest of the stratum, and of those to the smallest."""
    dealt = [0] * len(parts)
    for bundle in bundles:
        part = min(range(len(parts)), key=lambda at: (dealt[at], len(parts[at]), at))
        parts[part] += bundle
        dealt[part] += len(bundle)
