"""Checks a training set, with the suites that are meant to test it."""

from collections.abc import Iterable, Mapping
from itertools import islice

from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.domain.training.checking import Checking
from vivavoce.domain.training.intents import MIN_UTTERANCES
from vivavoce.domain.training.values import Checked, Training, label, stratum
from vivavoce.engine.ports.learning import Similarity

LIKE = 0.9
"""From this likeness on two utterances are nearly the same. In the 10,003 training utterances of Banking77 it
finds some fifty pairs across intents, nearly all of which a person, too, would have to look at."""

CHUNK = 5_000  # utterances of a suite at a time


def check_training(
    training: Training,
    similarity: Similarity,
    suites: Mapping[str, Iterable[BatchCase]],
    *,
    like: float = LIKE,
    min_utterances: int = MIN_UTTERANCES,
) -> Checked:
    """All findings. `suites`: cases by file, read once and streamed. `like` of 1: nothing but equal words
    counts, and nothing is compared."""
    checking = Checking(training, min_utterances=min_utterances)
    # Traits are independent of intents: what teaches them alone competes with no intent.
    chosen = [index for index, case in enumerate(training.cases) if label(case)]
    texts = [training.cases[index].utterance for index in chosen]
    labels = [stratum(training.cases[index]) for index in chosen]
    alike = [
        pair._replace(left=chosen[pair.left], right=chosen[pair.right])
        for pair in (similarity.elsewhere(texts, labels, like) if like < 1 else ())
    ]
    known = [case.utterance for case in training.cases]
    leaks = []
    for file, cases in suites.items():
        found = checking.suite(file)
        rest = iter(cases)
        while part := list(islice(rest, CHUNK)):
            fresh = found.add(part)
            if like < 1:
                found.near(fresh, similarity.nearest([case.utterance for case in fresh], known, like))
        leaks.append(found)
    return checking.checked(alike, leaks)
