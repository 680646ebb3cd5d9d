"""What do I do next: all advice on one evaluation, ranked."""

from vivavoce.domain.advising.confusing import about_confusions
from vivavoce.domain.advising.scores import about_calibration, about_threshold, better_threshold
from vivavoce.domain.advising.support import about_support
from vivavoce.domain.advising.values import Advice
from vivavoce.domain.evaluation.values import Evaluation


def advise(evaluation: Evaluation, limit: int | None = None) -> list[Advice]:
    """Advice by how many utterances it could put right, most first; what is about none in particular (scores,
    the suite itself) comes last."""
    better = better_threshold(evaluation)
    advice = [
        *about_threshold(evaluation, better),
        *about_confusions(evaluation, lower_threshold=better is not None and better.lower),
        *about_calibration(evaluation),
        *about_support(evaluation),
    ]
    return sorted(advice, key=lambda each: -each.cases)[:limit]
