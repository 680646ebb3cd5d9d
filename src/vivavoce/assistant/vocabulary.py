"""The names that an edition of the assistant knows."""

from vivavoce.assistant.definition import Edition
from vivavoce.domain.batch.vocabulary import Vocabulary


def vocabulary_of(edition: Edition) -> Vocabulary:
    """All of them: nothing else can be recognised. A parent may be named by its id, too."""
    intents = tuple(intent.name for intent in edition.intents.values())
    return Vocabulary(
        intents=intents,
        parents=(*edition.intents, *intents),
        faqs=tuple(faq.question for faq in edition.faqs.values()),
        smalltalk=tuple(edition.smalltalk),
        traits=tuple(edition.traits),
        entities=tuple(edition.entities),
    )
