"""Single utterances that teach little, or the wrong thing."""

from collections.abc import Iterator

from vivavoce.domain.training.phrases import words
from vivavoce.domain.training.values import Finding, Training, finding, label, place

LONGEST = 40  # words


def utterance_findings(training: Training) -> Iterator[Finding]:
    """At most one finding an utterance; those of FAQs may be of one word."""
    for index, case in enumerate(training.cases):
        said, name = words(case.utterance), label(case) or "traits"
        where = [place(training, case)]
        if not said:
            sentence = f"{case.utterance!r} ({name}) has no word, so it teaches nothing; drop it"
            yield finding("no_words", sentence, where)
        elif index in training.values or not any(word.strip("0123456789_") for word in said):
            sentence = (
                f"{case.utterance!r} ({name}) is nothing but values, which any intent may hold; drop it"
            )
            yield finding("only_values", sentence, where)
        elif len(said) == 1:
            sentence = f"{case.utterance!r} ({name}) is one word: every utterance with it leans to {name}"
            yield finding("one_word", sentence, where)
        elif len(said) > LONGEST:
            sentence = (
                f"an utterance of {name} has {len(said)} words; what matters drowns in it: cut it to what "
                "means the intent"
            )
            yield finding("very_long", sentence, where)
