"""What do I do next: all advice on one evaluation, ranked."""

from vivavoce.domain.advising.confusing import about_confusions
from vivavoce.domain.advising.expecting import about_entities, about_traits
from vivavoce.domain.advising.scores import about_calibration, about_threshold, better_threshold
from vivavoce.domain.advising.support import about_support
from vivavoce.domain.advising.values import Advice
from vivavoce.domain.evaluation.values import Evaluation


def advise(evaluation: Evaluation, limit: int | None = None) -> list[Advice]:
    """Advice by how many utterances it could put right, most first; then single cases; what is about no
    utterances in particular (scores, the suite itself) comes last."""
    better = better_threshold(evaluation)
    advice = [
        *about_threshold(evaluation, better),
        *about_confusions(evaluation, lower_threshold=better is not None and better.lower),
        *about_traits(evaluation),
        *about_entities(evaluation),
        *about_calibration(evaluation),
        *about_support(evaluation),
    ]
    return sorted(advice, key=_urgency)[:limit]


def _urgency(advice: Advice) -> tuple[bool, int]:
    return advice.topic == "single cases" or not advice.cases, -advice.cases
