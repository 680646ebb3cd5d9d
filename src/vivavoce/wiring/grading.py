"""Graders, as the settings say."""

from collections.abc import Iterable

from vivavoce.domain.assertions.similar import Similar
from vivavoce.domain.suite import TestCase
from vivavoce.engine.grading import asking_kinds, unanswerable
from vivavoce.engine.ports.graders import Graders
from vivavoce.grading.configured import embedder, judge
from vivavoce.grading.embeddings_local import MISSING, LocalEmbedder, installed
from vivavoce.grading.language import LibraryDetector
from vivavoce.settings import Settings


def graders(settings: Settings) -> Graders:
    """Whoever is configured to give an opinion."""
    judges = judge(settings.judge_url, settings.judge_model, settings.judge_key)
    embeds = embedder(settings.embedding_url, settings.embedding_model, settings.embedding_key)
    return Graders(judges, embeds, LibraryDetector())


def grading_warnings(settings: Settings, cases: Iterable[TestCase]) -> list[str]:
    """What the cases ask that nobody can answer with these settings: such steps would be in error."""
    configured, kinds = graders(settings), asking_kinds(cases)
    found = unanswerable(kinds, configured)
    if Similar in kinds and isinstance(configured.embedder, LocalEmbedder) and not installed():
        found.append(f"`similar`: {MISSING}")
    return found
