"""Intents as a whole: how many utterances they have, and what they are called."""

from collections.abc import Iterator
from statistics import median

from vivavoce.domain.batch.names import fold, is_none
from vivavoce.domain.training.duplicates import listed
from vivavoce.domain.training.phrases import phrase
from vivavoce.domain.training.values import OUT_OF_SCOPE, Finding, Place, Training, finding, label

MIN_UTTERANCES = 10  # fewer teach an intent's words, not its meaning
IMBALANCE = 5.0  # times the median intent: from there on an intent draws utterances of others


def sizes(training: Training) -> dict[str, int]:
    """Different utterances of each intent, by name as first written, most first. FAQs count as intents."""
    phrases: dict[str, set[str]] = {}
    names: dict[str, str] = {}
    for case in training.cases:
        if name := label(case):
            names.setdefault(fold(name), name)
            phrases.setdefault(fold(name), set()).add(phrase(case.utterance))
    counted = {names[key]: len(own) for key, own in phrases.items()}
    return dict(sorted(counted.items(), key=lambda item: -item[1]))


def size_findings(training: Training, counted: dict[str, int], least: int) -> Iterator[Finding]:
    """Intents with too few utterances, fewest first, and those with far more than the others.

    FAQs are not asked for `least` utterances: their question is their name, and two or three are usual.
    Out-of-scope utterances are no intent.
    """
    intents = {
        name: count
        for name, count in counted.items()
        if name != OUT_OF_SCOPE and fold(name) not in training.faqs
    }
    for name, count in sorted(intents.items(), key=lambda item: (item[1], item[0])):
        if count < least:
            utterances = f"{count} utterance{'' if count == 1 else 's'}"
            sentence = f"{name} has {utterances}, {least} are wanted; add some that users really said"
            yield finding("few_utterances", sentence, [Place(intent=name, file=training.source)])
    if len(intents) < 2:
        return
    middle = median(intents.values())
    for name, count in intents.items():
        if count > IMBALANCE * middle:
            sentence = (
                f"{name} has {count} utterances, {count / middle:.1f} times as many as the median intent "
                f"({middle:g}); it may win what belongs to small ones: add to those, or thin it out"
            )
            yield finding("imbalance", sentence, [Place(intent=name, file=training.source)])


def name_findings(training: Training) -> Iterator[Finding]:
    """Names that differ only by case or outer blanks, and FAQs that are called as an intent is."""
    spellings: dict[str, dict[str, None]] = {}
    for case in training.cases:
        for name in case.intents:
            if not is_none(name):
                spellings.setdefault(fold(name), {}).setdefault(name)
    for spelt in spellings.values():
        if len(spelt) > 1:
            shown = listed(repr(name) for name in spelt)
            sentence = f"{shown} are one name where results are judged; spell it in one way, or rename one"
            places = [Place(intent=name, file=training.source) for name in spelt]
            yield finding("same_name", sentence, places)
