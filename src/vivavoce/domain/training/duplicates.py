"""The same utterance twice: under one intent, under several, under an FAQ and an intent."""

from collections.abc import Iterable, Iterator

from vivavoce.domain.batch.names import fold
from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.domain.training.phrases import phrase
from vivavoce.domain.training.values import Finding, Likeness, Training, finding, label, place


def by_phrase(cases: Iterable[BatchCase]) -> dict[str, list[BatchCase]]:
    """Utterances that are the same to a bot, together; those that teach traits alone are left out."""
    found: dict[str, list[BatchCase]] = {}
    for case in cases:
        if label(case):
            found.setdefault(phrase(case.utterance), []).append(case)
    return found


def duplicates(training: Training, phrases: dict[str, list[BatchCase]]) -> Iterator[Finding]:
    """One finding for each utterance that is there more than once."""
    for same in phrases.values():
        if len(same) > 1:
            yield _finding(training, same)


def _finding(training: Training, same: list[BatchCase]) -> Finding:
    places = [place(training, case) for case in same]
    names = {fold(label(case)): label(case) for case in same}
    said = same[0].utterance
    if len(names) == 1:
        way_out = "one is enough: it says nothing new"
        return finding(
            "duplicate", f"{said!r} stands {len(same)} times under {label(same[0])}; {way_out}", places
        )
    shown = listed(names.values())
    if any(name in training.faqs for name in names):
        way_out = "say in the FAQ's question what it is about, or drop it from one of them"
        return finding("faq_collision", f"{said!r} is trained as {shown}; {way_out}", places)
    way_out = "no bot can get both right: keep it where it belongs, or merge the intents"
    return finding("contradiction", f"{said!r} is trained as {shown}; {way_out}", places)


def near_duplicates(training: Training, alike: Iterable[Likeness]) -> Iterator[Finding]:
    """Pairs under different intents, most alike first; pairs that are the same are contradictions already."""
    for pair in sorted(alike, key=lambda pair: (-pair.score, pair.left, pair.right)):
        left, right = training.cases[pair.left], training.cases[pair.right]
        if phrase(left.utterance) == phrase(right.utterance):
            continue
        sentence = (
            f"{left.utterance!r} ({label(left)}) and {right.utterance!r} ({label(right)}) are nearly the "
            "same; say in both what tells them apart, or move one"
        )
        places = [place(training, left), place(training, right)]
        yield finding("near_duplicate", sentence, places, score=round(pair.score, 4))


def listed(names: Iterable[str], most: int = 5) -> str:
    """Names in a row: `a, b and c`, cut after some."""
    known = list(names)
    if len(known) > most:
        return f"{', '.join(known[:most])} and {len(known) - most} more"
    return " and ".join(filter(None, (", ".join(known[:-1]), known[-1])))
